"""Margins to probabilities, rounded in one place so that every way of scoring agrees."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

DECIMALS: Final = 6


def logit(share: float) -> float:
    """Natural log of the odds of a share strictly between 0 and 1."""
    return math.log(share / (1 - share))


def expit(odds: float) -> float:
    """The share that has these log odds."""
    return 1 / (1 + math.exp(-odds))


def shift_for(calibrated_at: float, prevalence: float | None) -> float:
    """Change of log odds when the share of positives is `prevalence` instead of what calibration saw.

    Saerens, Latinne and Decaestecker, "Adjusting the outputs of a classifier to new a priori
    probabilities", Neural Computation 14 (2002), for two classes.
    """
    return 0.0 if prevalence is None else logit(prevalence) - logit(calibrated_at)


def probabilities(
    margins: npt.NDArray[np.float64], calibration: Mapping[str, float], prevalence: float | None = None
) -> npt.NDArray[np.float64]:
    """Platt-scaled probabilities of one label, not yet rounded.

    Parameters
    ----------
    margins : ndarray of float64, shape (posts,)
        Margins of the label.
    calibration : mapping
        `slope`, `intercept` and the `prevalence` they were fitted at.
    prevalence : float, optional
        Share of positives to expect instead.

    Returns
    -------
    ndarray of float64, shape (posts,)
        Between 0 and 1.

    Notes
    -----
    Platt, "Probabilistic outputs for support vector machines", 1999.
    """
    shift = shift_for(calibration["prevalence"], prevalence)
    odds = calibration["slope"] * margins + calibration["intercept"] + shift
    result: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(odds, -700, 700)))
    return result


def rounded(probability: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities as they are shown and compared everywhere."""
    result: npt.NDArray[np.float64] = np.round(probability, DECIMALS)
    return result
