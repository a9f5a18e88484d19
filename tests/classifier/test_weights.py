"""Weights in serving order."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.weights import weights_for


def test_cue_weights_follow_the_serving_order_and_leave_out_what_does_not_serve() -> None:
    arrays: dict[str, npt.NDArray[Any]] = {
        "idf": np.ones(2, np.float32),
        "weights": np.asfortranarray(np.ones((2, 3), np.float32)),
        "bias": np.zeros(3),
        "cue_weights": np.array([[1.0], [2.0], [3.0]]),
    }
    weights = weights_for(arrays, ["a", "b", "c"], ["c", "a"])
    assert weights.cue_weights.tolist() == [[3.0], [1.0]]
    assert weights.weights.flags.c_contiguous
