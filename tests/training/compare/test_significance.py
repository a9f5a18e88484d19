"""Tests of pairs agree with scipy and with all signs counted one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, false_discovery_control, norm

from tests.training.conftest import reproducibly
from training.compare.significance import from_samples, holm, mcnemar, sign_flip


def test_mcnemar_counts_the_cells_and_asks_the_binomial() -> None:
    right_a = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], bool)
    right_b = np.array([1, 1, 1, 0, 1, 1, 1, 1, 1, 0], bool)
    assert mcnemar(right_a, right_b) == {
        "both": 3, "only_a": 1, "only_b": 5, "neither": 1, "p": pytest.approx(14 / 64),
    }  # fmt: skip
    assert mcnemar(right_a, right_a)["p"] == 1.0


@reproducibly
@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=60))
def test_of_posts_that_stand_alone_it_is_mcnemars(differences: list[int]) -> None:
    a = np.array([value == -1 for value in differences])
    b = np.array([value == 1 for value in differences])
    found = sign_flip(np.array(differences), np.arange(len(differences)))
    assert found == pytest.approx(mcnemar(a, b)["p"], abs=1e-12)


@reproducibly
@given(st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.integers(0, 6)), min_size=1, max_size=24))
def test_every_sign_of_every_group_is_counted(posts: list[tuple[int, int]]) -> None:
    differences, groups = (np.array(column) for column in zip(*posts, strict=True))
    sums = [int(differences[groups == group].sum()) for group in set(groups.tolist())]
    totals = [abs(sum(s * d for s, d in zip(signs, sums, strict=True))) for signs in product((1, -1), repeat=len(sums))]
    expected = np.mean([total >= abs(sum(sums)) for total in totals])
    assert sign_flip(differences, groups) == pytest.approx(expected, abs=1e-12)


def test_a_campaign_is_one_witness() -> None:
    alone = sign_flip(np.ones(12, np.int64), np.arange(12))
    together = sign_flip(np.ones(12, np.int64), np.repeat([0, 1, 2], 4))
    assert alone == pytest.approx(binomtest(12, 12).pvalue)
    assert together == pytest.approx(0.25)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.7, 0.9]) == [1.0, 1.0]


@reproducibly
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_between_no_correction_and_bonferronis(values: list[float]) -> None:
    found = np.array(holm(values))
    assert (found >= np.array(values) - 1e-12).all()
    assert (found <= np.minimum(1, np.array(values) * len(values)) + 1e-12).all()
    assert (found >= false_discovery_control(values) - 1e-12).all(), "it is stricter than Benjamini and Hochberg's"


def test_a_difference_is_held_against_its_error() -> None:
    samples = np.random.default_rng(0).normal(0.1, 0.05, 20_000)
    assert from_samples(0.1, samples) == pytest.approx(2 * norm.sf(2), rel=0.05)
    assert from_samples(0.0, np.zeros(10)) == 1.0
    assert from_samples(0.1, np.array([np.nan, np.nan])) == 1.0
