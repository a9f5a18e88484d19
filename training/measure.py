"""Figures with intervals: average precision, precision and recall at thresholds, profiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from training.shares import wilson

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
PRECISION_BOUND: Final = 0.90  # of `high_precision`: lower bound of the interval
RECALL_WANTED: Final = 0.95  # of `high_recall`
BALANCED_AT: Final = 0.05  # share of positives that `balanced` is best for
FIGURE_DECIMALS: Final = 4
RARE: Final = 0.001  # share of positives at which precision is restated: of a stream, not of a set to learn from


def average_precision(truth: Bools, probability: Floats, weights: Floats | None = None) -> float | None:
    """Average precision; None where there is nothing to find or nothing to confuse it with."""
    if truth.all() or not truth.any():
        return None
    return round(float(average_precision_score(truth, probability, sample_weight=weights)), FIGURE_DECIMALS)


def effective(weights: Floats | None, size: int) -> Floats:
    """Weights that add up to how many equal posts would tell as much; ones where there are none.

    Notes
    -----
    Kish, "Survey Sampling", 1965: ``(Σw)² / Σw²``.
    """
    return np.ones(size) if weights is None else weights * weights.sum() / (weights**2).sum()


def at_threshold(truth: Bools, probability: Floats, threshold: float, weights: Floats | None = None) -> dict[str, Any]:
    """Precision and recall of flagging at a threshold, with 95 % intervals and the counts behind them.

    Posts may stand for several (`weights`); counts are of posts all the same.
    """
    flagged, weight = probability >= threshold, effective(weights, len(truth))
    figures: dict[str, Any] = {
        "threshold": float(threshold),
        "n": len(truth),
        "positives": int(truth.sum()),
        "flagged": int(flagged.sum()),
    }
    hits, flags, positives = (float(weight[rows].sum()) for rows in (truth & flagged, flagged, truth))
    for name, tries in (("precision", flags), ("recall", positives)):
        low, high = wilson(np.array(float(hits)), np.array(float(tries)))
        figures[name] = round(hits / tries, FIGURE_DECIMALS) if tries else None
        figures[f"{name}_low"], figures[f"{name}_high"] = round(float(low), 4), round(float(high), 4)
    return figures | at_share(hits, flags - hits, positives, float(weight.sum()) - positives)


def at_share(hits: float, false: float, positives: float, negatives: float, share: float = RARE) -> dict[str, Any]:
    """Precision where only `share` of the posts are positive, as in a stream, and its range.

    Bounds pair the bounds of recall and of the rate of false flags, so they are wider than 95 %.
    """
    rates = [(hits, positives), (false, negatives)]
    (recall_low, recall_high), (false_low, false_high) = (
        tuple(map(float, wilson(np.array(float(one)), np.array(float(tries))))) for one, tries in rates
    )
    recall, false_rate = (one / tries if tries else 0.0 for one, tries in rates)
    found = {
        "precision_at_1_in_1000": precision_at(recall, false_rate, share),
        "precision_at_1_in_1000_low": precision_at(recall_low, false_high, share),
        "precision_at_1_in_1000_high": precision_at(recall_high, false_low, share),
    }
    return {name: None if value is None else round(value, FIGURE_DECIMALS) for name, value in found.items()}


def precision_at(recall: float, false_rate: float, share: float) -> float | None:
    """Precision of a recall and a rate of false flags where `share` of the posts are positive."""
    flagged = recall * share + false_rate * (1 - share)
    return recall * share / flagged if flagged else None


def curve(truth: Bools, probability: Floats, weights: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """Every threshold that can matter, falling, with the hits and flags at each."""
    order, weight = np.argsort(-probability, kind="stable"), effective(weights, len(truth))
    ranked, found, flags = probability[order], np.cumsum((weight * truth)[order]), np.cumsum(weight[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    return ranked[last], found[last], flags[last]


def balanced(
    truth: Bools, probability: Floats, share: float | None = BALANCED_AT, weights: Floats | None = None
) -> tuple[float, bool]:
    """Threshold of the highest F1 where `share` of the posts are positive, the higher one of equals.

    Posts to learn from are a third positive, a stream hardly ever: with their own share, a threshold that suits them
    would flag ten times too many. None, or a larger share than theirs, means their own.
    """
    thresholds, hits, flags = curve(truth, probability, weights)
    positives, posts = hits[-1], flags[-1]
    wanted = min(share if share is not None else 1.0, positives / posts)
    found = wanted * hits / positives
    false = (1 - wanted) * (flags - hits) / (posts - positives if posts > positives else 1.0)
    # rounded, so that thresholds which find and spare alike are equals whatever the last digit says
    return float(thresholds[np.argmax(np.round(2 * found / (found + false + wanted), 12))]), True


def high_precision(truth: Bools, probability: Floats, weights: Floats | None = None) -> tuple[float, bool]:
    """Lowest threshold whose precision is at least .90 at the lower bound; else the one that comes nearest."""
    thresholds, hits, flags = curve(truth, probability, weights)
    low, _ = wilson(hits, flags)
    good = np.flatnonzero(low >= PRECISION_BOUND)
    return (float(thresholds[good[-1]]), True) if len(good) else (float(thresholds[np.argmax(low)]), False)


def high_recall(truth: Bools, probability: Floats, weights: Floats | None = None) -> tuple[float, bool]:
    """Highest threshold that finds at least .95 of the positives; the lowest threshold finds all."""
    thresholds, hits, _ = curve(truth, probability, weights)
    return float(thresholds[np.argmax(hits >= RECALL_WANTED * hits[-1])]), True


PROFILES: Final = ("balanced", "high_precision", "high_recall")


def choosers(share: float | None) -> Mapping[str, Callable[..., tuple[float, bool]]]:
    """By profile: what chooses its threshold and says whether its aim was met."""
    chosen = (partial(balanced, share=share), high_precision, high_recall)
    return dict(zip(PROFILES, chosen, strict=True))


def profile_figures(
    truth: Bools, probability: Floats, share: float | None = BALANCED_AT, weights: Floats | None = None
) -> dict[str, dict[str, Any]]:
    """Threshold and measured figures of every profile for one label.

    Parameters
    ----------
    truth : ndarray of bool, shape (posts,)
        Labels; posts with a blank label left out.
    probability : ndarray of float64, shape (posts,)
        Rounded out-of-fold probabilities.
    share : float, optional
        Share of positives that `balanced` is best for; None for that of these posts.
    weights : ndarray of float64, shape (posts,), optional
        How many posts of the stream each stands for.

    Returns
    -------
    dict
        By profile: threshold, precision and recall with bounds, counts, and `reached`, which says whether
        the profile's aim was met.
    """
    figures = {}
    for name, choose in choosers(share).items():
        threshold, reached = choose(truth, probability, weights=weights)
        figures[name] = at_threshold(truth, probability, threshold, weights) | {"reached": reached}
    return figures


def by_slice(
    truth: Bools, probability: Floats, names: npt.NDArray[np.object_], weights: Floats | None = None
) -> dict[str, dict[str, Any]]:
    """Average precision and counts of each slice, the largest first."""
    sizes = {name: int((names == name).sum()) for name in sorted(set(names))}
    return {
        name: {
            "n": sizes[name],
            "positives": int(truth[names == name].sum()),
            "average_precision": average_precision(
                truth[names == name], probability[names == name], None if weights is None else weights[names == name]
            ),
        }
        for name in sorted(sizes, key=lambda name: -sizes[name])
    }
