"""Calibration is that of counting by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from tests.training.conftest import reproducibly
from training import reliability
from training.reliability import calibration_error, calibration_of, noise_floor

Floats = npt.NDArray[np.float64]


def array(*values: float) -> Floats:
    return np.array(values, float)


def test_the_error_is_that_of_counting_by_hand() -> None:
    truth, chance = np.array([True, False, True, True]), array(0.1, 0.2, 0.6, 0.9)
    # .5 of the lower half are positive, .15 were expected; all of the upper half, and .75 were
    assert calibration_error(truth, chance, bins=2) == pytest.approx((2 * 0.35 + 2 * 0.25) / 4)
    assert calibration_error(truth, chance, bins=1) == pytest.approx(abs(0.75 - 0.45))
    assert calibration_error(truth, chance, bins=15) == pytest.approx((0.9 + 0.2 + 0.4 + 0.1) / 4)


def test_a_larger_bin_weighs_more() -> None:
    truth, chance = np.array([True, True, True]), array(0.1, 0.2, 0.9)
    assert calibration_error(truth, chance, bins=2) == pytest.approx((2 * 0.85 + 1 * 0.1) / 3)


@reproducibly
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10**6)), min_size=1, max_size=50, unique_by=lambda one: one[1]))
def test_the_error_does_not_depend_on_the_order_and_is_a_share(drawn: list[tuple[bool, int]]) -> None:
    truth, chance = np.array([one for one, _ in drawn]), np.array([share for _, share in drawn]) / 10**6
    error = calibration_error(truth, chance)
    assert calibration_error(truth[::-1], chance[::-1]) == pytest.approx(error)
    assert 0 <= error <= 1
    assert error >= abs(truth.mean() - chance.mean()) - 1e-12


def sample(size: int, seed: int) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Labels that are drawn from their very probabilities."""
    dice = np.random.default_rng(seed)
    chance = dice.random(size)
    return dice.random(size) < chance, chance


def test_a_perfect_model_errs_as_the_noise_floor_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reliability, "DRAWS", 200)
    floors = {}
    for size in (300, 4800):
        errors = [calibration_error(*sample(size, seed)) for seed in range(100)]
        floors[size] = noise_floor(sample(size, 0)[1], seed=1000)
        assert floors[size] == pytest.approx(np.mean(errors), rel=0.1)
    assert floors[4800] == pytest.approx(floors[300] / 4, rel=0.15), "noise falls with the root of the number"


def test_a_model_that_is_too_sure_stands_out_from_the_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reliability, "DRAWS", 50)
    truth, chance = sample(3000, 0)
    sure = np.clip(1.5 * chance - 0.25, 0, 1)
    found = calibration_of(truth, sure, 0)
    assert found["error"] > 4 * found["floor"]
    assert calibration_of(truth, chance, 0)["error"] < 2 * calibration_of(truth, chance, 0)["floor"]


def test_the_noise_floor_is_seeded_and_nothing_where_all_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reliability, "DRAWS", 20)
    chance = sample(100, 0)[1]
    assert noise_floor(chance, 3) == noise_floor(chance, 3) != noise_floor(chance, 4)
    assert noise_floor(array(0, 1, 1), 0) == 0
    assert noise_floor(array(0.5), 0) == 0.5


def test_calibration_comes_with_its_floor_and_the_brier_score() -> None:
    truth, chance = sample(200, 1)
    found = calibration_of(truth, chance, 7)
    assert found == {
        "n": 200,
        "error": round(calibration_error(truth, chance), 4),
        "floor": round(noise_floor(chance, 7), 4),
        "brier": round(brier_score_loss(truth, chance), 4),
    }
