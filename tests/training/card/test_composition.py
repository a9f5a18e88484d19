"""Posts counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.making import table
from training.card.composition import LENGTHS, MOST_ROWS, MOST_VALUES, composition_of
from training.groups import group_posts
from training.posts import LabelledPosts

ROWS = [
    {"id": "a", "text": "x" * 59, "recruitment": 1, "separatism": 0, "lang": "ru", "source": "vk", "twin": "b"},
    {"id": "b", "text": "y" * 60, "recruitment": 0, "separatism": 0, "lang": "ru", "source": "vk", "twin": "a"},
    {"id": "c", "text": "z" * 700, "recruitment": 1, "separatism": 1, "lang": "kk-Latn", "group": "g"},
    {"id": "d", "text": "q" * 200, "recruitment": None, "separatism": 0, "lang": "kk-Latn", "group": "g"},
    {"id": "e", "text": "Мы здесь и не одни", "recruitment": 0, "separatism": None, "reader": "ann", "author": "u7"},
    {"id": "f", "text": "Мы здесь и не одни!", "recruitment": 0, "separatism": 0, "reader": "bob", "author": "u7"},
]


def counted(posts: LabelledPosts) -> dict[str, object]:
    return composition_of(posts, group_posts(posts))


def rows_of(table: object) -> dict[str, tuple[int, list[int]]]:
    assert isinstance(table, list)
    return {row["name"]: (row["posts"], row["positives"]) for row in table}


def test_labels_and_blanks() -> None:
    found = counted(table(ROWS))
    assert found["labels"] == {
        "recruitment": {"positives": 2, "negatives": 3, "blank": 1},
        "separatism": {"positives": 1, "negatives": 4, "blank": 1},
    }
    assert (found["rows"], found["none"], found["several"], found["stated"], found["twins"]) == (6, 2, 1, 4, 2)


def test_languages_as_stated_or_detected_and_kinds_that_are_named() -> None:
    tables = counted(table(ROWS))["tables"]
    assert isinstance(tables, dict)
    assert set(tables) == {"language", "source"}
    assert rows_of(tables["language"]["rows"]) == {"ru": (4, [1, 0]), "kk-Latn": (2, [1, 1])}
    assert rows_of(tables["source"]["rows"]) == {"": (4, [1, 1]), "vk": (2, [1, 0])}


def test_lengths_fall_between_their_bounds() -> None:
    lengths = rows_of(counted(table(ROWS))["lengths"])
    assert lengths == {
        "0 to 59": (3, [1, 0]),
        "60 to 119": (1, [0, 0]),
        "120 to 199": (0, [0, 0]),
        "200 to 299": (1, [0, 0]),
        "300 to 599": (0, [0, 0]),
        "600 and more": (1, [1, 1]),
    }
    assert len(lengths) == len(LENGTHS)


def test_groups_declared_and_found() -> None:
    """Twins a and b, group g of c and d; e and f are copies that nobody declared."""
    assert counted(table(ROWS))["groups"] == {"groups": 3, "alone": 0, "together": 6, "largest": 2, "found": 1}


def test_posts_kept_together_by_a_column_are_declared() -> None:
    posts = table([row | {"author": "one"} for row in ROWS])
    found = composition_of(posts, group_posts(posts, ["author"]), ["author"])["groups"]
    assert found == {"groups": 1, "alone": 0, "together": 6, "largest": 6, "found": 0}


def test_people_are_counted_not_named() -> None:
    columns = counted(table(ROWS))["columns"]
    assert isinstance(columns, dict)
    assert columns["reader"] == {"posts": 2, "values": 2}
    assert columns["author"] == {"posts": 2, "values": 1}
    assert columns["weight"] == {"posts": 0, "values": 0}


@pytest.mark.parametrize("count", [MOST_ROWS, MOST_ROWS + 5, MOST_VALUES + 1])
def test_many_values_are_added_up_and_too_many_not_listed(count: int) -> None:
    rows = [{"text": f"text {n}", "recruitment": n % 2, "separatism": 0, "source": f"s{n:03}"} for n in range(count)]
    posts = table(rows)
    tables = composition_of(posts, np.arange(count))["tables"]
    listed = tables["source"]["rows"]
    assert tables["source"]["values"] == count
    if count > MOST_VALUES:
        assert listed == []
        return
    assert sum(row["posts"] for row in listed) == count
    assert [row["name"] for row in listed[MOST_ROWS:]] == (["5 others"] if count > MOST_ROWS else [])


def test_flagged_posts_alone_are_no_sample() -> None:
    assert counted(table(ROWS))["measurable"] is True
    assert counted(table([row | {"sampled_by": "flagged"} for row in ROWS]))["measurable"] is False
    chosen = [row | {"sampled_by": "random", "inclusion_probability": 0.1} for row in ROWS]
    assert counted(table(chosen))["measurable"] is True
