"""What categories add to a margin, and how that is shared by the words of a post.

A post's category is the kind of post that it is by the labelling guide: an offer of a contract, a warning, news,
chatter. The model knows of each how likely a post belongs to it, and a label gains what its own categories are likelier
than all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.kernels.odds import FARTHEST
from classifier.weights import Weights

Floats = npt.NDArray[np.float64]
MOST_LIKE: Final = 3
POINTS, SHARES = np.polynomial.legendre.leggauss(16)  # of the rule along the way, from -1 to 1


def likelihoods(log_odds: Floats) -> Floats:
    """Likelihood of each category, never 0 or 1."""
    shares: Floats = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -FARTHEST, FARTHEST)))
    return shares


def odds(weights: Weights, label: int, log_odds: Floats) -> float:
    """What categories of these log odds add to a label's margin; the plain twin of the compiled sum.

    Parameters
    ----------
    weights : Weights
        Of the model.
    label : int
        Place of the label.
    log_odds : ndarray of float64, shape (categories,)
        Of each category against the rest.

    Returns
    -------
    float
        Log odds of the label's categories against all others, times their weight; 0 where there are none.
    """
    shares, own = likelihoods(log_odds), weights.category_labels[:, label]
    inside, outside = float(shares[own].sum()), float(shares[~own].sum())
    return weights.category_weight * float(np.log(inside / outside)) if inside and outside else 0.0


def slopes(weights: Weights, label: int, log_odds: Floats) -> Floats:
    """Derivative of `odds` by each category's log odds; `log_odds` is (points, categories), and so is the answer."""
    shares, own = likelihoods(log_odds), weights.category_labels[:, label]
    inside, outside = shares[:, own].sum(axis=1), shares[:, ~own].sum(axis=1)
    total = np.where(own, inside[:, None], -outside[:, None])
    result: Floats = weights.category_weight * shares * (1 - shares) / total
    return result


def pull_of_categories(weights: Weights, label: int, sums: Floats) -> Floats:
    """How much each category's weights count in a label's margin for one post.

    The log odds of categories are no sum over words, so their part is shared by the slope along the straight way from
    the empty post to this one (Aumann and Shapley, "Values of Non-Atomic Games", 1974; "integrated gradients" in
    Sundararajan, Taly and Yan 2017). What the numerical integral misses, some millionths, is laid on the same way, so
    that the shares add up exactly.

    Parameters
    ----------
    weights : Weights
        Of the model.
    label : int
        Place of the label.
    sums : ndarray of float64, shape (categories,)
        What the words of the post give to each category, in units of its scale.

    Returns
    -------
    ndarray of float64, shape (categories,)
        Factor of each category's stored weights; all 0 where the label has no categories.
    """
    own = weights.category_labels[:, label]
    if own.all() or not own.any():
        return np.zeros(len(own))
    way, start = sums * weights.category_scale, weights.category_bias
    points = start + (POINTS[:, None] + 1) / 2 * way
    pull: Floats = SHARES / 2 @ slopes(weights, label, points)
    missing = odds(weights, label, start + way) - odds(weights, label, start) - pull @ way
    length = float(way @ way)
    if length:
        pull = pull + missing / length * way
    return pull * weights.category_scale


def resembling(weights: Weights, names: Sequence[str], sums: Floats) -> list[dict[str, Any]]:
    """The kinds of posts that a post is most like, for a reviewer to know what the model took it for.

    Parameters
    ----------
    weights : Weights
        Of the model.
    names : sequence of str
        Of its categories.
    sums : ndarray of float64, shape (categories,)
        What the words of the post give to each category, in units of its scale.

    Returns
    -------
    list of dict
        `category` and its `share` of all likelihoods, the largest first; no more than `MOST_LIKE`.
    """
    shares = likelihoods(weights.category_bias + sums * weights.category_scale)
    order = np.argsort(-shares, kind="stable")[:MOST_LIKE]
    return [{"category": names[place], "share": round(float(shares[place] / shares.sum()), 3)} for place in order]
