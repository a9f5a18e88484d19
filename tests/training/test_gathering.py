"""Posts put together to learn from: other splits, the posts that ship, functional checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.errors import InputError
from tests.training.making import invented, table, write
from training.check import read_cases
from training.gathering import SHOWN, apart, few, with_base, without_checks
from training.guide import LABELS
from training.posts import read_posts
from training.schema import Schema
from training.shipped import checks_file, post_files

LEAKY = "a long text of many words that stands on both sides of the split, said once more"


def test_a_post_that_nearly_stands_in_another_split_is_refused_with_both_places() -> None:
    rows = [row | {"split": "train"} for row in invented(6)]
    rows[2] |= {"text": LEAKY}
    rows.append(rows[2] | {"id": "x", "text": LEAKY + "!", "split": "val"})
    posts = table(rows)
    with pytest.raises(InputError, match=r"1 posts of split train .*--drop-conflicts:\n  row 6 is nearly row 2"):
        apart(posts, drop=False)
    kept = apart(posts, drop=True)
    assert kept.frame["id"].tolist() == ["p000", "p001", "p003", "p004", "p005"]
    assert kept.dropped == {"nearly in another split": 1, "of another split": 1}


def test_copies_on_one_side_are_nobodys_business() -> None:
    rows = [row | {"text": LEAKY, "split": ""} for row in invented(3)]
    assert len(apart(table(rows), drop=False).frame) == 3


@pytest.fixture(scope="module")
def shipped() -> dict[str, object]:
    row = read_posts(post_files()[:1], Schema()).frame.iloc[0]
    return {"text": row["text"], **{label: row[label] for label in LABELS}}


def test_the_base_is_added_and_what_stands_in_both_counts_once(shipped: dict[str, object], tmp_path: Path) -> None:
    labels = {label: int(float(str(shipped[label]))) for label in LABELS}
    rows = [*invented(3), {"id": "mine", "text": shipped["text"], "lang": "en", **labels}]
    posts = read_posts([str(write(tmp_path / "mine.csv", rows))], Schema())
    both = with_base(posts, Schema(), drop=False)
    base = len(read_posts(post_files(), Schema()).frame)
    assert len(both.frame) == base + 3
    assert both.dropped["shipped posts that stand in your files"] == 1
    assert both.frame["id"].is_unique
    assert both.sha256 != posts.sha256


def test_other_labels_than_the_base_has_are_refused_or_dropped(shipped: dict[str, object], tmp_path: Path) -> None:
    labels = {label: 1 - int(float(str(shipped[label]))) for label in LABELS}
    rows = [*invented(3), {"id": "mine", "text": shipped["text"], "lang": "en", "means": "coercive", **labels}]
    rows = [row | {"means": row.get("means", "") if row["separatism"] in (1, "1") else ""} for row in rows]
    rows[1]["means"] = "coercive"
    posts = read_posts([str(write(tmp_path / "mine.csv", rows))], Schema())
    with pytest.raises(InputError, match="2 posts stand elsewhere with the same text and different labels"):
        with_base(posts, Schema(), drop=False)
    assert with_base(posts, Schema(), drop=True).dropped["same text with different labels"] == 2


def test_the_base_wants_the_labels_of_the_guide_and_ids_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--base adds posts with the labels of the labelling guide"):
        with_base(table([{"text": "a"}], "war"), Schema(("war",)), drop=False)
    taken = read_posts(post_files()[:1], Schema()).frame.iloc[0]["id"]
    posts = read_posts([str(write(tmp_path / "a.csv", [invented(1)[0] | {"id": taken}]))], Schema())
    with pytest.raises(InputError, match=f"ids that the shipped posts have too: {taken}; rename yours"):
        with_base(posts, Schema(), drop=False)


def test_posts_among_the_functional_checks_stay_out() -> None:
    case = next(case for case in read_cases(checks_file(), LABELS) if len(case.text) > 60)
    rows = [*invented(3), {"id": "copy", "text": case.text + " !"}]
    kept = without_checks(table(rows), LABELS)
    assert "copy" not in set(kept.frame["id"])
    assert kept.dropped["nearly among the functional checks"] == 1


def test_of_many_places_the_first_are_said() -> None:
    assert few(["a", "b"]) == ["a", "b"]
    assert few(["x"] * (SHOWN + 7))[SHOWN:] == ["and 7 more"]
