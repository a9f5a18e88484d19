"""How well a label is told out of fold, with intervals over whole groups."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.intervals import RESAMPLES, resampled, weighted_average_precision
from training.measure import FIGURE_DECIMALS, average_precision, by_slice

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.int64]
MANY: Final = 50_000  # posts, from which fewer samples tell as much and a thousand would take minutes
RESAMPLES_OF_MANY: Final = 100


def label_figures(
    truth: Bools, probability: Floats, groups: Groups, languages: npt.NDArray[np.object_], seed: int
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

    Returns
    -------
    dict
        `average_precision` with its bounds `average_precision_low` and `average_precision_high`, `n`, `positives`, and
        the same of each language in `by_language`.
    """
    whole = {
        "average_precision": average_precision(truth, probability),
        "n": len(truth),
        "positives": int(truth.sum()),
    }
    bounds, slices = bounds_of(truth, probability, groups, seed), by_slice(truth, probability, languages)
    for name in slices:
        rows = languages == name
        slices[name] |= bounds if rows.all() else bounds_of(truth[rows], probability[rows], groups[rows], seed)
    return whole | bounds | {"by_language": slices}


def bounds_of(truth: Bools, probability: Floats, groups: Groups, seed: int) -> dict[str, float | None]:
    """Bounds of the 95 % interval of average precision; None where there is none, or all samples have the same."""
    low, high = np.nan, np.nan
    if truth.any() and not truth.all():
        order = np.argsort(-probability, kind="stable")  # once here, so that every sample finds the posts in order
        figure = partial(weighted_average_precision, truth[order], probability[order])
        samples = RESAMPLES if len(truth) <= MANY else RESAMPLES_OF_MANY
        low, high = resampled(figure, groups[order], seed, samples)
    told = low < high  # neither is NaN, and they differ
    names = ("average_precision_low", "average_precision_high")
    return {name: round(end, FIGURE_DECIMALS) if told else None for name, end in zip(names, (low, high), strict=True)}
