"""Rates of profiles and slices, and what a threshold costs, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_score, recall_score

from tests.training.report.making import drawn_weights, one_of, sample
from training.report.rates import MOST_SLICES, profile_rates, slice_rates, slices_by
from training.report.workload import Stream, workload_of


@pytest.mark.parametrize("weighted", [False, True])
def test_rates_of_a_slice(weighted: bool) -> None:
    one = sample(6, weighted=weighted)
    inside = np.arange(len(one.truth)) % 2 == 0
    found = slice_rates(one, {"even": inside, "none": np.zeros_like(inside)})
    assert list(found) == ["even"]
    truth, flagged, weights = one.truth[inside], one.flagged[inside], one.draws.weights[inside]
    even = found["even"]
    assert (even["n"], even["positives"], even["flagged"]) == (inside.sum(), truth.sum(), flagged.sum())
    expected = precision_score(truth, flagged, sample_weight=weights)
    assert even["precision"]["value"] == pytest.approx(expected, abs=5e-5)
    assert even["recall"]["value"] == pytest.approx(recall_score(truth, flagged, sample_weight=weights), abs=5e-5)
    false = 1000 * weights[flagged & ~truth].sum() / weights[~truth].sum()
    assert even["false_flags"]["value"] == pytest.approx(false, abs=5e-4)
    precision = average_precision_score(truth, one.chance[inside], sample_weight=weights)
    assert even["average_precision"]["value"] == pytest.approx(precision, abs=5e-5)
    drawn = [recall_score(truth, flagged, sample_weight=weight[inside]) for weight in drawn_weights(one)]
    ends = np.quantile(drawn, [0.025, 0.975])
    assert [even["recall"]["low"], even["recall"]["high"]] == pytest.approx(ends, abs=6e-5)


def test_flagged_posts_alone_have_precision_only() -> None:
    one = one_of([True, False, True], [0.9, 0.8, 0.1], measurable=False, thresholds={"balanced": 0.5, "low": 0.0})
    found = profile_rates(one)
    assert found["balanced"]["precision"]["value"] == 0.5
    assert found["balanced"]["recall"] is None
    assert found["balanced"]["false_flags"] is None
    assert found["low"]["flagged"] == 3
    assert workload_of(one, Stream()) is None


def test_small_slices_are_counted_together_and_nameless_ones_not_at_all() -> None:
    names = np.array([f"b{n}" for n in range(MOST_SLICES + 5)] + ["b7"], object)
    found = slices_by(names)
    assert len(found) == MOST_SLICES + 1
    assert next(iter(found)) == "b7"
    assert found["all others (5)"].sum() == 5
    assert sum(inside.sum() for inside in found.values()) == len(names)
    assert slices_by(np.array(["", ""], object)) == {}
    assert list(slices_by(np.array(["", "", "a"], object))) == ["(blank)", "a"]


def test_what_a_threshold_costs() -> None:
    # at .5: three of four found, and two of ten others flagged
    truth, chance = [True] * 4 + [False] * 10, [0.9, 0.8, 0.6, 0.1, 0.7, 0.55, *[0.05] * 8]
    rows = workload_of(one_of(truth, chance), Stream(volume=1000, prevalence=0.1, seconds=36))
    assert rows is not None
    assert [row["threshold"] for row in rows] == sorted(row["threshold"] for row in rows)
    (row,) = [row for row in rows if row["name"] == "balanced"]
    flags = 1000 * (0.1 * 0.75 + 0.9 * 0.2)
    assert row["recall"]["value"] == 0.75
    assert row["flags"]["value"] == pytest.approx(flags)
    assert row["hours"]["value"] == pytest.approx(flags * 36 / 3600)
    assert row["missed"]["value"] == pytest.approx(25)
    assert row["precision"]["value"] == pytest.approx(75 / flags, abs=5e-5)
    (half,) = [row for row in rows if row["name"] == "recall 50%"]
    assert (half["threshold"], half["recall"]["value"]) == (0.8, 0.5)
    assert half["flags"]["low"] <= half["flags"]["value"] <= half["flags"]["high"]


def test_weights_move_the_costs() -> None:
    one = one_of([True, True, False, False], [0.9, 0.1, 0.9, 0.1], weights=[1, 3, 1, 9])
    rows = workload_of(one, Stream(volume=100, prevalence=0.5, seconds=36))
    assert rows is not None
    (row,) = [row for row in rows if row["name"] == "balanced"]
    assert (row["recall"]["value"], row["flags"]["value"]) == (0.25, pytest.approx(100 * (0.5 * 0.25 + 0.5 * 0.1)))
