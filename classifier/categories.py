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
from classifier.weights import Weights

MOST_LIKE: Final = 3
POINTS, SHARES = np.polynomial.legendre.leggauss(8)  # of the rule along the way from the empty post, see `pull`
POINTS, SHARES = (POINTS + 1) / 2, SHARES / 2


def odds_of_nothing(weights: Weights, label: int) -> float:
    """What the categories add to a label's margin for an empty post."""
    own, bias = np.ascontiguousarray(weights.category_labels[:, label]), weights.category_bias
    return float(odds_at(np.zeros(len(bias)), 0.0, bias, own, weights.category_weight))


def resembling(names: Sequence[str], likeness: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    """The kinds of posts that a post is most like, for a reviewer to know what the model took it for.

    Parameters
    ----------
    names : sequence of str
        Of the categories.
    likeness : ndarray of float64, shape (categories,)
        Likelihood of each.

    Returns
    -------
    list of dict
        `category` and its `share` of all likelihoods, the largest first; no more than `MOST_LIKE`.
    """
    order, total = np.argsort(-likeness, kind="stable")[:MOST_LIKE].tolist(), float(likeness.sum())
    return [{"category": names[place], "share": round(float(likeness[place]) / total, 3)} for place in order]
