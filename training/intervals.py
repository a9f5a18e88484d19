"""Intervals by resampling whole groups of posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
RESAMPLES: Final = 1000
LOW, HIGH = 0.025, 0.975  # quantiles of a 95 % interval
BLOCK: Final = 100  # samples drawn at once


def weighted_average_precision(truth: Bools, score: Floats, weights: Floats) -> float:
    """Average precision of posts that count several times.

    Parameters
    ----------
    truth : ndarray of bool, shape (posts,)
        Labels.
    score : ndarray of float64, shape (posts,)
        Higher means more likely.
    weights : ndarray of float64, shape (posts,)
        How often each post counts, at least 0.

    Returns
    -------
    float
        As scikit-learn's `average_precision_score` with `sample_weight`; NaN where no positive counts.
    """
    order = np.argsort(-score, kind="stable")
    weight, hit = weights[order], (weights * truth)[order]
    last = np.append(np.diff(score[order]) != 0, True)  # ends of runs of equal scores
    flags, hits = np.cumsum(weight)[last], np.cumsum(hit)[last]
    if not hits[-1] > 0:
        return float("nan")
    precision = np.divide(hits, flags, out=np.zeros_like(hits), where=flags > 0)
    return float((np.diff(hits, prepend=0.0) * precision).sum() / hits[-1])


def drawn(groups: int, seed: int, resamples: int = RESAMPLES) -> Iterator[npt.NDArray[np.int64]]:
    """How often each group counts in each bootstrap sample, a block of samples at a time, shape (samples, groups)."""
    dice, even = np.random.default_rng(seed), np.full(groups, 1 / groups)
    for at in range(0, resamples, BLOCK):
        yield dice.multinomial(groups, even, size=min(BLOCK, resamples - at))


def resampled(
    figure: Callable[[Floats], float], groups: npt.NDArray[np.int64], seed: int, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """Percentile interval of a figure over bootstrap samples of whole groups.

    Parameters
    ----------
    figure : callable
        From how often each post counts, shape (posts,), to the figure; NaN where it cannot be had.
    groups : ndarray of int64, shape (posts,)
        Posts of one group come and go together.
    seed : int
        Of the resampling.
    resamples : int
        How many samples.

    Returns
    -------
    low, high : float
        Bounds of the 95 % interval; NaN where no sample has a figure.

    Notes
    -----
    Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8 (clusters).
    """
    names, member = np.unique(groups, return_inverse=True)
    samples = (counts for block in drawn(len(names), seed, resamples) for counts in block)
    found = np.array([figure(counts[member].astype(float)) for counts in samples])
    found = found[~np.isnan(found)]
    if not len(found):
        return float("nan"), float("nan")
    return float(np.quantile(found, LOW)), float(np.quantile(found, HIGH))
