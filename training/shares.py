"""Shares of counts: how sure one is, and how far two lists are apart. Needs numpy only, so the service may ask."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
CONFIDENCE: Final = 0.95
LEAST: Final = 1e-4  # of a share: the logarithm of nothing cannot be had


def wilson(hits: Floats, tries: Floats) -> tuple[Floats, Floats]:
    """Wilson's score interval of a share, 95 %.

    Parameters
    ----------
    hits, tries : ndarray of float64
        Counts of the same shape; no tries give the whole range.

    Returns
    -------
    low, high : ndarray of float64
        Bounds between 0 and 1.

    Notes
    -----
    Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    n = np.maximum(tries, 1)
    share = hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    empty = tries == 0
    low, high = np.where(empty, 0.0, middle - half), np.where(empty, 1.0, middle + half)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def stability_index(before: Floats, now: Floats) -> float:
    """Population stability index of two lists of shares.

    Parameters
    ----------
    before, now : ndarray of float64, shape (bins,)
        Shares; those below `LEAST` count as that.

    Notes
    -----
    Siddiqi, "Credit Risk Scorecards", 2006: below .1 little has changed, above .25 much.
    """
    old, new = np.maximum(before, LEAST), np.maximum(now, LEAST)
    return float(((new - old) * np.log(new / old)).sum())


def by_chance(bins: int, before: int, now: int) -> float:
    """What the index is on average where nothing has changed: Yurdakul, "Statistical properties of PSI", 2018."""
    return (bins - 1) * (1 / before + 1 / now)
