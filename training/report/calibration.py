"""How far probabilities can be believed: the reliability diagram, calibration error, Brier score, and the scores."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.draws import DECIMALS, estimate, ratio, shares
from training.reliability import BINS, bin_starts, calibration_error, noise_floor
from training.report.judged import One

Floats = npt.NDArray[np.float64]
BARS: Final = 20  # of the histogram


def calibration_figures(one: One, seed: int) -> dict[str, Any] | None:
    """Reliability diagram, calibration error beside its noise floor, Brier score with its parts; None without posts.

    Parameters
    ----------
    one : One
        Posts of a label.
    seed : int
        Of the noise floor.

    Returns
    -------
    dict or None
        `bins`: `n`, mean `probability` and `share` of positives (an estimate) of each; `error`, `floor`; `brier` (an
        estimate), its `reliability`, `resolution`, `uncertainty` and `within_bins`, and its `skill`.

    Notes
    -----
    Murphy, "A new vector partition of the probability score", 1973; what the bins themselves leave over:
    Stephenson, Coelho and Jolliffe, "Two extra components in the Brier score decomposition", 2008.
    """
    if not len(one.truth):
        return None
    weights = one.draws.weights
    error = calibration_error(one.truth, one.chance, BINS, weights)
    floor = noise_floor(one.chance, seed, BINS, weights)
    return {
        "bins": bins_of(one),
        "error": round(error, DECIMALS),
        "floor": round(floor, DECIMALS),
    } | brier_figures(one)


def bin_numbers(chance: Floats) -> npt.NDArray[np.int64]:
    """Bin of each post."""
    starts = bin_starts(len(chance))
    numbers = np.empty(len(chance), np.int64)
    numbers[np.argsort(chance, kind="stable")] = np.searchsorted(starts, np.arange(len(chance)), side="right") - 1
    return numbers


def bins_of(one: One) -> list[dict[str, Any]]:
    """Mean probability and share of positives of each bin."""
    numbers, weights = bin_numbers(one.chance), one.draws.weights
    inside = numbers[:, None] == np.arange(numbers.max() + 1)
    found = shares(inside & one.truth[:, None], inside, one.draws)
    means = ratio((weights * one.chance) @ inside, weights @ inside)
    sizes = inside.sum(axis=0).tolist()
    return [
        {"n": size, "probability": round(mean, DECIMALS), "share": share}
        for size, mean, share in zip(sizes, means.tolist(), found, strict=True)
    ]


def brier_figures(one: One) -> dict[str, Any]:
    """Brier score, its parts, and its skill beside always saying the share of positives."""
    weights, truth, chance = one.draws.weights, one.truth.astype(float), one.chance
    sums = one.draws.sums(np.stack([(chance - truth) ** 2, truth, np.ones(len(truth))], axis=1))
    whole = np.array([[weights @ (chance - truth) ** 2, weights @ truth, weights.sum()]])
    score, skill = brier_and_skill(whole)
    scores, skills = brier_and_skill(sums)
    return {
        "brier": estimate(float(score[0]), scores),
        "skill": estimate(float(skill[0]), skills),
    } | {name: round(part, DECIMALS) for name, part in brier_parts(one).items()}


def brier_and_skill(sums: Floats) -> tuple[Floats, Floats]:
    """From sums of squared errors, positives and weights: Brier score and skill; NaN where no sample has posts."""
    score, positive = ratio(sums[:, 0], sums[:, 2]), ratio(sums[:, 1], sums[:, 2])
    return score, 1 - ratio(score, positive * (1 - positive))


def brier_parts(one: One) -> dict[str, float]:
    """What the Brier score consists of: reliability - resolution + uncertainty + within_bins."""
    numbers, weights, truth, chance = bin_numbers(one.chance), one.draws.weights, one.truth, one.chance
    mass = np.bincount(numbers, weights)
    said, was = np.bincount(numbers, weights * chance) / mass, np.bincount(numbers, weights * truth) / mass
    mean, off = float(weights @ truth / weights.sum()), chance - said[numbers]
    scatter = off**2 - 2 * off * (truth - was[numbers])
    return {
        "reliability": float(mass @ (said - was) ** 2 / mass.sum()),
        "resolution": float(mass @ (was - mean) ** 2 / mass.sum()),
        "uncertainty": mean * (1 - mean),
        "within_bins": float(weights @ scatter / weights.sum()),
    }


def histogram_of(one: One) -> dict[str, Any]:
    """How many posts with and without the label have a probability in each twentieth."""
    edges = np.linspace(0, 1, BARS + 1)
    counts = {name: np.histogram(one.chance[kind], edges)[0] for name, kind in kinds(one).items()}
    return {"edges": np.round(edges, 2).tolist()} | {name: found.tolist() for name, found in counts.items()}


def kinds(one: One) -> dict[str, npt.NDArray[np.bool_]]:
    """Posts with the label and posts without."""
    return {"positives": one.truth, "negatives": ~one.truth}
