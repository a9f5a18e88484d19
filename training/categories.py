"""Models of what kind of post a post is, from the `category` that labelled posts may name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from training.dual import fit_questions
from training.posts import LabelledPosts

LEAST: Final = 30  # posts of a category, for a model of it to be worth anything
UNKNOWN: Final = -1
STEPS: Final = 127  # of a signed byte on either side of 0


@dataclass(frozen=True)
class Categories:
    """Which categories a model is to know.

    Parameters
    ----------
    labels : dict of str to tuple of str
        By category, in alphabetical order: the labels that most of its posts have.
    of_post : ndarray of int64, shape (posts,)
        Place of each post's category; `UNKNOWN` where it has none that counts, or a blank label.
    """

    labels: dict[str, tuple[str, ...]]
    of_post: npt.NDArray[np.int64]

    def rows(self, chosen: npt.NDArray[np.int64]) -> Categories:
        """The categories of some posts."""
        return Categories(self.labels, self.of_post[chosen])


def categories_of(posts: LabelledPosts) -> Categories:
    """Categories that are named often enough; none for exclusive classes.

    A category that is no label's, or with none beside it, tells nothing: then there are none either.
    """
    frame = posts.frame[["category", *posts.labels]]
    known = frame[(frame["category"] != "") & frame[list(posts.labels)].notna().all(axis=1)]
    counts = known["category"].value_counts()
    names = sorted(counts.index[counts >= LEAST])
    shares = known.groupby("category")[list(posts.labels)].mean()
    labels = {name: tuple(label for label in posts.labels if shares.loc[name, label] > 0.5) for name in names}
    if posts.exclusive or len(set(labels.values())) < 2:
        labels = {}
    place = {name: number for number, name in enumerate(labels)}
    of_post = np.full(len(frame), UNKNOWN, np.int64)
    of_post[known.index] = [place.get(name, UNKNOWN) for name in known["category"]]
    return Categories(labels, of_post)


def fit_categories(
    ngrams: csr_matrix, categories: Categories, regularisation: float, seed: int
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of models of one category against all others.

    The weights are kept in a byte each: rounding them to 127 steps on either side changes average precision by less
    than .0005, and a model of forty categories stays small enough for a cache.

    Parameters
    ----------
    ngrams : csr_matrix, shape (posts, buckets)
        Features.
    categories : Categories
        Of those posts.
    regularisation : float
        Inverse strength (scikit-learn's C).
    seed : int
        Of the solver.

    Returns
    -------
    dict of str to ndarray
        `category_weights`, `category_scale` and `category_bias`, see `Weights`; empty without categories.
    """
    if not categories.labels:
        return {}
    known = categories.of_post != UNKNOWN
    answers = categories.of_post[known, None] == np.arange(len(categories.labels))
    weights, bias = fit_questions(ngrams[known], answers, regularisation, seed)
    scale = np.abs(weights).max(axis=0, initial=0.0).astype(float) / STEPS
    scale[scale == 0] = 1.0  # of a category without posts here: all its weights are 0
    return {
        "category_weights": np.rint(weights / scale).astype(np.int8),
        "category_scale": scale,
        "category_bias": bias,
    }
