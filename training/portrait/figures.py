"""Figures of a portrait: calibration beside its noise floor, languages told apart, mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier import lang
from training.posts import LabelledPosts

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
BINS: Final = 15  # of equal mass
DRAWS: Final = 1000  # of labels from a perfectly calibrated model
DECIMALS: Final = 4
SHORT: Final = 40  # characters of a post that is short


def calibration_error(truth: Bools, chance: Floats, bins: int = BINS) -> float:
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
        How many.

    Returns
    -------
    float
        Mean absolute difference of the mean probability and the share of positives, weighted by the bins' sizes.
    """
    order = np.argsort(chance, kind="stable")
    parts = np.array_split(order, bins)
    gaps = [len(part) * abs(float(truth[part].mean() - chance[part].mean())) for part in parts if len(part)]
    return sum(gaps) / len(truth)


def noise_floor(chance: Floats, seed: int, bins: int = BINS) -> float:
    """Calibration error that a perfect model of these probabilities has on average, by drawing labels from them."""
    dice = np.random.default_rng(seed)
    errors = [calibration_error(dice.random(len(chance)) < chance, chance, bins) for _ in range(DRAWS)]
    return float(np.mean(errors))


def calibration_of(truth: Bools, chance: Floats, seed: int) -> dict[str, Any]:
    """Calibration error, noise floor and Brier score."""
    return {
        "n": len(truth),
        "error": round(calibration_error(truth, chance), DECIMALS),
        "floor": round(noise_floor(chance, seed), DECIMALS),
        "brier": round(float(((chance - truth) ** 2).mean()), DECIMALS),
    }


def languages_of(posts: LabelledPosts) -> dict[str, dict[str, dict[str, int]]]:
    """By length and stated language, how many posts are told rightly, not at all, or wrongly."""
    stated = [name.split("-")[0] for name in posts.frame["lang"]]
    figures: dict[str, dict[str, dict[str, int]]] = {"all": {}, "short": {}}
    for name, text in zip(stated, posts.texts, strict=True):
        found = lang.detect(text)
        outcome = "right" if found == name else "unknown" if found == lang.UNKNOWN else "wrong"
        for kind in ("all", "short") if len(text) < SHORT else ("all",):
            counts = figures[kind].setdefault(name, {"n": 0, "right": 0, "unknown": 0, "wrong": 0})
            counts["n"] += 1
            counts[outcome] += 1
    return figures


def worst(posts: LabelledPosts, label: str, chance: Floats, threshold: float, most: int = 10) -> dict[str, Any]:
    """The posts that are furthest on the wrong side of a threshold.

    Parameters
    ----------
    posts : LabelledPosts
        With their labels.
    label : str
        Which.
    chance : ndarray of float64, shape (posts,)
        Probabilities by models that have not seen them.
    threshold : float
        From which a post is flagged.
    most : int
        How many of each kind.

    Returns
    -------
    dict
        `false_flags` and `missed`: id, category, probability and text of the worst; and how many there are of each.
    """
    frame = posts.frame
    truth = frame[label].to_numpy(float)
    kinds = {
        "false_flags": np.flatnonzero((truth == 0) & (chance >= threshold)),
        "missed": np.flatnonzero((truth == 1) & (chance < threshold)),
    }
    found: dict[str, Any] = {}
    for kind, rows in kinds.items():
        away = -chance[rows] if kind == "false_flags" else chance[rows]
        picked = [rows[k] for k in np.argsort(away, kind="stable")]
        found[kind] = [
            {
                "id": str(frame["id"].iloc[row]),
                "category": str(frame["category"].iloc[row]),
                "probability": round(float(chance[row]), 3),
                "text": str(frame["text"].iloc[row]),
            }
            for row in picked[:most]
        ]
        found[f"{kind}_n"] = len(rows)
    return found


def shares(counts: Mapping[str, int], names: Sequence[str]) -> list[float]:
    """Counts as shares of `n`."""
    return [counts[name] / counts["n"] for name in names]
