"""How much likelier the categories of a label are than all the others."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.kernels.compiled import compiled

FARTHEST: Final = 50.0  # log odds beyond which a category is as good as certain or out of the question


@compiled
def likelihood(odds: float) -> float:
    """The share with these log odds, never 0 or 1."""
    return 1.0 / (1.0 + math.exp(-min(max(odds, -FARTHEST), FARTHEST)))


@compiled
def add_category_odds(
    sums: npt.NDArray[np.float64],
    norm: float,
    scale: npt.NDArray[np.float64],
    bias: npt.NDArray[np.float64],
    of_label: npt.NDArray[np.bool_],
    weight: float,
    margins: npt.NDArray[np.float64],
) -> None:
    """Add to each label's margin the log odds of its categories, times their weight.

    `sums` are those of the categories, from `add_up`. The likelihoods of the categories are those of models of one
    category against the rest, so they do not add up to 1; only their ratio counts. A label whose margin takes no
    part has no category.
    """
    inside, outside = np.zeros(len(margins)), np.zeros(len(margins))
    for category in range(len(scale)):
        words = sums[category] * scale[category] / norm if norm > 0 else 0.0
        share = likelihood(words + bias[category])
        for label in range(len(margins)):
            if of_label[category, label]:
                inside[label] += share
            else:
                outside[label] += share
    for label in range(len(margins)):
        if inside[label] > 0 and outside[label] > 0:
            margins[label] += weight * math.log(inside[label] / outside[label])


@compiled
def pull(
    sums: npt.NDArray[np.float64],
    norm: float,
    scale: npt.NDArray[np.float64],
    bias: npt.NDArray[np.float64],
    own: npt.NDArray[np.bool_],
    weight: float,
    points: npt.NDArray[np.float64],
    shares: npt.NDArray[np.float64],
    factors: npt.NDArray[np.float64],
) -> None:
    """How much a unit of each category's sum counts in a label's margin for one post, into `factors`.

    The log odds of categories are no sum over words, so their part is shared by the slope along the straight way from
    the empty post to this one (Aumann and Shapley, "Values of Non-Atomic Games", 1974; "integrated gradients" in
    Sundararajan, Taly and Yan 2017), by the rule of Gauss and Legendre with these points and shares. What the rule
    misses, some millionths, is laid on the same way, so that the parts add up exactly.
    """
    kinds = len(scale)
    mine = 0
    for kind in range(kinds):
        mine += own[kind]
    if mine == 0 or mine == kinds:
        return
    way, slope = np.empty(kinds), np.empty(kinds)
    for kind in range(kinds):
        way[kind] = sums[kind] * scale[kind] / norm
    for k in range(len(points)):
        inside, outside = 0.0, 0.0
        for kind in range(kinds):
            share = likelihood(bias[kind] + points[k] * way[kind])
            slope[kind] = share * (1.0 - share)
            if own[kind]:
                inside += share
            else:
                outside += share
        for kind in range(kinds):
            factors[kind] += shares[k] * weight * (slope[kind] / inside if own[kind] else -slope[kind] / outside)
    missing, square = odds_at(way, 1.0, bias, own, weight) - odds_at(way, 0.0, bias, own, weight), 0.0
    for kind in range(kinds):
        missing -= factors[kind] * way[kind]
        square += way[kind] * way[kind]
    for kind in range(kinds):
        if square > 0:
            factors[kind] += missing * way[kind] / square
        factors[kind] *= scale[kind] / norm


@compiled
def odds_at(
    way: npt.NDArray[np.float64],
    part: float,
    bias: npt.NDArray[np.float64],
    own: npt.NDArray[np.bool_],
    weight: float,
) -> float:
    """What categories add to a label's margin at some part of the way from the empty post to the whole one."""
    inside, outside = 0.0, 0.0
    for kind in range(len(way)):
        share = likelihood(bias[kind] + part * way[kind])
        if own[kind]:
            inside += share
        else:
            outside += share
    return weight * math.log(inside / outside) if inside > 0 and outside > 0 else 0.0
