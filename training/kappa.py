"""Cohen's kappa: how far two readers agree beyond chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def cohen_kappa(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> float:
    """Cohen's kappa of two readers, each post counted as often as its weight says.

    Parameters
    ----------
    first, second : ndarray of float64, shape (posts,)
        Judgements.
    weights : ndarray of float64, shape (posts,)
        At least 0.

    Returns
    -------
    float
        1 for full agreement, 0 for that of chance; NaN where chance alone would agree fully.

    Notes
    -----
    Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 1960.
    """
    total = weights.sum()
    observed = (weights * (first == second)).sum() / total
    kinds = np.union1d(first, second)
    chance = sum((weights * (first == kind)).sum() * (weights * (second == kind)).sum() for kind in kinds) / total**2
    return float((observed - chance) / (1 - chance)) if chance < 1 else float("nan")
