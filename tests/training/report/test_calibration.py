"""Reliability, Brier score and its parts are those of scikit-learn and of counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from tests.training.report.making import drawn_weights, one_of, sample
from training.reliability import calibration_error
from training.report.calibration import calibration_figures, histogram_of


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.reliability.DRAWS", 20)


@pytest.mark.parametrize("weighted", [False, True])
def test_brier_score_and_skill(weighted: bool) -> None:
    one = sample(1, weighted=weighted)
    found = calibration_figures(one, seed=0)
    assert found is not None
    weights = one.draws.weights
    score = brier_score_loss(one.truth, one.chance, sample_weight=weights)
    mean = np.average(one.truth, weights=weights)
    always = brier_score_loss(one.truth, np.full(len(one.truth), mean), sample_weight=weights)
    assert found["brier"]["value"] == pytest.approx(score, abs=5e-5)
    assert found["skill"]["value"] == pytest.approx(1 - score / always, abs=5e-5)
    drawn = [brier_score_loss(one.truth, one.chance, sample_weight=weight) for weight in drawn_weights(one)]
    ends = np.quantile(drawn, [0.025, 0.975])
    assert [found["brier"]["low"], found["brier"]["high"]] == pytest.approx(ends, abs=6e-5)
    parts = found["reliability"] - found["resolution"] + found["uncertainty"] + found["within_bins"]
    assert parts == pytest.approx(score, abs=2e-4)
    assert found["uncertainty"] == pytest.approx(always, abs=5e-5)


def test_bins_have_equal_mass_and_the_error_is_theirs() -> None:
    one = sample(3, size=100)
    found = calibration_figures(one, seed=0)
    assert found is not None
    parts = np.array_split(np.argsort(one.chance, kind="stable"), 15)
    assert [bin_["n"] for bin_ in found["bins"]] == [len(part) for part in parts]
    assert [bin_["probability"] for bin_ in found["bins"]] == pytest.approx(
        [one.chance[part].mean() for part in parts], abs=5e-5
    )
    assert [bin_["share"]["value"] for bin_ in found["bins"]] == pytest.approx(
        [one.truth[part].mean() for part in parts], abs=5e-5
    )
    gaps = [len(part) * abs(one.truth[part].mean() - one.chance[part].mean()) for part in parts]
    assert found["error"] == pytest.approx(sum(gaps) / 100, abs=5e-5)
    assert found["error"] == round(calibration_error(one.truth, one.chance), 4)
    resolution = sum(len(part) * (one.truth[part].mean() - one.truth.mean()) ** 2 for part in parts) / 100
    assert found["resolution"] == pytest.approx(resolution, abs=5e-5)


def test_weights_count_as_copies_in_the_error() -> None:
    # one bin holds both posts: a share of 3/4 where .5 was said
    assert calibration_error(np.array([True, False]), np.array([0.5, 0.5]), 1, np.array([3.0, 1.0])) == 0.25


def test_the_histogram_counts_every_post_once() -> None:
    one = one_of([True, True, False, False, False], [1.0, 0.97, 0.0, 0.05, 0.049])
    found = histogram_of(one)
    assert (found["positives"][-1], sum(found["positives"])) == (2, 2)
    assert (found["negatives"][:2], sum(found["negatives"])) == ([2, 1], 3)


def test_no_posts_have_no_calibration() -> None:
    one = one_of([True], [0.5])
    assert calibration_figures(one.part(np.array([False])), 0) is None
