"""Folds that keep groups whole and the labels' shares level."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from classifier.errors import InputError
from training.posts import LabelledPosts

FOLDS = 5


def check_enough(posts: LabelledPosts, groups: npt.NDArray[np.int64], folds: int = FOLDS) -> None:
    """Refuse labels that cannot be learnt and judged out of fold.

    Raises
    ------
    InputError
        Naming the label with too few groups of positive or negative posts.
    """
    for label in posts.labels:
        for value, name in ((1.0, "positive"), (0.0, "negative")):
            rows = (posts.frame[label] == value).to_numpy()
            count = len(set(groups[rows]))
            if count < folds:
                raise InputError(
                    f"label {label!r}: {int(rows.sum())} {name} posts in {count} groups; "
                    f"at least {folds} groups are needed: label more posts"
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
    """
    labels = posts.frame[list(posts.labels)].fillna(0.0).to_numpy()
    combined = labels @ (2 ** np.arange(labels.shape[1])) if not posts.exclusive else labels.argmax(axis=1)
    numbers = np.zeros(len(labels), np.int64)
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for number, (_, held_out) in enumerate(splitter.split(labels, combined, groups)):
        numbers[held_out] = number
    return numbers
