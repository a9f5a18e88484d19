"""A post's margins taken apart by word, against the slow twin."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings

from classifier import Classifier, foldtable
from classifier.categories import POINTS, SHARES
from classifier.kernels.reasons import explain_post
from classifier.kernels.score import windows_of
from classifier.text import Folded, code_points, compose, fold
from tests.classifier import slow
from tests.classifier.making import fit_texts, long_texts, made_classifier, reproducibly

MODEL, WITHOUT = made_classifier(), made_classifier(categories=False)
RULE = list(zip(POINTS.tolist(), SHARES.tolist(), strict=True))
ROUNDING = 1e-4  # of parts, whose sums are in 32 bits and whose slopes are steep
Windows = list[tuple[int, int]]
Apart = tuple[np.ndarray, ...]  # the last is the likeness


def taken_apart(model: Classifier, composed: str, windows: Windows) -> Apart:
    likeness = np.full(len(model.manifest.categories), np.nan)
    found = explain_post(
        code_points(composed),
        foldtable.folding(),
        model.cues.patterns,
        model.settings.gram,
        model.weights,
        model.memory.take(),
        np.array(windows, np.int32),
        POINTS,
        SHARES,
        likeness,
    )
    return *found, likeness


def some_windows(post: Folded) -> Windows:
    """The whole, and a window of the post where it has any."""
    bounds = windows_of(post.symbols, len(post.symbols)).tolist()
    a, b = bounds[len(bounds) // 2] if bounds else (0, len(post.symbols))
    return [(0, len(post.symbols)), (a, b)]


@settings(reproducibly, max_examples=40)
@given(fit_texts | long_texts)
@example("вступай в отряд " * 9)
@example("за CBO вступай в.с.т.у.п.а.й!")
@example("...")
@pytest.mark.parametrize("model", [MODEL, WITHOUT], ids=["with categories", "without"])
def test_the_parts_of_words_are_those_of_the_slow_twin(model: Classifier, text: str) -> None:
    composed = compose(text)[0]
    post = fold(composed)
    skeleton, windows = str(post), some_windows(post)
    words, parts, *_ = taken_apart(model, composed, windows)
    for label, (a, b) in enumerate(windows):
        expected = slow.parts_of(skeleton, a, b, label, model.weights, model.settings, RULE)
        scale = 1 + max(map(abs, expected.values()), default=0.0)
        for (at, *_), part in zip(words.tolist(), parts[label].tolist(), strict=True):
            assert part == pytest.approx(expected.get(at, 0.0), abs=ROUNDING * scale)


@settings(reproducibly)
@given(fit_texts | long_texts)
@example("за CBO")
def test_words_and_cues_come_with_their_places(text: str) -> None:
    composed = compose(text)[0]
    post = fold(composed)
    skeleton = str(post)
    words, _, _, _, found, places, *_ = taken_apart(MODEL, composed, some_windows(post))
    assert [skeleton[a:b] for a, b, _, _ in words.tolist()] == skeleton.split()
    np.testing.assert_array_equal(places, [post.starts, post.ends])
    np.testing.assert_array_equal(found, MODEL.cues.find(post))
    for a, b, start, end in words.tolist():
        assert (start, end) == (post.starts[a], post.ends[b - 1])
    for one, other in pairwise(words.tolist()):
        assert one[2:] == other[2:] or one[3] <= other[2]  # two readings of a word stand in the same place


@settings(reproducibly)
@given(fit_texts | long_texts)
@example("\u0301")
def test_the_likeness_is_that_of_the_whole_post(text: str) -> None:
    composed = compose(text)[0]
    post = fold(composed)
    *_, likeness = taken_apart(MODEL, composed, some_windows(post)[1:] * 2)
    found = slow.occurrences(str(post), 0, len(post.symbols), MODEL.settings)
    odds = slow.log_odds(slow.way(found, MODEL.weights), MODEL.weights)
    assert likeness.tolist() == pytest.approx([slow.likelihood(one) for one in odds], abs=1e-5, rel=1e-3)


def test_parts_add_up_to_what_words_and_categories_give() -> None:
    text = "за CBO вступай в отряд, 300 000 руб!"
    skeleton = str(fold(text))
    _, parts, *_ = taken_apart(MODEL, text, [(0, len(skeleton))] * 2)
    found = slow.occurrences(skeleton, 0, len(skeleton), MODEL.settings)
    way = slow.way(found, MODEL.weights)
    for label in range(2):
        words = math.fsum(slow.label_value(one.bucket, label, MODEL.weights) for one in found)
        whole, nothing = (
            slow.gain(slow.log_odds(way, MODEL.weights, part), label, MODEL.weights) for part in (1.0, 0.0)
        )
        expected = words / slow.norm_of(found, MODEL.weights) + whole - nothing
        assert parts[label].sum() == pytest.approx(expected, abs=1e-4)


def test_a_rule_of_many_more_points_gives_nearly_the_same_parts() -> None:
    skeleton = str(fold("вступай в отряд"))
    many = [((k + 0.5) / 2000, 1 / 2000) for k in range(2000)]
    for label in range(2):
        few, dense = (
            slow.parts_of(skeleton, 0, len(skeleton), label, MODEL.weights, MODEL.settings, rule)
            for rule in (RULE, many)
        )
        assert few == pytest.approx(dense, abs=0.02)
