"""Many logistic regressions at once are the same as scikit-learn's one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from tests.training.conftest import reproducibly
from training.dual import best_alpha, fit_questions

POSTS, FEATURES, QUESTIONS = 300, 40, 3


def made(seed: int = 0) -> tuple[csr_matrix, np.ndarray]:
    random = np.random.default_rng(seed)
    table = random.random((POSTS, FEATURES)) * (random.random((POSTS, FEATURES)) < 0.2)
    margins = table @ random.normal(size=(FEATURES, QUESTIONS)) * 3 + random.normal(size=(POSTS, QUESTIONS)) - 1
    return csr_matrix(table), margins > 0


@pytest.mark.parametrize("regularisation", [0.1, 1.0, 30.0])
def test_with_enough_passes_weights_and_biases_are_scikit_learns(regularisation: float) -> None:
    table, answers = made()
    weights, bias = fit_questions(table, answers, regularisation, seed=0, passes=600)
    for question in range(QUESTIONS):
        model = LogisticRegression(C=regularisation, solver="liblinear", tol=1e-10, max_iter=10_000)
        model.fit(table, answers[:, question])
        assert weights[:, question] == pytest.approx(model.coef_[0], abs=2e-3)
        assert bias[question] == pytest.approx(model.intercept_[0], abs=2e-3)


def test_a_question_is_answered_alike_alone_and_among_others() -> None:
    table, answers = made()
    together, _ = fit_questions(table, answers, 10.0, seed=1)
    alone, _ = fit_questions(table, answers[:, [1]], 10.0, seed=1)
    np.testing.assert_array_equal(together[:, 1], alone[:, 0])


def test_the_same_seed_gives_the_same_bytes_and_another_order_nearly_the_same_answer() -> None:
    table, answers = made()
    one, again, other = (fit_questions(table, answers, 10.0, seed=seed, passes=40)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    assert np.abs(one - other).max() < 0.05 * np.abs(one).max()


def test_a_question_that_nobody_answers_with_yes_leaves_weights_that_say_no() -> None:
    table, _ = made()
    weights, bias = fit_questions(table, np.zeros((POSTS, 1), bool), 10.0, seed=0)
    assert (table @ weights[:, 0] + bias[0] < 0).all()


@reproducibly
@given(st.floats(0.5, 4), st.floats(-60, 60), st.floats(0, 1), st.sampled_from([0.1, 30.0, 300.0]))
def test_the_best_step_is_the_root_that_scipy_finds(square: float, margin: float, part: float, c: float) -> None:
    old = part * c
    root = brentq(lambda s: square * (c * expit(s) - old) + margin + s, -2000, 2000, xtol=1e-12)
    assert best_alpha(square, margin, old, c) == pytest.approx(c * expit(root), abs=1e-7 * c)
