"""The numbers of a model in the form that the compiled loops read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt


class Weights(NamedTuple):
    """Weights of all labels; one bucket's lie side by side in memory.

    Parameters
    ----------
    idf : ndarray of float32, shape (buckets,)
        Inverse document frequencies.
    weights : ndarray of float32, shape (buckets, labels)
        Per n-gram bucket.
    bias : ndarray of float64, shape (labels,)
        Margin of an empty post.
    cue_weights : ndarray of float64, shape (cues, labels)
        Per cue, the scale of cues against n-grams already multiplied in.
    """

    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float64]
    cue_weights: npt.NDArray[np.float64]


def weights_for(arrays: Mapping[str, npt.NDArray[Any]], trained: Sequence[str], serving: Sequence[str]) -> Weights:
    """Weights with the cues in serving order; `trained` names the rows of the stored cue weights."""
    rows = [trained.index(name) for name in serving]
    cue_weights = np.ascontiguousarray(arrays["cue_weights"][rows])
    return Weights(arrays["idf"], np.ascontiguousarray(arrays["weights"]), arrays["bias"], cue_weights)
