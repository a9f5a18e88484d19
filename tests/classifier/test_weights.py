"""Weights in serving order, with and without categories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from classifier.weights import membership, weights_for
from tests.classifier.making import made_bundle


def test_cue_weights_follow_the_serving_order_and_leave_out_what_does_not_serve() -> None:
    bundle = made_bundle()
    turned = replace(bundle, arrays={**bundle.arrays, "weights": np.asfortranarray(bundle.arrays["weights"])})
    weights = weights_for(turned, ["reported_speech", "call_to_join"])
    np.testing.assert_array_equal(weights.cue_weights, bundle.arrays["cue_weights"][[2, 0]])
    assert weights.weights.flags.c_contiguous


def test_a_bundle_without_categories_has_none_and_their_odds_count_nothing() -> None:
    weights = weights_for(made_bundle(categories=False), [])
    assert weights.category_weights.shape == (2**10, 0)
    assert weights.category_labels.shape == (0, 2)
    assert (len(weights.category_scale), len(weights.category_bias), weights.category_weight) == (0, 0, 0.0)


def test_categories_belong_to_the_labels_they_name() -> None:
    table = membership({"news": [], "both": ["a", "b"], "slogan": ["b"]}, ("a", "b"))
    assert table.tolist() == [[False, False], [True, True], [False, True]]
