"""How well a label is told out of fold, with intervals over whole groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.intervals import RESAMPLES, resampled, weighted_average_precision
from training.measure import FIGURE_DECIMALS, average_precision, by_slice

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.int64]
UNTOLD: Final = "posts were seen only because they were flagged, so of what was missed nothing is known"
MANY: Final = 50_000  # posts, from which fewer samples tell as much and a thousand would take minutes
RESAMPLES_OF_MANY: Final = 100


@dataclass(frozen=True)
class HeldOut:
    """Margins of posts by models that have not seen them.

    Parameters
    ----------
    rows : ndarray of int64, shape (held out,)
        Which posts, ascending.
    margins : ndarray of float64, shape (held out, labels)
        Of these.
    unseen : ndarray of float64, shape (held out,)
        Share of each post's n-grams that no post learned from has.
    how : str
        How they were held out.
    """

    rows: npt.NDArray[np.int64]
    margins: Floats
    unseen: Floats
    how: str


def without_recall(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures of one label without those that need what was missed."""
    return {
        name: without_recall(value) if isinstance(value, dict) else value if told(name) else None
        for name, value in figures.items()
    }


def told(name: str) -> bool:
    """Whether a figure can be had from flagged posts alone."""
    return not name.startswith(("recall", "average_precision", "precision_at_1_in_1000"))


def label_figures(
    truth: Bools,
    probability: Floats,
    groups: Groups,
    languages: npt.NDArray[np.object_],
    seed: int,
    weights: Floats | None = None,
) -> dict[str, Any]:
    """Average precision of one label, in all and by language.

    Parameters
    ----------
    truth : ndarray of bool, shape (posts,)
        Labels; posts with a blank label left out.
    probability : ndarray of float64, shape (posts,)
        Rounded out-of-fold probabilities.
    groups : ndarray of int64, shape (posts,)
        Posts of one group come and go together.
    languages : ndarray of object, shape (posts,)
        Language of each post.
    seed : int
        Of the resampling.
    weights : ndarray of float64, shape (posts,), optional
        How many posts of the stream each stands for.

    Returns
    -------
    dict
        `average_precision` with its bounds `average_precision_low` and `average_precision_high`, `n`, `positives`, and
        the same of each language in `by_language`.
    """
    whole = {
        "average_precision": average_precision(truth, probability, weights),
        "n": len(truth),
        "positives": int(truth.sum()),
    }
    bounds = bounds_of(truth, probability, groups, seed, weights)
    slices = by_slice(truth, probability, languages, weights)
    for name in slices:
        rows, mine = languages == name, None if weights is None else weights[languages == name]
        slices[name] |= bounds if rows.all() else bounds_of(truth[rows], probability[rows], groups[rows], seed, mine)
    return whole | bounds | {"by_language": slices}


def bounds_of(
    truth: Bools, probability: Floats, groups: Groups, seed: int, weights: Floats | None = None
) -> dict[str, float | None]:
    """Bounds of the 95 % interval of average precision; None where there is none, or all samples have the same."""
    low, high = np.nan, np.nan
    if truth.any() and not truth.all():
        order = np.argsort(-probability, kind="stable")  # once here, so that every sample finds the posts in order
        ranked = partial(weighted_average_precision, truth[order], probability[order])
        stand_for = np.ones(len(truth)) if weights is None else weights[order]
        samples = RESAMPLES if len(truth) <= MANY else RESAMPLES_OF_MANY
        low, high = resampled(lambda times: ranked(times * stand_for), groups[order], seed, samples)
    told = low < high  # neither is NaN, and they differ
    names = ("average_precision_low", "average_precision_high")
    return {name: round(end, FIGURE_DECIMALS) if told else None for name, end in zip(names, (low, high), strict=True)}
