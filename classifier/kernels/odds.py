"""How much likelier the categories of a label are than all the others."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.kernels.compiled import allocating, compiled, inlined
from classifier.kernels.rows import Weights

Doubles = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FARTHEST: Final = 50.0  # log odds beyond which a category is as good as certain or out of the question


@inlined
def likelihood(odds: float) -> float:
    """The share with these log odds, never 0 or 1."""
    return 1.0 / (1.0 + math.exp(-min(max(odds, -FARTHEST), FARTHEST)))


@inlined
def go_way(sums: Doubles, norm: float, scale: Doubles, way: Doubles) -> None:
    """How far a post's words move each category's log odds, into `way`; `sums` are those of `add_up`."""
    for category in range(len(scale)):
        way[category] = sums[category] * scale[category] / norm if norm > 0 else 0.0


@inlined
def likelihoods_at(way: Doubles, part: float, bias: Doubles, shares: Doubles) -> None:
    """Likelihood of each category at some part of the way from the empty post to the whole one, into `shares`.

    They are those of models of one category against the rest, so they do not add up to 1; only their ratio counts.
    """
    for category in range(len(bias)):
        shares[category] = likelihood(bias[category] + part * way[category])


@inlined
def split(shares: Doubles, own: Bools) -> tuple[float, float]:
    """Likelihoods of a label's own categories and of all others, added up."""
    inside, outside = 0.0, 0.0
    for category in range(len(shares)):
        if own[category]:
            inside += shares[category]
        else:
            outside += shares[category]
    return inside, outside


@inlined
def odds_of(shares: Doubles, own: Bools, weight: float) -> float:
    """What categories of these likelihoods add to a label's margin; nothing where it has none, or all of them."""
    inside, outside = split(shares, own)
    return weight * math.log(inside / outside) if inside > 0 and outside > 0 else 0.0


@compiled
def odds_at(way: Doubles, part: float, bias: Doubles, own: Bools, weight: float, shares: Doubles) -> float:
    """What categories add to a label's margin at some part of the way from the empty post to the whole one."""
    likelihoods_at(way, part, bias, shares)
    return float(odds_of(shares, own, weight))


@compiled
def add_category_odds(
    sums: Doubles, norm: float, model: Weights, way: Doubles, shares: Doubles, margins: Doubles
) -> None:
    """Add to each label's margin the log odds of its categories, times their weight; `way` and `shares` are room."""
    go_way(sums, norm, model.category_scale, way)
    likelihoods_at(way, 1.0, model.category_bias, shares)
    for label in range(len(margins)):
        margins[label] += odds_of(shares, model.category_labels[:, label], model.category_weight)


@allocating
def pull(
    sums: Doubles,
    norm: float,
    scale: Doubles,
    bias: Doubles,
    own: Bools,
    weight: float,
    points: Doubles,
    shares: Doubles,
    factors: Doubles,
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
    way, likely = np.empty(kinds), np.empty(kinds)
    go_way(sums, norm, scale, way)
    for k in range(len(points)):
        likelihoods_at(way, points[k], bias, likely)
        inside, outside = split(likely, own)
        for kind in range(kinds):
            slope = likely[kind] * (1.0 - likely[kind])
            factors[kind] += shares[k] * weight * (slope / inside if own[kind] else -slope / outside)
    missing, square = odds_at(way, 1.0, bias, own, weight, likely) - odds_at(way, 0.0, bias, own, weight, likely), 0.0
    for kind in range(kinds):
        missing -= factors[kind] * way[kind]
        square += way[kind] * way[kind]
    for kind in range(kinds):
        if square > 0:
            factors[kind] += missing * way[kind] / square
        factors[kind] *= scale[kind] / norm
