"""Posts that belong together are found, in whatever order they come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from tests.training.conftest import reproducibly
from tests.training.making import Row, invented, rolling, table, words
from training.groups import Merger, group_posts, near_duplicates, same_value
from training.posts import LabelledPosts
from training.sketch import shingles

OFFER = "Contract service abroad, two million at once, any passport, write in private to the commander"


def partition(rows: list[Row]) -> set[frozenset[str]]:
    """Which ids stand together."""
    posts = table(rows)
    groups = group_posts(posts)
    return {frozenset(posts.frame["id"][groups == number]) for number in set(groups.tolist())}


def together(one: str, other: str) -> bool:
    return bool(near_duplicates([one, other]))


@pytest.mark.parametrize(
    "copy",
    [
        OFFER,
        OFFER + "!",
        OFFER.upper(),
        OFFER.replace("two", "three"),
        OFFER.replace("a", "\u0430").replace("o", "\u043e"),
        OFFER.replace("i", "i\u200b"),
        "🔥 " + OFFER,
    ],
    ids=["same", "sign", "capitals", "one word", "look-alikes", "zero width", "emoji"],
)
def test_a_copy_with_small_changes_is_a_near_duplicate(copy: str) -> None:
    assert together(OFFER, copy)


@pytest.mark.parametrize("other", ["Good morning to all of you", "Contract for a flat in the city centre", "!!!", "да"])
def test_another_post_is_none(other: str) -> None:
    assert not together(OFFER, other)


def jaccard(one: str, other: str) -> float:
    left, right = set(shingles(one)), set(shingles(other))
    return len(left & right) / len(left | right)


def test_near_duplicates_are_those_with_many_shingles_in_common() -> None:
    """From texts cut and pasted at random: nothing far is joined, nothing close is missed."""
    dice, texts = rolling(3), []
    for _ in range(40):
        text = words(dice, 30).split()
        texts += [" ".join(text), " ".join(text[dice.randint(0, 25) :] + words(dice, 12).split())]
        texts.append(" ".join([*text[:-1], words(dice, 1)]))
    found = {frozenset(pair) for pair in near_duplicates(texts)}
    pairs = [(a, b) for a in range(len(texts)) for b in range(a)]
    exact = {frozenset(pair): jaccard(texts[pair[0]], texts[pair[1]]) for pair in pairs}
    assert {pair for pair, share in exact.items() if share >= 0.8} <= found
    assert not {pair for pair, share in exact.items() if share <= 0.4} & found
    assert sum(share >= 0.8 for share in exact.values()) >= 30


def test_pairs_name_the_later_row_first() -> None:
    pairs = near_duplicates([OFFER, "Good morning", OFFER, OFFER])
    assert set(pairs) == {(2, 0), (3, 0), (3, 2)}


def test_a_declared_group_and_a_twin_join_posts() -> None:
    rows = [
        {"id": "a", "text": "alpha beta gamma", "group": "g"},
        {"id": "b", "text": "delta epsilon", "group": "g"},
        {"id": "c", "text": "zeta eta theta", "twin": "d"},
        {"id": "d", "text": "iota kappa"},
        {"id": "e", "text": "lambda mu"},
        {"id": "f", "text": "nu xi omicron"},
    ]
    assert partition(rows) == {frozenset("ab"), frozenset("cd"), frozenset("e"), frozenset("f")}


def test_belonging_together_is_handed_on() -> None:
    """a and b by group, b and c by twin, c and d by text: one group of four."""
    rows = [
        {"id": "a", "text": "alpha beta gamma", "group": "g"},
        {"id": "b", "text": "delta epsilon", "group": "g", "twin": "c"},
        {"id": "x", "text": "something else"},
        {"id": "c", "text": OFFER},
        {"id": "d", "text": OFFER + " now"},
    ]
    assert partition(rows) == {frozenset("abcd"), frozenset("x")}


def test_a_blank_group_joins_nobody() -> None:
    assert same_value(["", "g", "", "h", "g"]) == [(1, 1), (3, 3), (4, 1)]
    assert len(partition([{"id": row["id"], "text": row["text"], "group": ""} for row in invented(12)])) == 12


def test_groups_are_numbered_by_first_appearance() -> None:
    rows = [{"group": name, "text": words(rolling(place), 6)} for place, name in enumerate("bacab")]
    assert group_posts(table(rows)).tolist() == [0, 1, 2, 1, 0]


def test_no_posts_make_no_groups(few: LabelledPosts) -> None:
    assert group_posts(few.part([False] * len(few.frame), "none")).tolist() == []


def related(count: int) -> list[Row]:
    """Posts of which many are copies, twins or of one campaign."""
    rows = invented(count)
    for place in range(0, count, 4):
        rows[place]["group"] = f"campaign {place % 3}"
        rows[(place + 5) % count]["text"] = rows[place]["text"] + " again"
        rows[(place + 2) % count]["twin"] = rows[(place + 7) % count]["id"]
    return rows


@reproducibly
@given(st.permutations(related(24)))
def test_the_order_of_posts_makes_no_difference(rows: list[Row]) -> None:
    assert partition(rows) == partition(related(24))
    assert 3 <= len(partition(rows)) <= 18


@reproducibly
@given(st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_sets_are_the_connected_parts_of_a_graph(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    size, joins = drawn
    merger = Merger(size)
    for one, other in joins:
        merger.join(one, other)
    rows, columns = [one for one, _ in joins], [other for _, other in joins]
    _, parts = connected_components(csr_matrix((np.ones(len(joins)), (rows, columns)), (size, size)), directed=False)
    numbers = merger.numbers()
    assert ((numbers[:, None] == numbers) == (parts[:, None] == parts)).all()
    assert list(dict.fromkeys(numbers.tolist())) == list(range(numbers.max() + 1))


@reproducibly
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_can_be_compared(one: str, other: str) -> None:
    assert together(one, one)
    assert together(one, other) == together(other, one)


def test_posts_of_one_author_or_source_belong_together_where_asked() -> None:
    rows = [row | {"author": who, "source": where} for row, (who, where) in zip(
        invented(5), [("a", "x"), ("b", "y"), ("a", "z"), ("", "z"), ("", "")], strict=True
    )]  # fmt: skip
    posts = table(rows)
    assert group_posts(posts).tolist() == [0, 1, 2, 3, 4]
    assert group_posts(posts, ("author",)).tolist() == [0, 1, 0, 2, 3]
    assert group_posts(posts, ("author", "source")).tolist() == [0, 1, 0, 0, 2]
