"""The numbers of a model in the form that the compiled loops read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.bundle import Bundle
from classifier.kernels.grams import IDF, KNOWN, SUMS

WIDTH: Final = 16


class Weights(NamedTuple):
    """Weights of all labels and categories; one bucket's lie side by side in memory.

    Parameters
    ----------
    base : ndarray of float32, shape (buckets, 2 + labels)
        Per bucket: inverse document frequency, 1 where it is of a word that was learned from, and weights of labels.
    bias : ndarray of float64, shape (labels,)
        Margin of an empty post, before categories.
    cue_weights : ndarray of float64, shape (cues, labels)
        Per cue, the scale of cues against n-grams already multiplied in.
    category_weights : ndarray of int8, shape (buckets, columns)
        Per n-gram bucket, in units of the category's scale; 0 in the columns that fill up to a multiple of 16.
    category_scale : ndarray of float64, shape (categories,)
        What one unit is worth.
    category_bias : ndarray of float64, shape (categories,)
        Log odds of a category for an empty post.
    category_labels : ndarray of bool, shape (categories, labels)
        Which label a category's posts have.
    category_weight : float
        What the log odds of a label's categories against all others count in its margin.
    """

    base: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float64]
    cue_weights: npt.NDArray[np.float64]
    category_weights: npt.NDArray[np.int8]
    category_scale: npt.NDArray[np.float64]
    category_bias: npt.NDArray[np.float64]
    category_labels: npt.NDArray[np.bool_]
    category_weight: float

    @property
    def columns(self) -> int:
        """Columns of the rows that the loops add up."""
        return int(self.base.shape[1] + self.category_weights.shape[1])


def weights_for(bundle: Bundle, serving: Sequence[str]) -> Weights:
    """Weights of a bundle with the cues in serving order."""
    arrays, manifest = bundle.arrays, bundle.manifest
    rows = [manifest.features["cues"].index(name) for name in serving]
    if not manifest.categories:
        none = {"category_scale": np.empty(0), "category_bias": np.empty(0)}
        arrays = {**arrays, **none, "category_weights": np.empty((len(arrays["idf"]), 0), np.int8)}
    base = np.empty((len(arrays["idf"]), SUMS + len(manifest.labels)), np.float32)
    base[:, IDF], base[:, KNOWN], base[:, SUMS:] = arrays["idf"], arrays["known_words"], arrays["weights"]
    return Weights(
        base,
        arrays["bias"],
        np.ascontiguousarray(arrays["cue_weights"][rows]),
        padded(arrays["category_weights"]),
        arrays["category_scale"],
        arrays["category_bias"],
        membership(manifest.categories, manifest.labels),
        manifest.category_weight,
    )


def padded(weights: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Weights with columns of 0 up to a multiple of 16, a width that the loops like."""
    buckets, categories = weights.shape
    wide = np.zeros((buckets, -(-categories // WIDTH) * WIDTH), np.int8)
    wide[:, :categories] = weights
    return wide


def membership(categories: Mapping[str, Sequence[str]], labels: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which label each category's posts have, shape (categories, labels)."""
    rows = [[label in named for label in labels] for named in categories.values()]
    return np.array(rows, bool).reshape(len(rows), len(labels))
