"""A bundle in scikit-learn's own terms: features, and one logistic regression for each label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline

from classifier.bundle import Bundle
from training.export.features import PostFeatures

Floats = npt.NDArray[np.float64]


def pipeline_of(bundle: Bundle) -> Pipeline:
    """A fitted pipeline that gives a bundle's probabilities.

    Parameters
    ----------
    bundle : Bundle
        A verified bundle.

    Returns
    -------
    Pipeline
        Its `predict_proba` takes texts and gives probabilities of shape (posts, labels) in the order of `classes_`,
        those of `Classifier.score` before they are rounded. Its `predict` cuts at one half, or takes the likeliest of
        exclusive classes; the bundle's profiles are not in it.

    Notes
    -----
    Platt's slope and intercept are multiplied into the weights. Scikit-learn, too, makes the probabilities of exclusive
    classes add up to 1 by dividing.
    """
    features, labels = PostFeatures(replace(bundle, nearest=None, documents={})), bundle.manifest.labels
    model = fitted_to_nothing(len(labels), features.block_width)
    for place, one in enumerate(model.estimators_):
        one.coef_, one.intercept_ = weights_of(bundle, place)
    if len(labels) > 1:  # one label alone is a question of yes or no to scikit-learn: classes 0 and 1
        name_classes(model, bundle)
    return Pipeline([("features", features), ("labels", model)])


def fitted_to_nothing(labels: int, width: int) -> OneVsRestClassifier:
    """A model of the right shape and any weights: all that a version of scikit-learn expects of one is in place."""
    empty, both = csr_matrix((2, labels * width)), np.repeat([[0], [1]], labels, axis=1)
    return OneVsRestClassifier(LogisticRegression()).fit(empty, both if labels > 1 else both[:, 0])


def weights_of(bundle: Bundle, place: int) -> tuple[csr_matrix, Floats]:
    """Weights and intercept of one label: they stand in its own block of columns, all others are 0."""
    manifest, arrays = bundle.manifest, bundle.arrays
    fitted = manifest.calibration[manifest.labels[place]]
    columns = (arrays["weights"][:, place], arrays["cue_weights"][:, place], np.array([manifest.category_weight]))
    block: Floats = np.concatenate(columns).astype(float) * fitted["slope"]
    used = np.flatnonzero(block)
    shape = (1, len(block) * len(manifest.labels))
    coefficients = csr_matrix((block[used], used + place * len(block), [0, len(used)]), shape)
    return coefficients, np.array([arrays["bias"][place] * fitted["slope"] + fitted["intercept"]])


def name_classes(model: OneVsRestClassifier, bundle: Bundle) -> None:
    """Give a model the names of the labels, and say whether they exclude each other."""
    names, exclusive = np.array(bundle.manifest.labels), bundle.manifest.exclusive
    model.label_binarizer_.classes_ = names
    model.label_binarizer_.y_type_ = "multiclass" if exclusive else "multilabel-indicator"
    if "classes_" in vars(model):  # where it is not looked up in the binarizer
        model.classes_ = names
