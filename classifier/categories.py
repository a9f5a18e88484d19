"""What kind of post a post reads most like, by the categories of the labelling guide that a model knows.

The model knows of each category how likely a post belongs to it, and a label gains what its own categories are likelier
than all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.kernels.odds import odds_at
from classifier.kernels.rows import Weights

MOST_LIKE: Final = 3
POINTS, SHARES = np.polynomial.legendre.leggauss(8)  # of the rule along the way from the empty post, see `pull`
POINTS, SHARES = (POINTS + 1) / 2, SHARES / 2


def odds_of_nothing(weights: Weights, label: int) -> float:
    """What the categories add to a label's margin for an empty post."""
    own, bias = np.ascontiguousarray(weights.category_labels[:, label]), weights.category_bias
    return float(odds_at(np.zeros(len(bias)), 0.0, bias, own, weights.category_weight, np.empty(len(bias))))


def resembling(names: Sequence[str], likeness: npt.NDArray[np.float64]) -> list[list[dict[str, Any]]]:
    """The kinds of posts that each post is most like, for a reviewer to know what the model took it for.

    Parameters
    ----------
    names : sequence of str
        Of the categories.
    likeness : ndarray of float64, shape (posts, categories)
        Likelihood of each.

    Returns
    -------
    list of list of dict
        For each post `category` and its `share` of all likelihoods, the largest first; no more than `MOST_LIKE`.
    """
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :MOST_LIKE]
    shares = np.take_along_axis(likeness, order, axis=1) / likeness.sum(axis=1, keepdims=True)
    return [
        [{"category": names[place], "share": round(share, 3)} for place, share in zip(places, parts, strict=True)]
        for places, parts in zip(order.tolist(), shares.tolist(), strict=True)
    ]
