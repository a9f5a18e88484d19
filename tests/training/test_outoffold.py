"""Figures out of fold, held to scikit-learn and to a bootstrap written out."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from training.outoffold import label_figures


def test_average_precision_has_the_bounds_of_a_bootstrap_over_groups() -> None:
    dice = np.random.default_rng(3)
    truth = dice.random(240) < 0.3
    chance = np.round(np.clip(0.3 * truth + 0.7 * dice.random(240), 0, 1), 2)  # with equal ones among them
    groups = np.repeat(np.arange(80), 3)
    languages = np.array(["ru", "kk"], object)[dice.integers(0, 2, 240)]
    found = label_figures(truth, chance, groups, languages, 7)

    again = np.random.default_rng(7)
    samples = [row for _ in range(10) for row in again.multinomial(80, np.full(80, 1 / 80), size=100)]
    values = [average_precision_score(truth, chance, sample_weight=counts[groups]) for counts in samples]
    low, high = np.quantile(values, [0.025, 0.975])
    assert found["average_precision"] == pytest.approx(average_precision_score(truth, chance), abs=5e-5)
    assert (found["average_precision_low"], found["average_precision_high"]) == pytest.approx((low, high), abs=6e-5)
    assert (found["n"], found["positives"]) == (240, int(truth.sum()))
    for name in ("ru", "kk"):
        rows, one = languages == name, found["by_language"][name]
        assert one["average_precision"] == pytest.approx(average_precision_score(truth[rows], chance[rows]), abs=5e-5)
        assert one["average_precision_low"] < one["average_precision"] < one["average_precision_high"]


@pytest.mark.parametrize("truth", [[True] * 6, [False] * 6, [True, True, True, False, False, False]])
def test_what_cannot_be_told_has_no_bounds(truth: list[bool]) -> None:
    """One kind of posts only; or all samples in perfect order."""
    languages = np.array(["ru"] * 6, object)
    found = label_figures(np.array(truth), np.linspace(0.9, 0.1, 6), np.arange(6), languages, 0)
    assert (found["average_precision_low"], found["average_precision_high"]) == (None, None)
