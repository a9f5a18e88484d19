"""Posts on the wrong side of a threshold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def wrong_side(
    truth: npt.NDArray[np.float64], chance: npt.NDArray[np.float64], threshold: float
) -> dict[str, npt.NDArray[np.int64]]:
    """Rows of `false_flags` and of `missed` posts, those furthest from the threshold first.

    Parameters
    ----------
    truth : ndarray of float64, shape (posts,)
        0, 1, or NaN where blank.
    chance : ndarray of float64, shape (posts,)
        Probabilities.
    threshold : float
        From which a post is flagged.
    """
    false, missed = (truth == 0) & (chance >= threshold), (truth == 1) & (chance < threshold)
    found = {"false_flags": (false, -chance), "missed": (missed, chance)}
    return {
        kind: np.flatnonzero(wrong)[np.argsort(away[wrong], kind="stable")] for kind, (wrong, away) in found.items()
    }
