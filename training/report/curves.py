"""Precision–recall and ROC curves with bootstrap bands; average precision and the area under the ROC curve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.draws import DECIMALS, bounds, estimate, ratio
from training.report.judged import One

Floats = npt.NDArray[np.float64]
RECALLS: Final = np.arange(1, 101) / 100
FALSE_RATES: Final = np.arange(101) / 100
NEARLY: Final = 1 - 1e-12  # sums of weights may miss a share of themselves by a last digit


def ranking(chance: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Posts from the likeliest down, and where the runs of equal probabilities end."""
    order = np.argsort(-chance, kind="stable")
    return order, np.flatnonzero(np.append(np.diff(chance[order]) != 0, True))


def cumulated(one: One) -> Iterator[tuple[Floats, Floats]]:
    """Hits and flags at every threshold, falling: of the posts as they are, then of blocks of samples.

    Yields
    ------
    hits, flags : ndarray of float64, shape (samples, thresholds)
        Weighted; the first block is one row, the posts themselves.
    """
    order, ends = ranking(one.chance)
    truth = one.truth[order]
    whole = one.draws.weights[order][None, :]
    for weights in (block for source in ((whole,), one.draws.blocks(order)) for block in source):
        yield np.cumsum(weights * truth, axis=1)[:, ends], np.cumsum(weights, axis=1)[:, ends]


def average_precisions(hits: Floats, flags: Floats) -> Floats:
    """Average precision of each row; NaN where there is nothing to find or nothing to confuse it with."""
    gained = np.diff(hits, axis=1, prepend=0.0)
    precision = np.divide(hits, flags, out=np.zeros_like(hits), where=flags > 0)
    found = ratio((gained * precision).sum(axis=1), hits[:, -1])
    return np.where(flags[:, -1] > hits[:, -1], found, np.nan)


def areas(hits: Floats, flags: Floats) -> Floats:
    """Area under the ROC curve of each row, by trapezia; NaN where one kind of posts is missing."""
    false = flags - hits
    before = np.concatenate([np.zeros((len(hits), 1)), hits[:, :-1]], axis=1)
    area = (np.diff(false, axis=1, prepend=0.0) * (hits + before) / 2).sum(axis=1)
    return ratio(area, hits[:, -1] * false[:, -1])


def precisions_at(hits: Floats, flags: Floats) -> Floats:
    """Precision at the highest threshold that finds each share of `RECALLS`, shape (samples, recalls)."""
    found = np.full((len(hits), len(RECALLS)), np.nan)
    for row, (hit, flag) in enumerate(zip(hits, flags, strict=True)):
        if hit[-1] > 0:
            at = np.searchsorted(hit, RECALLS * hit[-1] * NEARLY)
            found[row] = hit[at] / flag[at]
    return found


def recalls_at(hits: Floats, flags: Floats) -> Floats:
    """Recall at each rate of false flags of `FALSE_RATES`, straight between thresholds, shape (samples, rates)."""
    found = np.full((len(hits), len(FALSE_RATES)), np.nan)
    for row, (hit, false) in enumerate(zip(hits, flags - hits, strict=True)):
        if hit[-1] > 0 and false[-1] > 0:
            # of several recalls at one rate, the search for a place takes the last, which is the highest
            found[row] = np.interp(FALSE_RATES, np.append(0.0, false / false[-1]), np.append(0.0, hit / hit[-1]))
    return found


FIGURES: Final = (average_precisions, areas)
BANDS: Final = (precisions_at, recalls_at)


def curves_of(one: One) -> dict[str, Any]:
    """Average precision, area under the ROC curve, and both curves with their bands.

    Parameters
    ----------
    one : One
        Posts of a label.

    Returns
    -------
    dict
        `average_precision`, `auc` (estimates or None), and `precision_recall` and `roc`: `x`, `y`, `low`, `high`, all
        None where posts of one kind are missing, or where only flagged posts are known.

    Notes
    -----
    Bands hold at each place of the axis by itself: Fawcett, "An introduction to ROC analysis", 2006 (vertically).
    """
    none: dict[str, Any] = dict.fromkeys(("average_precision", "auc", "precision_recall", "roc"))
    if not one.measurable or one.truth.all() or not one.truth.any():
        return none
    found: list[list[Floats]] = [[] for _ in (*FIGURES, *BANDS)]
    for hits, flags in cumulated(one):
        for kept, figure in zip(found, (*FIGURES, *BANDS), strict=True):
            kept.append(figure(hits, flags))
    precision, area, band, roc = map(np.concatenate, found)
    return {
        "average_precision": estimate(float(precision[0]), precision[1:]),
        "auc": estimate(float(area[0]), area[1:]),
        "precision_recall": line(RECALLS, band),
        "roc": line(FALSE_RATES, roc),
    }


def line(x: Floats, values: Floats) -> dict[str, list[float]]:
    """A curve of shape (1 + samples, places), the posts themselves first, with its band."""
    low, high = bounds(values[1:])
    parts = {"x": x, "y": values[0], "low": low, "high": high}
    return {name: np.round(part, DECIMALS).tolist() for name, part in parts.items()}


def drawn_average_precisions(one: One) -> Floats | None:
    """Average precision of the posts, then of every sample; None where it cannot be had."""
    if not one.measurable or one.truth.all() or not one.truth.any():
        return None
    return np.concatenate([average_precisions(*block) for block in cumulated(one)])


def average_precision_of(one: One) -> dict[str, Any] | None:
    """Average precision with its interval; None where it cannot be had."""
    found = drawn_average_precisions(one)
    return None if found is None else estimate(float(found[0]), found[1:])
