"""Margins to probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.calibration import expit, logit, probabilities, rounded, shift_for
from tests.classifier.making import reproducibly

shares = st.floats(0.001, 0.999)
margins = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20).map(lambda found: np.array(sorted(found)))
CALIBRATION = {"slope": 1.5, "intercept": -0.5, "prevalence": 0.2}


@given(shares)
@reproducibly
def test_a_share_and_its_log_odds_are_one_another(share: float) -> None:
    assert expit(logit(share)) == pytest.approx(share)


@given(margins)
@reproducibly
def test_a_higher_margin_never_has_a_lower_probability(found: np.ndarray) -> None:
    chances = probabilities(found, CALIBRATION)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances) >= 0).all()


def test_platt_scaling_is_what_it_says() -> None:
    assert probabilities(np.array([2.0]), CALIBRATION)[0] == pytest.approx(1 / (1 + math.exp(-2.5)))


@given(margins, shares)
@reproducibly
def test_another_prevalence_moves_log_odds_by_one_amount(found: np.ndarray, share: float) -> None:
    shift = shift_for(CALIBRATION["prevalence"], share)
    np.testing.assert_allclose(
        probabilities(found, CALIBRATION, share),
        probabilities(found, CALIBRATION | {"intercept": CALIBRATION["intercept"] + shift}),
    )


@given(st.floats(0.01, 0.99), shares, shares)
@reproducibly
def test_the_shift_is_bayes_rule_for_new_shares(chance: float, before: float, after: float) -> None:
    """Saerens et al.: reweigh both classes by new over old share, then normalise."""
    positive, negative = chance * after / before, (1 - chance) * (1 - after) / (1 - before)
    assert expit(logit(chance) + shift_for(before, after)) == pytest.approx(positive / (positive + negative))


def test_no_prevalence_and_the_same_prevalence_change_nothing() -> None:
    assert shift_for(0.2, None) == 0
    assert shift_for(0.2, 0.2) == 0


def test_probabilities_have_six_decimals() -> None:
    assert rounded(np.array([0.12345649, 0.9999999, 1e-9])).tolist() == [0.123456, 1.0, 0.0]
