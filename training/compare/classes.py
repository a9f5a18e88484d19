"""Two bundles of exclusive classes: accuracy and macro-F1."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from training.compare.figures import differences
from training.compare.sides import Side
from training.compare.significance import mcnemar
from training.draws import Draws, ratio
from training.report.exclusive import macro_f1

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def compared_classes(a: Side, b: Side) -> dict[str, Any]:
    """Accuracy and macro-F1 of the predicted classes, with differences and McNemar's test.

    Parameters
    ----------
    a, b : Side
        Of exclusive classes, not all of which need be shared: to predict one that the other lacks is a mistake.
    """
    names = sorted({*a.labels, *b.labels})
    truth = np.array([names.index(name) for name in a.judged.posts.frame["class"]], np.int64)
    told = [predicted(side, names) for side in (a, b)]
    drawn = [class_figures(truth, one, len(names), a.judged.draws) for one in told]
    return differences(*drawn) | {"mcnemar": mcnemar(told[0] == truth, told[1] == truth)}


def predicted(side: Side, names: list[str]) -> Places:
    """Place among the names of the likeliest class of each post."""
    places: Places = np.array([names.index(label) for label in side.labels], np.int64)
    found: Places = places[side.judged.chances.argmax(axis=1)]
    return found


def class_figures(truth: Places, told: Places, size: int, draws: Draws) -> dict[str, Floats]:
    """Accuracy and macro-F1 of the posts, then of every sample."""
    cells = np.eye(size * size)[truth * size + told]
    tables = np.concatenate([(draws.weights @ cells)[None], draws.sums(cells)]).reshape(-1, size, size)
    accuracy = ratio(np.trace(tables, axis1=1, axis2=2), tables.sum(axis=(1, 2)))
    return {"accuracy": accuracy, "macro_f1": macro_f1(tables)}
