"""Average precision with weights is scikit-learn's; intervals cover what they say and keep groups whole."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from tests.training.conftest import reproducibly
from training.intervals import resampled, weighted_average_precision

posts = st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 4)), min_size=1, max_size=60)


@reproducibly
@given(posts)
def test_weighted_average_precision_is_scikit_learns(drawn: list[tuple[bool, int, int]]) -> None:
    truth, score, weights = (np.array(column) for column in zip(*drawn, strict=True))
    ours = weighted_average_precision(truth, score.astype(float), weights.astype(float))
    if not (truth & (weights > 0)).any():
        assert math.isnan(ours)
        return
    used = weights > 0
    theirs = average_precision_score(truth[used], score[used], sample_weight=weights[used])
    assert ours == pytest.approx(theirs)


def test_the_interval_of_a_mean_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(1).normal(size=2000)
    low, high = resampled(lambda weights: float(np.average(values, weights=weights)), np.arange(2000), seed=0)
    half = 1.96 * values.std() / math.sqrt(2000)
    assert low == pytest.approx(values.mean() - half, abs=0.004)
    assert high == pytest.approx(values.mean() + half, abs=0.004)


def test_groups_come_and_go_together() -> None:
    seen: list[np.ndarray] = []

    def figure(weights: np.ndarray) -> float:
        seen.append(weights)
        return 0.0

    resampled(figure, np.array([7, 7, 3, 3, 3, 9]), seed=0, resamples=50)
    assert len(seen) == 50
    for weights in seen:
        assert weights[0] == weights[1]
        assert weights[2] == weights[3] == weights[4]
        assert weights[0] + weights[2] + weights[5] == 3


def test_the_same_seed_gives_the_same_interval_and_nothing_gives_none() -> None:
    values = np.arange(30.0)

    def mean(weights: np.ndarray) -> float:
        return float(np.average(values, weights=weights))

    assert resampled(mean, np.arange(30), seed=4) == resampled(mean, np.arange(30), seed=4)
    assert resampled(mean, np.arange(30), seed=4) != resampled(mean, np.arange(30), seed=5)
    assert all(map(math.isnan, resampled(lambda _: float("nan"), np.arange(3), seed=0)))
