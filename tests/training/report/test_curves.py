"""Curves and areas are those of scikit-learn, on the posts and on every bootstrap sample."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from tests.training.report.making import drawn_weights, one_of, sample
from training.intervals import resampled, weighted_average_precision
from training.report.curves import FALSE_RATES, RECALLS, average_precision_of, curves_of


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_areas_and_their_intervals(seed: int, weighted: bool) -> None:
    one = sample(seed, weighted=weighted)
    found = curves_of(one)
    for name, score in (("average_precision", average_precision_score), ("auc", roc_auc_score)):
        expected = score(one.truth, one.chance, sample_weight=one.draws.weights)
        assert found[name]["value"] == pytest.approx(expected, abs=5e-5)
        drawn = [score(one.truth, one.chance, sample_weight=weights) for weights in drawn_weights(one)]
        assert [found[name]["low"], found[name]["high"]] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=6e-5)


def test_the_interval_is_that_of_the_rest_of_the_house() -> None:
    one = sample(5)
    low, high = resampled(
        lambda weights: weighted_average_precision(one.truth, one.chance, weights),
        one.draws.member,
        seed=0,
        resamples=50,
    )
    found = average_precision_of(one)
    assert found is not None
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=5e-5)
    assert found == curves_of(one)["average_precision"]


@pytest.mark.parametrize("weighted", [False, True])
def test_curves_and_their_bands(weighted: bool) -> None:
    one = sample(4, weighted=weighted)
    found = curves_of(one)
    weights = [one.draws.weights, *drawn_weights(one)]
    precision, recall = [], []
    for weight in weights:
        precisions, recalls, _ = precision_recall_curve(one.truth, one.chance, sample_weight=weight)
        # recalls fall: the last place that still reaches the share has the highest threshold
        precision.append([precisions[np.flatnonzero(recalls >= share - 1e-9)[-1]] for share in RECALLS])
        false, true, _ = roc_curve(one.truth, one.chance, sample_weight=weight, drop_intermediate=False)
        recall.append(np.interp(FALSE_RATES, false, true))
    for name, values in (("precision_recall", precision), ("roc", recall)):
        assert found[name]["y"] == pytest.approx(values[0], abs=6e-5)
        assert found[name]["low"] == pytest.approx(np.quantile(values[1:], 0.025, axis=0), abs=6e-5)
        assert found[name]["high"] == pytest.approx(np.quantile(values[1:], 0.975, axis=0), abs=6e-5)


@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_one_kind_of_posts_has_no_curve(truth: list[bool]) -> None:
    one = one_of(truth, [0.2, 0.4])
    assert set(curves_of(one).values()) == {None}
    assert average_precision_of(one) is None


def test_flagged_posts_alone_have_no_curve() -> None:
    one = one_of([True, False], [0.2, 0.4], measurable=False)
    assert set(curves_of(one).values()) == {None}
    assert average_precision_of(one) is None


def test_a_perfect_order_claims_no_certainty() -> None:
    found = curves_of(one_of([True] * 9 + [False] * 9, np.arange(18)[::-1] / 18))
    assert found["auc"] == found["average_precision"] == {"value": 1.0, "low": None, "high": None}
