"""Samples of whole groups: shares and sums are those of counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.training.report.making import drawn_weights, one_of, sample
from training.draws import CELLS, Draws, bounds, estimate, shares
from training.intervals import resampled


def test_samples_are_those_of_resampled() -> None:
    groups = np.array([7, 7, 3, 9, 9, 9])
    values = np.array([1.0, 0, 1, 1, 0, 0])
    draws = Draws.of(groups, np.ones(6), seed=3, resamples=250)
    found = bounds(draws.sums(values[:, None]))
    expected = resampled(lambda weights: float(weights @ values), groups, seed=3, resamples=250)
    assert [float(bound[0]) for bound in found] == pytest.approx(expected)
    assert (draws.counts.sum(axis=1) == 3).all(), "as many groups in a sample as there are"


def test_blocks_are_the_same_whatever_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sample(0, weighted=True)
    order = np.arange(len(one.truth))[::-1]
    whole = np.concatenate(list(one.draws.blocks(order)))
    assert whole == pytest.approx(drawn_weights(one)[:, order])
    sums = one.draws.sums(one.truth[:, None].astype(float))
    assert sums[:, 0] == pytest.approx(drawn_weights(one) @ one.truth)
    monkeypatch.setattr("training.draws.CELLS", CELLS // 10**5)
    assert np.concatenate(list(one.draws.blocks(order))) == pytest.approx(whole)
    assert one.draws.sums(one.truth[:, None].astype(float)) == pytest.approx(sums)


@pytest.mark.parametrize("weighted", [False, True])
def test_shares_by_hand(weighted: bool) -> None:
    one = sample(2, weighted=weighted)
    tries = np.stack([one.chance > 0.4, one.truth], axis=1)
    hits = tries & one.truth[:, None] & (one.chance > 0.3)[:, None]
    for place, found in enumerate(shares(hits, tries, one.draws, 1000)):
        weights = one.draws.weights
        value = 1000 * weights[hits[:, place]].sum() / weights[tries[:, place]].sum()
        assert found is not None
        assert found["value"] == pytest.approx(value, abs=5e-5)
        drawn = [w[hits[:, place]].sum() / w[tries[:, place]].sum() for w in drawn_weights(one)]
        ends = 1000 * np.quantile(drawn, [0.025, 0.975])
        assert [found["low"], found["high"]] == pytest.approx(ends, abs=1e-3)


@pytest.mark.parametrize("hit", [True, False])
def test_all_alike_has_the_interval_of_wilson_over_groups(hit: bool) -> None:
    one = one_of([True] * 6, [0.5] * 6, groups=[0, 0, 0, 1, 1, 2])
    (found,) = shares(np.full((6, 1), hit), np.ones((6, 1), bool), one.draws)
    expected = binomtest(3 * hit, 3).proportion_ci(0.95, "wilson")
    assert found is not None
    assert found["value"] == hit
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high), abs=5e-5)


def test_nothing_tried_has_no_share() -> None:
    one = one_of([True, False], [0.5, 0.5])
    nothing = np.zeros((2, 1), bool)
    assert shares(nothing, nothing, one.draws) == [None]


def test_bounds_leave_out_samples_without_the_figure() -> None:
    values = np.array([[np.nan, np.nan], [1.0, np.nan], [3.0, np.nan]])
    low, high = bounds(values)
    assert [low[0], high[0]] == pytest.approx([1.05, 2.95])
    assert np.isnan([low[1], high[1]]).all()
    assert estimate(2.0, values[:, 1]) == {"value": 2.0, "low": None, "high": None}
    assert estimate(float("nan"), values[:, 0]) is None
