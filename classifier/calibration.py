"""Margins to probabilities, rounded in one place so that every way of scoring agrees."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

DECIMALS: Final = 6
FARTHEST: Final = 700.0  # log odds that exp still has a number for


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
    return Scaling.of([calibration], [prevalence])(margins[:, np.newaxis])[:, 0]


class Scaling(NamedTuple):
    """Platt scaling of several labels at once; see `probabilities`.

    Parameters
    ----------
    slope, intercept, shift : ndarray of float64, shape (labels,)
        What margins are multiplied by, and what is added.
    """

    slope: npt.NDArray[np.float64]
    intercept: npt.NDArray[np.float64]
    shift: npt.NDArray[np.float64]

    @classmethod
    def of(cls, calibrations: Sequence[Mapping[str, float]], prevalences: Sequence[float | None]) -> Scaling:
        """From the calibration of each label, and the share of positives to expect instead."""
        shifts = [shift_for(one["prevalence"], share) for one, share in zip(calibrations, prevalences, strict=True)]
        slopes, intercepts = ([one[name] for one in calibrations] for name in ("slope", "intercept"))
        return cls(np.array(slopes), np.array(intercepts), np.array(shifts))

    def __call__(self, margins: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Probabilities, not yet rounded, of margins of shape (posts, labels)."""
        odds = self.slope * margins + self.intercept + self.shift
        result: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.minimum(np.maximum(odds, -FARTHEST), FARTHEST)))
        return result


def rounded(probability: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities as they are shown and compared everywhere."""
    result: npt.NDArray[np.float64] = probability.round(DECIMALS)
    return result
