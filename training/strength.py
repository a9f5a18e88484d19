"""How strongly to regularise: chosen by how well labels of held-out groups are ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from training.measure import average_precision

if TYPE_CHECKING:
    from training.features import Features
    from training.fit import Fitter

CANDIDATES: Final = (1.0, 3.0, 10.0, 30.0)  # of scikit-learn's C, the strongest regularisation first
TRIED: Final = 2  # folds that candidates are judged on
WORTH: Final = 0.002  # average precision that a weaker regularisation must gain

Labels = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def chosen_strength(
    fitter: Fitter, features: Features, labels: Labels, folds: Rows, candidates: Sequence[float] = CANDIDATES
) -> float:
    """The candidate whose margins rank held-out posts best, the stronger one of near equals.

    Parameters
    ----------
    fitter : Fitter
        What to fit.
    features : Features
        Of its posts.
    labels : ndarray of float64, shape (posts, labels)
        NaN where blank.
    folds : ndarray of int64, shape (posts,)
        Groups kept whole.
    candidates : sequence of float
        Inverse strengths, ascending.

    Returns
    -------
    float
        One of them.
    """
    best, reached = candidates[0], -np.inf
    for candidate in candidates:
        figure = mean_precision(fitter, features, candidate, labels, folds)
        if figure > reached + WORTH:
            best, reached = candidate, figure
    return best


def mean_precision(fitter: Fitter, features: Features, strength: float, labels: Labels, folds: Rows) -> float:
    """Mean average precision of a strength over labels and the first folds."""
    trial = replace(fitter, settings=replace(fitter.settings, regularisation=strength))
    return precision_of(trial, features, labels, folds, range(TRIED))


def precision_of(fitter: Fitter, features: Features, labels: Labels, folds: Rows, numbers: Sequence[int]) -> float:
    """Mean average precision over labels and some folds, each by a model of the others; 0 where there is none."""
    found = []
    for number in numbers:
        margins, rows = fitter.held_out_margins(features, labels, folds, number), folds == number
        for place in range(labels.shape[1]):
            known = ~np.isnan(labels[rows, place])
            found.append(average_precision(labels[rows, place][known] == 1, margins[known, place]))
    figures = [figure for figure in found if figure is not None]
    return float(np.mean(figures)) if figures else 0.0
