"""The numbers of a model in the form that the compiled loops read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from classifier.blocks import LINE, zeros
from classifier.bundle import Bundle
from classifier.kernels.rows import IDF, KNOWN, SUMS, Weights, columns_for, filled_up


def weights_for(bundle: Bundle, serving: Sequence[str]) -> Weights:
    """Weights of a bundle with the cues in serving order."""
    arrays, manifest = bundle.arrays, bundle.manifest
    head, kinds = SUMS + len(manifest.labels), len(manifest.categories)
    rows = [manifest.features["cues"].index(name) for name in serving]
    if not kinds:
        arrays = {**arrays, "category_scale": np.empty(0), "category_bias": np.empty(0)}
    size = 4 * head + filled_up(columns_for(len(manifest.labels), kinds) - head)
    (steps,) = zeros(((len(arrays["idf"]), -(-size // LINE) * LINE), np.int8))
    floats = steps.view(np.float32)
    floats[:, IDF], floats[:, KNOWN], floats[:, SUMS:head] = arrays["idf"], arrays["known_words"], arrays["weights"]
    if kinds:
        steps[:, 4 * head : 4 * head + kinds] = arrays["category_weights"]
    return Weights(
        floats,
        steps,
        arrays["bias"],
        np.ascontiguousarray(arrays["cue_weights"][rows]),
        arrays["category_scale"],
        arrays["category_bias"],
        membership(manifest.categories, manifest.labels),
        manifest.category_weight,
    )


def membership(categories: Mapping[str, Sequence[str]], labels: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which label each category's posts have, shape (categories, labels)."""
    rows = [[label in named for label in labels] for named in categories.values()]
    return np.array(rows, bool).reshape(len(rows), len(labels))
