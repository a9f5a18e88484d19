"""What categories add to a margin: the compiled sum, its plain twin, and how it is shared by words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.categories import likelihoods, odds, pull_of_categories, resembling, slopes
from classifier.kernels.odds import add_category_odds
from classifier.weights import Weights, weights_for
from tests.classifier.making import made_bundle, made_classifier, reproducibly

LABELS = range(2)
numbers = st.floats(-400, 400)


def made_weights(**how: object) -> Weights:
    return weights_for(made_bundle(**how), [])  # type: ignore[arg-type]


@settings(reproducibly)
@given(st.lists(numbers, min_size=4, max_size=4), st.floats(0.5, 40))
def test_the_compiled_odds_are_those_of_the_plain_twin(sums: list[float], norm: float) -> None:
    weights, margins = made_weights(), np.zeros(2)
    add_category_odds(np.array(sums), norm, weights, margins)
    log_odds = weights.category_bias + np.array(sums) / norm * weights.category_scale
    assert margins.tolist() == pytest.approx([odds(weights, label, log_odds) for label in LABELS], abs=1e-9)


def test_an_empty_post_has_the_odds_of_the_biases() -> None:
    weights, margins = made_weights(), np.zeros(2)
    add_category_odds(np.full(4, 9.0), 0.0, weights, margins)
    assert margins.tolist() == pytest.approx([odds(weights, label, weights.category_bias) for label in LABELS])


def test_a_likelier_category_lifts_its_own_label_and_lowers_the_others() -> None:
    weights = made_weights()
    names = list(made_bundle().manifest.categories)
    only = names.index("only_recruitment")
    log_odds = weights.category_bias.copy()
    before = [odds(weights, label, log_odds) for label in LABELS]
    log_odds[only] += 1
    after = [odds(weights, label, log_odds) for label in LABELS]
    assert after[0] > before[0]
    assert after[1] < before[1]


@settings(reproducibly)
@given(st.lists(numbers, min_size=4, max_size=4))
def test_the_pull_shares_exactly_what_categories_add(sums: list[float]) -> None:
    weights, given_sums = made_weights(), np.array(sums)
    for label in LABELS:
        pull = pull_of_categories(weights, label, given_sums)
        start = weights.category_bias
        added = odds(weights, label, start + given_sums * weights.category_scale) - odds(weights, label, start)
        assert float(pull @ given_sums) == pytest.approx(added, abs=1e-9)


def test_the_slopes_are_the_derivatives() -> None:
    weights, step = made_weights(), 1e-6
    for label in LABELS:
        found = slopes(weights, label, weights.category_bias[None, :])[0]
        for category in range(4):
            moved = np.eye(4)[category] * step
            high = odds(weights, label, weights.category_bias + moved)
            low = odds(weights, label, weights.category_bias - moved)
            assert found[category] == pytest.approx((high - low) / (2 * step), abs=1e-6)


def test_a_small_step_is_shared_by_the_slope_where_it_is_taken() -> None:
    """With little to share the way is a point, and each category's part is its derivative."""
    weights, sums = made_weights(), np.array([0.01, -0.02, 0.005, 0.01])
    expected = slopes(weights, 0, weights.category_bias[None, :])[0] * weights.category_scale
    assert pull_of_categories(weights, 0, sums) == pytest.approx(expected, rel=1e-3, abs=1e-9)


def test_categories_can_change_a_flag_and_without_them_nothing_is_added() -> None:
    text = ["вступай в отряд"]
    with_them, without = made_classifier(), made_classifier(categories=False)
    assert with_them.margins(text)[0].tolist() != without.margins(text)[0].tolist()
    bare = weights_for(made_bundle(categories=False), [])
    assert [odds(bare, label, bare.category_bias) for label in LABELS] == [0.0, 0.0]
    assert pull_of_categories(bare, 0, np.empty(0)).tolist() == []


def test_a_label_without_categories_or_with_all_of_them_gains_nothing() -> None:
    weights = made_weights()
    for member in (False, True):
        labels = weights.category_labels.copy()
        labels[:, 0] = member
        lonely, margins = weights._replace(category_labels=labels), np.zeros(2)
        add_category_odds(np.ones(4), 1.0, lonely, margins)
        assert margins[0] == odds(lonely, 0, lonely.category_bias) == 0.0
        assert pull_of_categories(lonely, 0, np.ones(4)).tolist() == [0.0] * 4


@settings(reproducibly)
@given(st.lists(numbers, min_size=4, max_size=4))
def test_a_post_resembles_the_three_likeliest_kinds(sums: list[float]) -> None:
    weights, names = made_weights(), list(made_bundle().manifest.categories)
    shares = likelihoods(weights.category_bias + np.array(sums) * weights.category_scale)
    found = resembling(weights, names, np.array(sums))
    assert [one["share"] for one in found] == sorted((one["share"] for one in found), reverse=True)
    assert len({one["category"] for one in found}) == len(found) == 3
    for one in found:
        assert one["share"] == pytest.approx(shares[names.index(one["category"])] / shares.sum(), abs=5e-4)


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
    assert found.resembles == resembling(model.weights, model.explainer.categories, np.zeros(4))
