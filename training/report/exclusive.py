"""Figures of exclusive classes: accuracy, macro-F1 and what is taken for what."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from training.draws import estimate, ratio
from training.report.judged import Judged

Floats = npt.NDArray[np.float64]


def class_figures(judged: Judged) -> dict[str, Any] | None:
    """Accuracy, macro-F1 and the confusion matrix of predicted classes; None for labels that are not exclusive.

    Parameters
    ----------
    judged : Judged
        Posts of exclusive classes.

    Returns
    -------
    dict or None
        `classes`, `confusion` (posts by true and predicted class), `accuracy` and `macro_f1` as estimates, None
        where only flagged posts are known. Classes that no post has and that are never predicted do not enter macro-F1.
    """
    if not judged.classifier.exclusive:
        return None
    size, measurable = len(judged.classifier.labels), judged.sampling[1]
    truth, predicted = judged.labels.argmax(axis=1), judged.chances.argmax(axis=1)
    cells = np.eye(size * size)[truth * size + predicted]
    tables = np.concatenate([(judged.draws.weights @ cells)[None, :], judged.draws.sums(cells)])
    tables = tables.reshape(-1, size, size)
    accuracy = ratio(np.trace(tables, axis1=1, axis2=2), tables.sum(axis=(1, 2)))
    macro = macro_f1(tables)
    return {
        "classes": list(judged.classifier.labels),
        "confusion": cells.sum(axis=0).astype(int).reshape(size, size).tolist(),
        "accuracy": estimate(float(accuracy[0]), accuracy[1:]) if measurable else None,
        "macro_f1": estimate(float(macro[0]), macro[1:]) if measurable else None,
    }


def macro_f1(tables: Floats) -> Floats:
    """Mean F1 of the classes of each confusion matrix, shape (samples, classes, classes)."""
    hits = np.diagonal(tables, axis1=1, axis2=2)
    both = tables.sum(axis=1) + tables.sum(axis=2)
    found = both > 0
    return ratio(np.where(found, ratio(2 * hits, both), 0.0).sum(axis=1), found.sum(axis=1).astype(float))
