"""How much likelier the categories of a label are than all the others."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.kernels.compiled import compiled

FARTHEST: Final = 50.0  # log odds beyond which a category is as good as certain or out of the question


@compiled
def likelihood(odds: float) -> float:
    """The share with these log odds, never 0 or 1."""
    return 1.0 / (1.0 + math.exp(-min(max(odds, -FARTHEST), FARTHEST)))


@compiled
def add_category_odds(sums: npt.NDArray[np.float64], norm: float, model: Any, margins: npt.NDArray[np.float64]) -> None:
    """Add to each label's margin the log odds of its categories, times their weight.

    `sums` are those of the categories, from `add_up`. The likelihoods of the categories are those of models of one
    category against the rest, so they do not add up to 1; only their ratio counts. A label whose margin takes no
    part has no category.
    """
    inside, outside = np.zeros(len(margins)), np.zeros(len(margins))
    for category in range(len(sums)):
        words = sums[category] * model.category_scale[category] / norm if norm > 0 else 0.0
        share = likelihood(words + model.category_bias[category])
        for label in range(len(margins)):
            if model.category_labels[category, label]:
                inside[label] += share
            else:
                outside[label] += share
    for label in range(len(margins)):
        if inside[label] > 0 and outside[label] > 0:
            margins[label] += model.category_weight * math.log(inside[label] / outside[label])
