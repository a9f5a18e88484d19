"""Whether probabilities mean what they say: bins, calibration error beside its noise floor, Brier score."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
BINS: Final = 15  # of equal mass
DRAWS: Final = 1000  # of labels from a perfectly calibrated model
DECIMALS: Final = 4


def bin_starts(posts: int, bins: int = BINS) -> npt.NDArray[np.int64]:
    """Where bins of equal mass start among sorted posts; the first ones take what is left over."""
    sizes = np.full(bins, posts // bins)
    sizes[: posts % bins] += 1
    starts: npt.NDArray[np.int64] = np.cumsum(sizes) - sizes
    return starts[sizes > 0]


def calibration_error(truth: Bools, chance: Floats, bins: int = BINS, weights: Floats | None = None) -> float:
    """Expected calibration error over bins of equal mass.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015, with
    bins of equal mass (Nguyen and O'Connor, EMNLP 2015).

    Parameters
    ----------
    truth : ndarray of bool, shape (posts,)
        Labels.
    chance : ndarray of float64, shape (posts,)
        Probabilities.
    bins : int
        How many, of the same number of posts each.
    weights : ndarray of float64, shape (posts,), optional
        What each post stands for.

    Returns
    -------
    float
        Mean absolute difference of the mean probability and the share of positives, weighted by the bins' sizes.
    """
    order = np.argsort(chance, kind="stable")
    weight = np.ones(len(truth)) if weights is None else weights
    gaps = np.add.reduceat((weight * (truth - chance))[order], bin_starts(len(truth), bins))
    return float(np.abs(gaps).sum() / weight.sum())


def noise_floor(chance: Floats, seed: int, bins: int = BINS, weights: Floats | None = None) -> float:
    """Calibration error that a perfect model of these probabilities has on average, by drawing labels from them."""
    dice, weight = np.random.default_rng(seed), np.ones(len(chance)) if weights is None else weights
    order, starts = np.argsort(chance, kind="stable"), bin_starts(len(chance), bins)
    errors = [
        np.abs(np.add.reduceat((weight * ((dice.random(len(chance)) < chance) - chance))[order], starts)).sum()
        for _ in range(DRAWS)
    ]
    return float(np.mean(errors) / weight.sum())


def calibration_of(truth: Bools, chance: Floats, seed: int) -> dict[str, Any]:
    """Calibration error, noise floor and Brier score."""
    return {
        "n": len(truth),
        "error": round(calibration_error(truth, chance), DECIMALS),
        "floor": round(noise_floor(chance, seed), DECIMALS),
        "brier": round(float(((chance - truth) ** 2).mean()), DECIMALS),
    }
