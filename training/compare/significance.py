"""Tests of pairs: McNemar's, its like for groups of posts, and Holm's correction for many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, binomtest, norm

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
LEVEL: Final = 0.05


def mcnemar(right_a: Bools, right_b: Bools) -> dict[str, Any]:
    """McNemar's exact test of two bundles' rightness on the same posts.

    Parameters
    ----------
    right_a, right_b : ndarray of bool, shape (posts,)
        Where each is right.

    Returns
    -------
    dict
        Posts that `both`, `only_a`, `only_b` and `neither` get right, and the two-sided `p`; 1 where they never differ.

    Notes
    -----
    McNemar, "Note on the sampling error of the difference between correlated proportions or percentages", 1947; the
    exact form asks whether the posts that one alone gets right fall evenly on both.
    """
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    p = float(binomtest(only_b, only_a + only_b, 0.5).pvalue) if only_a + only_b else 1.0
    both, neither = int((right_a & right_b).sum()), int((~right_a & ~right_b).sum())
    return {"both": both, "only_a": only_a, "only_b": only_b, "neither": neither, "p": p}


def sign_flip(differences: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> float:
    """Exact two-sided test that differences are as likely to fall either way, group by group.

    Parameters
    ----------
    differences : ndarray of int64, shape (posts,)
        1 where only B is right, -1 where only A is, 0 elsewhere.
    groups : ndarray of int64, shape (posts,)
        Posts of one group fall together.

    Returns
    -------
    float
        Probability of a sum at least this far from 0 when the sign of each group's sum is a fair coin.

    Notes
    -----
    Fisher's randomisation test of pairs, 1935, with all signs counted; of posts that stand alone it is McNemar's test.
    """
    _, member = np.unique(groups, return_inverse=True)
    sums = np.rint(np.bincount(member, weights=differences)).astype(np.int64)
    sizes, counts = np.unique(np.abs(sums[sums != 0]), return_counts=True)
    chance = np.ones(1)  # of each sum, from -reach to reach
    for size, count in zip(sizes.tolist(), counts.tolist(), strict=True):
        chance = np.convolve(chance, coin_sums(size, count))
    reach, seen = len(chance) // 2, abs(int(sums.sum()))
    far = np.abs(np.arange(-reach, reach + 1)) >= seen
    return min(1.0, float(chance[far].sum()))


def coin_sums(size: int, count: int) -> Floats:
    """Probability of each sum of `count` coins worth `size` or its negative, from the lowest to the highest."""
    chance = np.zeros(2 * size * count + 1)
    chance[:: 2 * size] = binom.pmf(np.arange(count + 1), count, 0.5)
    return chance


def from_samples(difference: float, sampled: Floats) -> float:
    """Two-sided p of a difference beside its bootstrap standard error; 1 where samples never differ.

    The samples themselves could not tell p below one over their number, which the correction for many slices asks for.
    """
    found = sampled[~np.isnan(sampled)]
    error = float(found.std()) if len(found) else 0.0
    return float(2 * norm.sf(abs(difference) / error)) if error > 0 else 1.0


def holm(values: Sequence[float]) -> list[float]:
    """Probabilities corrected for their number.

    Holm, "A simple sequentially rejective multiple test procedure", 1979.

    Parameters
    ----------
    values : sequence of float
        Of each test.

    Returns
    -------
    list of float
        In the same order; a test tells at `LEVEL` when its corrected value is at most that.
    """
    p = np.asarray(values, float)
    order = np.argsort(p, kind="stable")
    stepped = np.minimum(1.0, np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p)))))
    corrected = np.empty(len(p))
    corrected[order] = stepped
    return [float(value) for value in corrected]
