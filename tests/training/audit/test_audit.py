"""Labels that look wrong, contradictions and agreement of readers."""

from __future__ import annotations

import csv
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from classifier.errors import InputError
from tests.training.making import invented, table, write
from training.audit.contradictions import contradictions
from training.audit.readers import agreement, krippendorff, read_readers
from training.audit.run import AuditJob, audit_posts
from training.audit.suspects import suspects
from training.guide import LABELS
from training.posts import LabelledPosts
from training.schema import Schema

LONG = "a long text of many words that is said twice, once with other labels than the first time"


def test_labels_are_ranked_by_how_little_they_are_believed_in() -> None:
    posts = table(
        [
            {"recruitment": 1, "separatism": 0},
            {"recruitment": 0, "separatism": None},
            {"recruitment": 1, "separatism": 1},
        ]
    )
    found = suspects(posts, np.array([[0.9, 0.2], [0.7, 0.5], [0.1, 0.95]]))
    told = [(one.row, one.label, one.given, round(one.confidence, 2)) for one in found]
    assert told == [
        (2, "recruitment", 1, 0.1), (1, "recruitment", 0, 0.3), (0, "separatism", 0, 0.8), (0, "recruitment", 1, 0.9),
        (2, "separatism", 1, 0.95),
    ]  # fmt: skip


def test_of_exclusive_classes_only_the_given_one_is_judged() -> None:
    posts = table([{"a": 1, "b": 0}, {"a": 0, "b": 1}], "a", "b")
    exclusive = LabelledPosts(posts.frame, posts.labels, True, posts.sha256)
    found = suspects(exclusive, np.array([[0.8, 0.2], [0.6, 0.4]]))
    assert [(one.row, one.label, one.given) for one in found] == [(1, "b", 1), (0, "a", 1)]


@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [
        ({"recruitment": "1"}, {"recruitment": "0"}, ("recruitment",)),
        ({"recruitment": "1", "separatism": "1"}, {"recruitment": "0", "separatism": "0"}, LABELS),
        ({"recruitment": "1"}, {"recruitment": "1"}, None),
        ({"recruitment": "1"}, {"recruitment": ""}, None),
        ({"recruitment": "1", "id": "x"}, {"recruitment": "0", "twin": "x"}, None),
        ({"recruitment": "1", "group": "g"}, {"recruitment": "0", "group": "g"}, None),
        ({"recruitment": "1", "group": "g"}, {"recruitment": "0", "group": "h"}, ("recruitment",)),
    ],
)
def test_copies_contradict_each_other_unless_that_was_declared(
    first: dict[str, str], second: dict[str, str], labels: tuple[str, ...] | None
) -> None:
    found = contradictions(table([*invented(3), first | {"text": LONG}, second | {"text": LONG + "!"}]))
    assert [(one.row, one.other, one.labels) for one in found] == ([(4, 3, labels)] if labels else [])


def readings_file(directory: Path, seed: int = 0) -> Path:
    dice = np.random.default_rng(seed)
    rows = []
    for post in range(40):
        truth = dice.random() < 0.4
        for reader in ("ann", "bob", "eve"):
            if reader == "eve" and post % 3:
                continue
            said = truth if dice.random() < 0.8 else not truth
            rows.append({"id": f"p{post}", "reader": reader, "recruitment": int(said), "separatism": ""})
    return write(directory / "readings.csv", rows)


def test_kappa_of_every_two_readers_is_that_of_scikit_learn(tmp_path: Path) -> None:
    readings = read_readers(str(readings_file(tmp_path)), LABELS)
    found = agreement(readings)
    assert found["separatism"] == {"posts": 0, "alpha": None, "pairs": []}
    assert [pair["readers"] for pair in found["recruitment"]["pairs"]] == [
        ["ann", "bob"],
        ["ann", "eve"],
        ["bob", "eve"],
    ]
    for pair in found["recruitment"]["pairs"]:
        one, other = pair["readers"]
        both = [(said[one], said[other]) for said in readings["recruitment"].values() if {one, other} <= said.keys()]
        assert pair["posts"] == len(both)
        assert pair["kappa"] == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)), abs=1e-4)


def test_alpha_is_that_of_krippendorffs_own_example() -> None:
    """The nominal example C of "Computing Krippendorff's Alpha-Reliability": four observers, twelve units."""
    written = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3"
    units = [[float(said) for said in unit] for unit in written.split()]
    assert krippendorff(units) == pytest.approx(0.743, abs=5e-4)


def test_alpha_is_one_minus_the_share_of_disagreement_beyond_chance() -> None:
    dice = np.random.default_rng(1)
    units = [dice.integers(0, 2, 3).tolist() for _ in range(30)]
    values = [value for unit in units for value in unit]
    observed = np.mean([np.mean([a != b for a, b in combinations(unit, 2)]) for unit in units])
    expected = np.mean([a != b for a, b in combinations(values, 2)])
    assert krippendorff(units) == pytest.approx(1 - observed / expected)
    assert np.isnan(krippendorff([[1, 1], [1]]))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"recruitment": "2"}, "column 'recruitment': write 0, 1 or leave it blank"),
        ({"reader": ""}, "id or reader is missing"),
        ({"id": "p0", "reader": "ann"}, "'ann' has read 'p0' twice"),
    ],
)
def test_a_faulty_reading_is_refused_with_its_place(tmp_path: Path, row: dict[str, str], said: str) -> None:
    good = {"id": "p0", "reader": "ann", "recruitment": "1", "separatism": "0"}
    path = write(tmp_path / "r.csv", [good, good | {"id": "p1", "reader": "bob"} | row])
    with pytest.raises(InputError, match=f"r.csv, row 3: {said}"):
        read_readers(str(path), LABELS)
    with pytest.raises(InputError, match="missing column 'reader'; a reading is a row of its own"):
        read_readers(str(write(tmp_path / "n.csv", [{"id": "1", "recruitment": "1", "separatism": "0"}])), LABELS)


def test_labels_flipped_on_purpose_come_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = invented(300)
    flipped = [5, 6, 31, 60, 121]  # of kinds whose signal tells their label
    for number in flipped:
        rows[number] |= {"text": rows[number]["text"] + " join our squad enlist", "recruitment": "0"}
    posts, out, found = write(tmp_path / "a.csv", rows), tmp_path / "out.csv", tmp_path / "found.json"
    job = AuditJob((str(posts),), Schema(), str(out), str(found), str(readings_file(tmp_path)), most=60)
    audit_posts(job)
    with out.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == 60
    assert "text" not in listed[0]
    first = {row["id"] for row in listed if row["label"] == "recruitment" and row["given"] == "0"}
    assert len(first & {rows[number]["id"] for number in flipped}) >= 4
    confidence = [float(row["self_confidence"]) for row in listed]
    assert confidence == sorted(confidence)
    told = json.loads(found.read_text("utf-8"))
    assert told["labels"]["recruitment"]["judged"] == 300
    assert told["readers"]["recruitment"]["alpha"] is not None
    printed = capsys.readouterr().out
    assert "300 posts, each judged by a model that has not seen it or its group" in printed
    assert "recruitment: Krippendorff's alpha " in printed
    assert rows[5]["text"] not in printed


def test_posts_are_shown_only_when_asked_for_and_what_steers_a_terminal_as_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = invented(100)
    rows[1] |= {"text": "join our squad \u202e enlist", "recruitment": "0"}
    audit_posts(AuditJob((str(write(tmp_path / "a.csv", rows)),), show_text=True))
    printed = capsys.readouterr().out
    assert rows[0]["text"] in printed or rows[5]["text"] in printed or "squad" in printed
    assert "\u202e" not in printed
