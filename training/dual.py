"""Logistic regression of many yes-or-no questions about the same posts, all in one pass over the posts.

Dual coordinate descent (Yu, Huang and Lin, "Dual coordinate descent methods for logistic regression and maximum
entropy models", Machine Learning 85, 2011), as in LIBLINEAR, with one difference: each post is visited once for all
questions, so that forty of them cost little more than reading the posts. LIBLINEAR itself draws its random order from
one generator for all threads, and would not give the same bytes twice.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from classifier.kernels.compiled import allocating, compiled

PASSES: Final = 8  # over all posts; more change average precision by less than .002
ROUNDS: Final = 60  # of Newton's method, which needs about six
CLOSE: Final = 1e-9


def fit_questions(
    table: csr_matrix, answers: npt.NDArray[np.bool_], regularisation: float, seed: int, passes: int = PASSES
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """Weights and biases of independent logistic regressions.

    Minimises ``|w|² / 2 + bias² / 2 + C Σ log(1 + exp(-y (w x + bias)))`` for each question.

    Parameters
    ----------
    table : csr_matrix of float64, shape (posts, features)
        Features.
    answers : ndarray of bool, shape (posts, questions)
        What is so of each post.
    regularisation : float
        Inverse strength C.
    seed : int
        Of the order in which posts are visited.
    passes : int
        How often all posts are visited.

    Returns
    -------
    weights : ndarray of float32, shape (features, questions)
        Per feature.
    bias : ndarray of float64, shape (questions,)
        Log odds of a post without features.
    """
    posts, questions = answers.shape
    weights, bias = np.zeros((table.shape[1], questions), np.float32), np.zeros(questions)
    signs = np.where(answers, 1.0, -1.0)
    alpha, random = np.zeros((posts, questions)), np.random.default_rng(seed)
    rows = (table.indptr.astype(np.int64), table.indices, table.data)
    for _ in range(passes):
        visit_all(random.permutation(posts), rows, signs, regularisation, alpha, weights, bias)
    return weights, bias


@allocating
def visit_all(order: Any, rows: Any, signs: Any, c: float, alpha: Any, weights: Any, bias: Any) -> None:
    """Visit every post once and set its dual variables, one per question, to their best values."""
    starts, features, values = rows
    questions = len(bias)
    moves = np.empty(questions)
    for post in order:
        moves[:] = bias
        square = 1.0
        for k in range(starts[post], starts[post + 1]):
            square += values[k] * values[k]
            for q in range(questions):
                moves[q] += values[k] * weights[features[k], q]
        for q in range(questions):
            best = best_alpha(square, signs[post, q] * moves[q], alpha[post, q], c)
            moves[q] = signs[post, q] * (best - alpha[post, q])
            alpha[post, q] = best
            bias[q] += moves[q]
        for k in range(starts[post], starts[post + 1]):
            for q in range(questions):
                weights[features[k], q] += values[k] * moves[q]


@compiled
def best_alpha(square: float, margin: float, old: float, c: float) -> float:
    """Where the dual is least along one coordinate: the `a` with ``square (a - old) + margin + log(a / (c - a)) = 0``.

    In ``s = log(a / (c - a))`` the left side rises everywhere, so Newton's steps inside a bracket arrive; every third
    step halves the bracket, since Newton's may jump to and fro across the bend.
    """
    low, high = -margin - square * (c - old), -margin + square * old
    s = min(max(-margin, low), high)
    for turn in range(ROUNDS):
        share = 1.0 / (1.0 + np.exp(-s))
        slope, value = 1.0 + square * c * share * (1.0 - share), square * (c * share - old) + margin + s
        if value > 0:
            high = s
        else:
            low = s
        step = s - value / slope
        if turn % 3 == 2 or not low < step < high:
            step = (low + high) / 2
        if abs(step - s) < CLOSE:
            break
        s = step
    return float(c / (1.0 + np.exp(-s)))
