"""Two sides with probabilities of one's own, without a model behind them."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from classifier import Classifier
from tests.training.making import rolling, table
from training.compare.sides import Side
from training.posts import LabelledPosts
from training.report.judged import Judged

LABELS = ("recruitment", "separatism")


def side(posts: LabelledPosts, chances: Any, threshold: float = 0.5, groups: Any = None, resamples: int = 100) -> Side:
    """A side of given probabilities, shape (posts, labels)."""
    model = SimpleNamespace(
        labels=LABELS,
        manifest=SimpleNamespace(profiles={"balanced": {}}),
        thresholds=lambda _profile: dict.fromkeys(LABELS, threshold),
    )
    judged = Judged(cast("Classifier", model), posts, 3, resamples)
    known = {"chances": np.asarray(chances, float), "groups": np.arange(len(chances)) if groups is None else groups}
    judged.__dict__.update(known)  # what it would work out once and remember
    return Side(judged, "balanced")


def posts_of(truth: Sequence[Any], **columns: Sequence[Any]) -> LabelledPosts:
    """Posts of which every one has, lacks or leaves blank both labels; the texts share nothing."""
    dice = rolling(5)
    rows = [
        {"recruitment": value, "separatism": value, "text": "".join(dice.choices("abcdefghijklmnoprstuvyz ", k=60))}
        | {name: values[number] for name, values in columns.items()}
        for number, value in enumerate(truth)
    ]
    return table(rows)


def noisy(truth: Any, noise: float, seed: int) -> Any:
    """Probabilities of both labels, two decimals so that some are equal, that know the truth but for noise."""
    dice = np.random.default_rng(seed)
    known = np.nan_to_num(np.asarray(truth, float), nan=0.5)
    column = np.clip(0.25 + 0.5 * known + noise * dice.standard_normal(len(known)), 0, 1).round(2)
    return np.stack([column, column], axis=1)
