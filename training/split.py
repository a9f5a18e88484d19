"""Folds that keep groups whole and the labels' shares level."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from classifier.errors import InputError
from training.posts import LabelledPosts

FOLDS: Final = 5
SHUFFLES: Final = 20  # tried before giving up
JOINED_BY: Final = "near-copies, the columns `group` and `twin`, or --group-by"


def check_enough(posts: LabelledPosts, groups: npt.NDArray[np.int64], folds: int = FOLDS) -> None:
    """Refuse labels that cannot be learnt and judged out of fold, and posts that all belong together.

    Raises
    ------
    InputError
        Naming the label with too few groups of positive or negative posts, or where one group holds all posts.
    """
    remedy = "label more posts"
    if len(set(groups)) == 1:
        remedy = f"all {len(groups)} posts are one group, joined by {JOINED_BY}; join less"
    for label in posts.labels:
        for value, name in ((1.0, "positive"), (0.0, "negative")):
            rows = (posts.frame[label] == value).to_numpy()
            count = len(set(groups[rows]))
            if count < folds:
                raise InputError(
                    f"label {label!r}: {int(rows.sum())} {name} posts in {count} groups; "
                    f"at least {folds} groups are needed: {remedy}"
                )


def fold_numbers(
    posts: LabelledPosts, groups: npt.NDArray[np.int64], seed: int, folds: int = FOLDS
) -> npt.NDArray[np.int64]:
    """Fold of each post.

    Parameters
    ----------
    posts : LabelledPosts
        The posts.
    groups : ndarray of int64, shape (posts,)
        Groups that stay whole.
    seed : int
        Of the shuffling.
    folds : int
        How many.

    Returns
    -------
    ndarray of int64, shape (posts,)
        From 0 to `folds` - 1.

    Raises
    ------
    InputError
        When no shuffling leaves every fold's model both kinds of every label to learn from.
    """
    for shuffle in range(seed, seed + SHUFFLES):
        numbers = shuffled_folds(posts, groups, shuffle, folds)
        poor = labels_without_both_kinds(posts, numbers)
        if not poor:
            return numbers
    raise InputError(f"label {poor[0]!r}: its posts cannot be spread over {folds} folds; label more posts")


def shuffled_folds(posts: LabelledPosts, groups: npt.NDArray[np.int64], seed: int, folds: int) -> npt.NDArray[np.int64]:
    """Folds of whole groups, each combination of labels spread evenly; a blank counts as 0 here only."""
    labels = posts.frame[list(posts.labels)].fillna(0.0).to_numpy()
    _, kinds, sizes = np.unique(labels, axis=0, return_inverse=True, return_counts=True)
    # a combination too rare to be in every fold is spread with the commonest one
    spread = np.where(sizes < folds, sizes.argmax(), np.arange(len(sizes)))[kinds]
    numbers = np.zeros(len(labels), np.int64)
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for number, (_, held_out) in enumerate(splitter.split(labels, spread, groups)):
        numbers[held_out] = number
    return numbers


def labels_without_both_kinds(posts: LabelledPosts, numbers: npt.NDArray[np.int64]) -> list[str]:
    """Labels of which some fold's model would see positives or negatives only."""
    return [
        label
        for label in posts.labels
        for number in set(numbers.tolist())
        if posts.frame[label][numbers != number].nunique() < 2
    ]
