"""Figures of two bundles on the same posts and their difference, from the same samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.compare.sides import Paired
from training.draws import estimate, ratio
from training.report.curves import areas, average_precisions, cumulated
from training.report.judged import One

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
LEAST_GROUPS: Final = 10  # of posts of each kind, below which nothing is told
FIGURES: Final = ("average_precision", "auc", "precision", "recall", "f1", "false_flags")
LESS_IS_BETTER: Final = frozenset({"false_flags"})
BETTER, WORSE, UNTOLD, TOO_FEW = "better", "worse", "no difference told", "too few posts"
Drawn = Mapping[str, Floats]  # by figure: of the posts as they are, then of every sample


def drawn_figures(one: One) -> dict[str, Floats]:
    """Every figure of a bundle on one label, of the posts and then of every sample, shape (1 + resamples,).

    What cannot be had (precision without flags, recall where only flagged posts are known) is NaN.
    """
    flagged, truth = one.flagged, one.truth
    columns = np.stack([flagged & truth, flagged, truth, ~truth], axis=1).astype(float)
    hits, flags, positives, negatives = np.concatenate([(one.draws.weights @ columns)[None], one.draws.sums(columns)]).T
    measured = 1.0 if one.measurable else np.nan
    return ranked_figures(one) | {
        "precision": ratio(hits, flags),
        "recall": ratio(hits, positives) * measured,
        "f1": ratio(2 * hits, flags + positives) * measured,
        "false_flags": 1000 * ratio(flags - hits, negatives) * measured,
    }


def ranked_figures(one: One) -> dict[str, Floats]:
    """Average precision and AUC, of the posts and of every sample."""
    if not one.measurable or one.truth.all() or not one.truth.any():
        none = np.full(1 + len(one.draws.counts), np.nan)
        return {"average_precision": none, "auc": none}
    found = [(average_precisions(*block), areas(*block)) for block in cumulated(one)]
    precision, area = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return {"average_precision": precision, "auc": area}


def difference_of(a: Floats, b: Floats) -> dict[str, Any] | None:
    """Two bundles' figure and the difference B - A with its interval; None where either lacks it."""
    if np.isnan(a[0]) or np.isnan(b[0]):
        return None
    return {
        "a": estimate(float(a[0]), a[1:]),
        "b": estimate(float(b[0]), b[1:]),
        "difference": estimate(float(b[0] - a[0]), b[1:] - a[1:]),
    }


def differences(a: Drawn, b: Drawn) -> dict[str, Any]:
    """Every figure of two bundles with its difference."""
    return {name: difference_of(a[name], b[name]) for name in a}


def macro(labels: Sequence[Drawn]) -> dict[str, Floats]:
    """Mean over labels, of the posts and of every sample; a label that lacks a figure is left out of it."""
    found = {}
    for name in FIGURES:
        values = np.stack([one[name] for one in labels])
        kept = values[~np.isnan(values[:, 0])]
        found[name] = kept.mean(axis=0) if len(kept) else np.full(values.shape[1], np.nan)
    return found


def told(difference: Mapping[str, Any] | None, *, less_is_better: bool = False) -> str:
    """What an interval of a difference tells: better or worse where it leaves out 0."""
    if difference is None:
        return TOO_FEW
    low, high = difference["difference"]["low"], difference["difference"]["high"]
    if low is None or low <= 0 <= high:
        return UNTOLD
    return BETTER if (low > 0) != less_is_better else WORSE


def enough(pair: Paired) -> bool:
    """Whether there are enough groups of posts with and without the label to tell bundles apart by their ranking."""
    draws = pair.draws
    return min(draws.groups_among(pair.truth), draws.groups_among(~pair.truth)) >= LEAST_GROUPS


def label_verdict(pair: Paired, figures: Mapping[str, Any]) -> str:
    """Verdict on one label, by the interval of its average precision."""
    return told(figures["average_precision"]) if enough(pair) else TOO_FEW
