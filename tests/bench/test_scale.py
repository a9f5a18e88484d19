"""What docs/training.md says training costs stands there, and is drawn, as it was measured."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from tests.bench import scale
from training.groups import near_duplicates
from training.study.tables import brought_up_to_date


@pytest.fixture(scope="module")
def points() -> list[scale.Point]:
    found: list[scale.Point] = json.loads(scale.FIGURES.read_text("utf-8"))["points"]
    return found


def test_the_document_shows_what_was_measured(points: list[scale.Point]) -> None:
    document = (scale.DOCS / "training.md").read_text("utf-8")
    table = scale.scale_table(points)
    assert table in document
    assert brought_up_to_date(document, {"scale": table}) == document
    assert scale.FIGURES.with_suffix(".svg").read_bytes() == scale.picture(points)


def test_a_new_measurement_takes_the_place_of_the_old_one_of_its_size(points: list[scale.Point]) -> None:
    assert all(before["posts"] < after["posts"] for before, after in pairwise(points))
    new = {**points[0], "processor": 1.0}
    assert scale.merged(points, [new]) == [new, *points[1:]]
    between = {**new, "posts": 20_000}
    assert [one["posts"] for one in scale.merged(points, [between])][:2] == [points[0]["posts"], 20_000]


def test_made_up_posts_are_the_same_every_time_and_no_copies_of_each_other() -> None:
    words = scale.vocabularies()
    made = list(scale.rows(300, *words))
    assert made == list(scale.rows(300, *words))
    assert made != list(scale.rows(300, *words, seed=1))
    assert all(len(text) >= scale.LONG - 1 for _, text, _ in made)
    assert 30 < sum(label for _, _, label in made) < 90
    assert near_duplicates([text for _, text, _ in made]) == []
