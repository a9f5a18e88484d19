"""Weights in serving order, with and without categories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from classifier.blocks import LINE
from classifier.kernels.rows import IDF, KNOWN, SUMS, WIDTH
from classifier.weights import membership, weights_for
from tests.classifier.making import made_bundle


def test_cue_weights_follow_the_serving_order_and_leave_out_what_does_not_serve() -> None:
    bundle = made_bundle()
    weights = weights_for(bundle, ["reported_speech", "call_to_join"])
    np.testing.assert_array_equal(weights.cue_weights, bundle.arrays["cue_weights"][[2, 0]])
    assert weights.cue_weights.flags.c_contiguous


def test_what_belongs_to_a_bucket_lies_side_by_side() -> None:
    bundle = made_bundle()
    turned = replace(bundle, arrays={**bundle.arrays, "weights": np.asfortranarray(bundle.arrays["weights"])})
    weights = weights_for(turned, [])
    assert np.shares_memory(weights.floats, weights.steps)
    assert weights.floats.shape[1] * 4 == weights.steps.shape[1] == LINE
    assert weights.steps.ctypes.data % LINE == 0
    assert (str(weights.base.dtype), weights.base.shape) == ("float32", (2**10, 4))
    np.testing.assert_array_equal(weights.base[:, IDF], bundle.arrays["idf"])
    np.testing.assert_array_equal(weights.base[:, KNOWN], bundle.arrays["known_words"])
    np.testing.assert_array_equal(weights.base[:, SUMS:], bundle.arrays["weights"])


def test_categories_are_padded_to_a_width_that_the_loops_like() -> None:
    bundle = made_bundle()
    weights = weights_for(bundle, [])
    assert weights.columns == WIDTH
    assert weights.category_weights.shape == (2**10, WIDTH - SUMS - 2)
    np.testing.assert_array_equal(weights.category_weights[:, :4], bundle.arrays["category_weights"])
    assert not weights.category_weights[:, 4:].any()


def test_a_bundle_without_categories_has_none_and_their_odds_count_nothing() -> None:
    weights = weights_for(made_bundle(categories=False), [])
    assert not weights.category_weights.any()
    assert weights.category_labels.shape == (0, 2)
    assert (len(weights.category_scale), len(weights.category_bias), weights.category_weight) == (0, 0, 0.0)
    assert weights.columns == WIDTH


def test_categories_belong_to_the_labels_they_name() -> None:
    table = membership({"news": [], "both": ["a", "b"], "slogan": ["b"]}, ("a", "b"))
    assert table.tolist() == [[False, False], [True, True], [False, True]]
