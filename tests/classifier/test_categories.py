"""What categories add to a margin: the compiled sum, its plain twin, and how it is shared by words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.categories import POINTS, SHARES, odds_of_nothing, resembling
from classifier.kernels.odds import FARTHEST, add_category_odds, likelihood, odds_at, pull
from classifier.kernels.rows import Weights
from classifier.weights import weights_for
from tests.classifier import slow
from tests.classifier.making import made_bundle, made_classifier, reproducibly

LABELS = range(2)
KINDS = 4
RULE = list(zip(POINTS.tolist(), SHARES.tolist(), strict=True))
sums_of_kinds = st.lists(st.floats(-4000, 4000), min_size=KINDS, max_size=KINDS)
steps = st.lists(st.floats(-12, 12), min_size=KINDS, max_size=KINDS)


def made_weights(**how: Any) -> Weights:
    return weights_for(made_bundle(**how), [])


WEIGHTS = made_weights()


def added(sums: np.ndarray, norm: float, weights: Weights) -> list[float]:
    """What the compiled loop adds to the margins of the labels."""
    margins = np.zeros(2)
    way, shares = np.empty(len(weights.category_scale)), np.empty(len(weights.category_scale))
    add_category_odds(sums, norm, weights, way, shares, margins)
    return [float(margin) for margin in margins]


def factors_of(sums: np.ndarray, norm: float, label: int, weights: Weights) -> np.ndarray:
    """What the compiled loop finds that a unit of each sum counts."""
    factors, own = np.zeros(len(sums)), np.ascontiguousarray(weights.category_labels[:, label])
    rest = (weights.category_weight, POINTS, SHARES, factors)
    pull(sums, norm, weights.category_scale, weights.category_bias, own, *rest)
    return factors


def gains(odds: list[float]) -> list[float]:
    return [slow.gain(odds, label, WEIGHTS) for label in LABELS]


@settings(reproducibly)
@given(sums_of_kinds, st.floats(0.5, 40))
def test_the_compiled_odds_are_those_of_the_slow_twin(sums: list[float], norm: float) -> None:
    way = [total / norm * scale for total, scale in zip(sums, WEIGHTS.category_scale.tolist(), strict=True)]
    assert added(np.array(sums), norm, WEIGHTS) == pytest.approx(gains(slow.log_odds(way, WEIGHTS)), abs=1e-9)


@settings(reproducibly)
@given(steps, st.floats(0, 1))
def test_the_odds_on_the_way_are_those_of_the_slow_twin(way: list[float], part: float) -> None:
    for label in LABELS:
        own = np.ascontiguousarray(WEIGHTS.category_labels[:, label])
        room = np.empty(KINDS)
        found = odds_at(np.array(way), part, WEIGHTS.category_bias, own, WEIGHTS.category_weight, room)
        assert found == pytest.approx(slow.gain(slow.log_odds(way, WEIGHTS, part), label, WEIGHTS), abs=1e-9)


def test_an_empty_post_has_the_odds_of_the_biases() -> None:
    expected = gains(WEIGHTS.category_bias.tolist())
    assert added(np.full(KINDS, 9.0), 0.0, WEIGHTS) == pytest.approx(expected)
    assert [odds_of_nothing(WEIGHTS, label) for label in LABELS] == pytest.approx(expected)


@pytest.mark.parametrize(("odds", "share"), [(0.0, 0.5), (np.log(3), 0.75), (1e9, None), (-1e9, None)])
def test_a_likelihood_is_never_certain(odds: float, share: float | None) -> None:
    expected = share or 1 / (1 + np.exp(-np.copysign(FARTHEST, odds)))
    assert likelihood(odds) == pytest.approx(expected, rel=1e-12)
    assert likelihood(-1e9) > 0.0


def test_a_likelier_category_lifts_its_own_label_and_lowers_the_others() -> None:
    only = list(made_bundle().manifest.categories).index("only_recruitment")
    sums = np.zeros(KINDS)
    before = added(sums, 1.0, WEIGHTS)
    sums[only] = 1 / WEIGHTS.category_scale[only]
    after = added(sums, 1.0, WEIGHTS)
    assert after[0] > before[0]
    assert after[1] < before[1]


@settings(reproducibly)
@given(steps, st.floats(0.5, 40))
def test_the_pull_is_that_of_the_slow_twin_and_shares_exactly_what_categories_add(
    way: list[float], norm: float
) -> None:
    sums = np.array(way) * norm / WEIGHTS.category_scale
    for label in LABELS:
        factors = factors_of(sums, norm, label, WEIGHTS)
        expected = np.array(slow.pull(way, label, WEIGHTS, RULE)) * WEIGHTS.category_scale / norm
        assert factors.tolist() == pytest.approx(expected.tolist(), abs=1e-9)
        gained = added(sums, norm, WEIGHTS)[label] - odds_of_nothing(WEIGHTS, label)
        assert float(factors @ sums) == pytest.approx(gained, abs=1e-9)


def test_the_slopes_of_the_slow_twin_are_the_derivatives() -> None:
    step, start = 1e-6, WEIGHTS.category_bias.tolist()
    for label in LABELS:
        found = slow.slopes(start, label, WEIGHTS)
        for kind in range(KINDS):
            high, low = ([*start[:kind], start[kind] + moved, *start[kind + 1 :]] for moved in (step, -step))
            slope = (slow.gain(high, label, WEIGHTS) - slow.gain(low, label, WEIGHTS)) / (2 * step)
            assert found[kind] == pytest.approx(slope, abs=1e-6)


def test_a_small_step_is_shared_by_the_slope_where_it_is_taken() -> None:
    """With little to share the way is a point, and each category's part is its derivative."""
    sums = np.array([0.01, -0.02, 0.005, 0.01])
    expected = np.array(slow.slopes(WEIGHTS.category_bias.tolist(), 0, WEIGHTS)) * WEIGHTS.category_scale
    assert factors_of(sums, 1.0, 0, WEIGHTS) == pytest.approx(expected, rel=1e-3, abs=1e-9)


def test_the_rule_of_the_integral_is_exact_for_what_it_should_be() -> None:
    assert ((POINTS > 0) & (POINTS < 1)).all()
    for power in range(16):
        assert float(SHARES @ POINTS**power) == pytest.approx(1 / (power + 1), rel=1e-12)


def test_categories_can_change_a_flag_and_without_them_nothing_is_added() -> None:
    text = ["вступай в отряд"]
    with_them, without = made_classifier(), made_classifier(categories=False)
    assert with_them.margins(text).margins.tolist() != without.margins(text).margins.tolist()
    bare = made_weights(categories=False)
    assert [odds_of_nothing(bare, label) for label in LABELS] == added(np.empty(0), 1.0, bare) == [0.0, 0.0]
    assert factors_of(np.empty(0), 1.0, 0, bare).tolist() == []


def test_a_label_without_categories_or_with_all_of_them_gains_nothing() -> None:
    for member in (False, True):
        labels = WEIGHTS.category_labels.copy()
        labels[:, 0] = member
        lonely = WEIGHTS._replace(category_labels=labels)
        assert added(np.ones(KINDS), 1.0, lonely)[0] == odds_of_nothing(lonely, 0) == 0.0
        assert factors_of(np.ones(KINDS), 1.0, 0, lonely).tolist() == [0.0] * KINDS


@settings(reproducibly)
@given(st.lists(st.floats(1e-9, 1), min_size=KINDS, max_size=KINDS))
def test_a_post_resembles_the_three_likeliest_kinds(likeness: list[float]) -> None:
    names = list(made_bundle().manifest.categories)
    found = resembling(names, np.array([likeness]))[0]
    assert [one["share"] for one in found] == sorted((one["share"] for one in found), reverse=True)
    assert len({one["category"] for one in found}) == len(found) == 3
    left = set(names) - {one["category"] for one in found}
    for one in found:
        mine = likeness[names.index(one["category"])]
        assert one["share"] == pytest.approx(mine / sum(likeness), abs=5e-4)
        assert all(mine >= likeness[names.index(name)] for name in left)


def test_a_score_with_evidence_says_what_the_post_resembles() -> None:
    text = ["вступай в отряд"]
    plain, explained = (made_classifier().score(text, explain=explain)[0] for explain in (False, True))
    assert "resembles" not in plain.to_dict()
    assert [set(one) for one in explained.to_dict()["resembles"]] == [{"category", "share"}] * 3
    without = made_classifier(categories=False).score(text, explain=True)[0]
    assert without.resembles is None
    assert "resembles" not in without.to_dict()


def test_an_empty_skeleton_resembles_what_the_biases_say() -> None:
    model = made_classifier()
    (found,) = model.score(["\u0301"], explain=True)
    shares = np.array([slow.likelihood(bias) for bias in model.weights.category_bias.tolist()])
    assert found.resembles == resembling(model.explainer.categories, shares[np.newaxis])[0]
