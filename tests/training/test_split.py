"""Folds keep groups whole, keep labels level, and leave every model something to learn from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from classifier.errors import InputError
from classifier.text import fold
from tests.training.conftest import reproducibly
from tests.training.making import Row, invented, table
from training.groups import group_posts
from training.posts import LabelledPosts
from training.split import FOLDS, check_enough, fold_numbers, labels_without_both_kinds, shuffled_folds

LABEL = st.sampled_from([0.0, 0.0, 1.0, None])


def spread(rows: list[Row], groups: list[int], *labels: str) -> tuple[LabelledPosts, npt.NDArray[np.int64]]:
    return table(rows, *labels), np.array(groups, np.int64)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[LabelledPosts, npt.NDArray[np.int64]]:
    """Posts with labels that may be blank, in groups of every size."""
    names = [f"l{number}" for number in range(draw(st.integers(1, 4)))]
    rows = draw(st.lists(st.fixed_dictionaries(dict.fromkeys(names, LABEL)), min_size=12, max_size=60))
    groups = draw(st.lists(st.integers(0, len(rows)), min_size=len(rows), max_size=len(rows)))
    return spread(rows, groups, *names)


@reproducibly
@given(labelled(), st.integers(0, 1000))
def test_what_passes_the_check_can_be_split(drawn: tuple[LabelledPosts, npt.NDArray[np.int64]], seed: int) -> None:
    posts, groups = drawn
    try:
        check_enough(posts, groups)
    except InputError:
        assume(False)
    folds = fold_numbers(posts, groups, seed)
    assert folds.shape == (len(posts.frame),)
    assert set(folds.tolist()) <= set(range(FOLDS))
    for group in set(groups.tolist()):
        assert len(set(folds[groups == group].tolist())) == 1, "a group stands on both sides"
    for name in posts.labels:
        for number in range(FOLDS):
            kinds = set(posts.frame[name][folds != number].dropna())
            assert kinds == {0.0, 1.0}, f"without fold {number} there is nothing to learn {name!r} from"
    assert (fold_numbers(posts, groups, seed) == folds).all()


def test_the_labels_shares_are_level_over_the_folds() -> None:
    posts = table(invented(200))
    folds = fold_numbers(posts, np.arange(200), 0)
    for number in range(FOLDS):
        part = posts.frame[folds == number]
        assert 36 <= len(part) <= 44
        assert 6 <= part["recruitment"].sum() <= 10
        assert 6 <= part["separatism"].sum() <= 10


def test_another_seed_gives_other_folds() -> None:
    posts = table(invented(60))
    first, second = (fold_numbers(posts, np.arange(60), seed) for seed in (0, 1))
    assert (first != second).any()


def test_no_text_and_no_copy_of_it_is_on_both_sides() -> None:
    rows = invented(60)
    copies = [row | {"id": f"copy of {row['id']}", "text": row["text"].upper() + "!"} for row in rows[::3]]
    twins = [row | {"id": f"twin of {row['id']}", "text": f"quite other {n}", "twin": row["id"]}
             for n, row in enumerate(rows[::7])]  # fmt: skip
    posts = table(rows + copies + twins)
    folds = fold_numbers(posts, group_posts(posts), 0)
    fold_of = dict(zip(posts.frame["id"], folds.tolist(), strict=True))
    for copy in copies + twins:
        assert fold_of[copy["id"]] == fold_of[copy["id"].split(" of ")[1]]
    folded = np.array([str(fold(text)) for text in posts.texts])
    for number in range(FOLDS):
        assert not set(folded[folds == number]) & set(folded[folds != number])


def test_classes_are_spread_too() -> None:
    names = ("a", "b", "c")
    rows = [{name: float(name == names[number % 3]) for name in names} for number in range(60)]
    loose = table(rows, *names)
    posts = LabelledPosts(loose.frame, names, True, loose.sha256)
    folds = fold_numbers(posts, np.arange(60), 0)
    for number in range(FOLDS):
        assert (posts.frame[list(names)][folds == number].sum() == 4).all()


def test_a_rare_combination_of_labels_is_no_obstacle() -> None:
    rows = [{"recruitment": float(n < 20), "separatism": float(n == 0 or n >= 40)} for n in range(60)]
    folds = fold_numbers(table(rows), np.arange(60), 0)
    assert sorted(set(folds.tolist())) == list(range(FOLDS))


def test_many_labels_in_ever_other_combinations_are_no_obstacle() -> None:
    names = [f"l{number}" for number in range(6)]
    rows = [{name: float(number >> place & 1) for place, name in enumerate(names)} for number in range(64)]
    posts, groups = spread(rows, list(range(64)), *names)
    check_enough(posts, groups)
    folds = fold_numbers(posts, groups, 0)
    assert np.bincount(folds).min() >= 8


@pytest.mark.parametrize(("value", "name"), [(1.0, "positive"), (0.0, "negative")])
def test_too_few_groups_are_refused_by_the_name_of_the_label(value: float, name: str) -> None:
    rows = [{"recruitment": float(n % 2), "separatism": value if n < 9 else 1 - value} for n in range(40)]
    posts, groups = spread(rows, [n // 3 if n < 9 else n for n in range(40)])
    with pytest.raises(InputError) as refused:
        check_enough(posts, groups)
    assert str(refused.value) == (
        f"label 'separatism': 9 {name} posts in 3 groups; at least 5 groups are needed: label more posts"
    )


def test_blank_labels_are_no_negatives() -> None:
    rows = [{"recruitment": float(n % 2), "separatism": 1.0 if n < 10 else None} for n in range(40)]
    with pytest.raises(InputError, match=r"'separatism': 0 negative posts in 0 groups"):
        check_enough(*spread(rows, list(range(40))))


def test_five_groups_of_each_kind_are_enough() -> None:
    rows = [{"recruitment": float(n < 5), "separatism": float(n >= 5)} for n in range(10)]
    posts, groups = spread(rows, list(range(10)))
    check_enough(posts, groups)
    with pytest.raises(InputError, match="'recruitment'"):
        check_enough(posts, np.array([0, 0, *range(2, 10)]))


def test_an_unlucky_shuffling_is_shuffled_again() -> None:
    """Five known negatives among blanks: one shuffling in some hundreds puts them all into one fold."""
    rows = [{"recruitment": float(n % 2), "separatism": float(n < 5) if n < 10 else None} for n in range(60)]
    posts, groups = spread(rows, list(range(60)))
    check_enough(posts, groups)
    assert labels_without_both_kinds(posts, shuffled_folds(posts, groups, 790, FOLDS)) == ["separatism"]
    assert labels_without_both_kinds(posts, fold_numbers(posts, groups, 790)) == []


def test_posts_that_no_shuffling_spreads_are_refused_by_the_name_of_the_label() -> None:
    rows = [{"recruitment": float(n % 2), "separatism": float(n == 0)} for n in range(40)]
    with pytest.raises(InputError, match="label 'separatism': its posts cannot be spread over 5 folds"):
        fold_numbers(*spread(rows, list(range(40))), 0)


def test_posts_that_all_belong_together_are_refused_with_what_joins_them() -> None:
    posts = table(invented(80))
    with pytest.raises(InputError, match=r"all 80 posts are one group, joined by near-copies, .* or --group-by; join"):
        check_enough(posts, np.zeros(80, np.int64))
