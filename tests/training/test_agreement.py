"""Kappa is scikit-learn's, a blank is a judgement, and readings of unknown posts are refused."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from classifier.errors import InputError
from tests.training.conftest import reproducibly
from tests.training.making import table
from training.agreement import BLANK, agreement, read_readings
from training.kappa import cohen_kappa

judgements = st.lists(st.tuples(st.sampled_from([0, 1, -1]), st.sampled_from([0, 1, -1])), min_size=2, max_size=50)


@reproducibly
@given(judgements)
def test_kappa_is_scikit_learns(drawn: list[tuple[int, int]]) -> None:
    first, second = (np.array(column, float) for column in zip(*drawn, strict=True))
    ours = cohen_kappa(first, second, np.ones(len(first)))
    if len(set(first)) == len(set(second)) == 1 and first[0] == second[0]:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(cohen_kappa_score(first.astype(int), second.astype(int)))


def test_weights_count_posts_several_times() -> None:
    first, second = np.array([1.0, 0, 1]), np.array([1.0, 0, 0])
    again = np.array([1.0, 0, 1, 1]), np.array([1.0, 0, 0, 0])
    assert cohen_kappa(first, second, np.array([1.0, 1, 2])) == cohen_kappa(*again, np.ones(4))


def readings_file(tmp_path: Path, content: str) -> str:
    path = tmp_path / "readings.csv"
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_a_blank_is_a_judgement_of_its_own(tmp_path: Path) -> None:
    posts = table([{"recruitment": 1}, {"recruitment": None}, {"recruitment": 0}, {"recruitment": 0}])
    name = readings_file(tmp_path, "id,recruitment,separatism\n0,1,\n1,,\n2,,\n")
    readings = read_readings(name, posts.labels)
    assert readings["1"]["recruitment"] == BLANK
    recruitment = agreement(posts, readings, seed=0)[0]
    assert (recruitment.label, recruitment.posts, recruitment.same) == ("recruitment", 3, 2)
    assert recruitment.kappa == pytest.approx(cohen_kappa_score([1, -1, 0], [1, -1, -1]))
    assert recruitment.low <= recruitment.kappa <= recruitment.high


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("0,2,0", "row 2: column 'recruitment': write 0, 1 or leave it blank"),
        (",1,0", "row 2: id is missing or stands twice"),
        ("0,1,0\n0,1,0", "row 3: id is missing or stands twice"),
        ("0,1", "row 2: the row has 2 cells, the header 3"),
    ],
)
def test_a_faulty_reading_is_named(row: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read_readings(readings_file(tmp_path, f"id,recruitment,separatism\n{row}\n"), ("recruitment", "separatism"))


def test_a_reading_of_an_unknown_post_is_refused(tmp_path: Path) -> None:
    readings = read_readings(
        readings_file(tmp_path, "id,recruitment,separatism\n9,1,0\n"), ("recruitment", "separatism")
    )
    with pytest.raises(InputError, match="no post has the id '9'"):
        agreement(table([{}]), readings, 0)
