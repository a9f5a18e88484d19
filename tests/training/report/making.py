"""Posts of one label with made-up probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from training.draws import Draws
from training.report.judged import One

Floats = npt.NDArray[np.float64]


def one_of(truth: Any, chance: Any, *, groups: Any = None, weights: Any = None, **more: Any) -> One:
    """A label of posts; each is a group of its own and counts as one unless told otherwise."""
    size = len(truth)
    member = np.arange(size) if groups is None else np.asarray(groups)
    weight = np.ones(size) if weights is None else np.asarray(weights, float)
    draws = Draws.of(member, weight, more.pop("seed", 0), more.pop("resamples", 50))
    threshold = more.pop("threshold", 0.5)
    thresholds = more.pop("thresholds", {"balanced": threshold})
    parts = np.arange(size), np.asarray(truth, bool), np.asarray(chance, float)
    return One("label", *parts, thresholds, threshold, draws, **more)


def sample(seed: int, size: int = 120, *, weighted: bool = False) -> One:
    """Posts that a model tells apart now and then, with ties, in groups of about three."""
    dice = np.random.default_rng(seed)
    truth = dice.random(size) < 0.3
    chance = np.round(np.clip(dice.normal(0.3 + 0.3 * truth, 0.2), 0, 1), 2)
    weights = dice.choice([1.0, 2.5, 10.0], size) if weighted else None
    return one_of(truth, chance, groups=dice.integers(0, size // 3, size), weights=weights)


def drawn_weights(one: One) -> Floats:
    """How much each post counts in every sample, worked out the slow way, shape (resamples, posts)."""
    return np.array([[row[group] for group in one.draws.member] for row in one.draws.counts]) * one.draws.weights
