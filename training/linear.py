"""Fit the linear models of labels, and calibrate what comes of them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from classifier.cues import CueSet
from classifier.ngrams import inverse_document_frequency, values
from training.categories import fit_categories
from training.features import Features
from training.settings import FitSettings

LEAST_CUE: Final = 0.05  # log odds


def fit_label(
    ngrams: csr_matrix,
    present: npt.NDArray[np.bool_],
    truth: npt.NDArray[np.bool_],
    signs: npt.NDArray[np.int8],
    settings: FitSettings,
    weights: npt.NDArray[np.float64] | None = None,
) -> tuple[npt.NDArray[np.float64], float, npt.NDArray[np.float64]]:
    """Weights, bias and cue weights of one label.

    A cue's weight has the sign that the cue is declared to have (0: no weight for this label), and at least
    `LEAST_CUE`, so that a name added to a cue always moves a score its way. What comes out weaker or with the other
    sign, hardly any, is lifted to that.
    """
    use = np.flatnonzero(signs)
    table = hstack([ngrams, csr_matrix(present[:, use] * settings.cue_scale)], format="csr")
    model = LogisticRegression(
        C=settings.regularisation,
        class_weight="balanced" if settings.balanced_classes else None,
        solver="liblinear",
        random_state=settings.seed,
        max_iter=1000,
        tol=1e-6,
    ).fit(table, truth, weights)
    found = model.coef_[0]
    cue_weights = lifted(found[ngrams.shape[1] :], signs, settings.cue_scale)
    return found[: ngrams.shape[1]], float(model.intercept_[0]), cue_weights


def lifted(found: npt.NDArray[np.float64], signs: npt.NDArray[np.int8], cue_scale: float) -> npt.NDArray[np.float64]:
    """Weights of all cues from what a linear model found for those with a sign; see `fit_label`."""
    use, cue_weights = np.flatnonzero(signs), np.zeros(len(signs))
    if cue_scale:  # a scale of 0 is a model without cues
        cue_weights[use] = signs[use] * np.maximum(found * cue_scale * signs[use], LEAST_CUE)
    return cue_weights


def signs_for(label: str, cues: CueSet) -> npt.NDArray[np.int8]:
    """Sign that each cue's weight may have for a label: 1 for, -1 against, 0 none."""
    return np.array([(1 if cue.speaks == "for" else -1) if label in cue.labels else 0 for cue in cues.cues], np.int8)


def fit_arrays(
    features: Features, labels: npt.NDArray[np.float64], names: tuple[str, ...], cues: CueSet, settings: FitSettings
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of a model fitted to posts; `labels` is (posts, labels) with NaN where a label is blank."""
    buckets, counts = settings.ngrams.buckets, features.counts
    idf = inverse_document_frequency(counts, buckets)
    shape = (len(counts.indptr) - 1, buckets)
    ngrams = csr_matrix((values(counts, idf), counts.buckets, counts.indptr), shape)
    arrays: dict[str, npt.NDArray[Any]] = {
        "idf": idf,
        "known_words": features.known,
        "weights": np.zeros((buckets, len(names)), np.float32),
        "bias": np.zeros(len(names)),
        "cue_weights": np.zeros((len(cues.cues), len(names))),
    }
    arrays |= fit_categories(ngrams, features.categories, settings.category_regularisation, settings.seed)
    for place, name in enumerate(names):
        known = ~np.isnan(labels[:, place])
        weights, bias, cue_weights = fit_label(
            ngrams[known],
            features.cues[known],
            labels[known, place] == 1,
            signs_for(name, cues),
            settings,
            unequal(features.weights[known]),
        )
        arrays["weights"][:, place], arrays["bias"][place], arrays["cue_weights"][:, place] = weights, bias, cue_weights
    return arrays


def balancing(labels: npt.NDArray[np.float64], learned: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Weights with which both sides of a label count the same among the posts learned from; 1 where blank."""
    weights = np.ones(len(labels))
    known = learned & ~np.isnan(labels)
    for side in (0.0, 1.0):
        weights[labels == side] = known.sum() / (2 * max(1, int((known & (labels == side)).sum())))
    return weights


def some(weights: npt.NDArray[np.float64] | None, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64] | None:
    """Weights of some posts."""
    return None if weights is None else weights[rows]


def unequal(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """Weights of posts; None where all are 1, so that nothing is multiplied."""
    return None if (weights == 1).all() else weights


def calibrate(
    margins: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64] | None = None
) -> dict[str, float]:
    """Slope and intercept of one label's probabilities, and the prevalence they hold at.

    A slope is never negative: margins that say nothing give everybody the prevalence.
    """
    model = LogisticRegression(C=1e6, solver="lbfgs", max_iter=1000).fit(margins[:, None], truth, weights)
    slope, prevalence = float(model.coef_[0, 0]), float(np.average(truth, weights=weights))
    intercept = float(model.intercept_[0]) if slope > 0 else float(np.log(prevalence / (1 - prevalence)))
    return {"slope": max(slope, 0.0), "intercept": intercept, "prevalence": prevalence}
