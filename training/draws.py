"""Bootstrap samples of whole groups, drawn once, so that many figures are had from the same samples at little cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.intervals import HIGH, LOW, RESAMPLES, drawn
from training.shares import wilson

Floats = npt.NDArray[np.float64]
CELLS: Final = 2_000_000  # of one block: bounds memory
DECIMALS: Final = 4

Estimate = dict[str, Any]


@dataclass(frozen=True)
class Draws:
    """Samples of whole groups.

    Parameters
    ----------
    counts : ndarray of uint8, shape (resamples, groups)
        How often each group counts in each sample.
    member : ndarray of int64, shape (posts,)
        Group of each post.
    weights : ndarray of float64, shape (posts,)
        What each post stands for, besides.
    """

    counts: npt.NDArray[np.uint8]
    member: npt.NDArray[np.int64]
    weights: Floats

    @classmethod
    def of(cls, groups: npt.NDArray[np.int64], weights: Floats, seed: int, resamples: int = RESAMPLES) -> Draws:
        """Draw samples: the same as those of `training.intervals.resampled`."""
        names, member = np.unique(groups, return_inverse=True)
        counts = np.empty((resamples, len(names)), np.uint8)
        at = 0
        for block in drawn(len(names), seed, resamples):
            counts[at : at + len(block)] = np.minimum(block, 255)
            at += len(block)
        return cls(counts, member, weights)

    def part(self, rows: npt.NDArray[Any]) -> Draws:
        """The same samples, of some of the posts."""
        return Draws(self.counts, self.member[rows], self.weights[rows])

    def blocks(self, order: npt.NDArray[np.int64]) -> Iterator[Floats]:
        """How much each post counts in every sample, a block of samples at a time, shape (samples, posts).

        Parameters
        ----------
        order : ndarray of int64
            The posts wanted, in this order.
        """
        step = max(1, CELLS // max(1, len(order)))
        groups, weights = self.member[order], self.weights[order]
        for at in range(0, len(self.counts), step):
            yield self.counts[at : at + step][:, groups] * weights

    def sums(self, columns: Floats) -> Floats:
        """Weighted sums of columns of shape (posts, columns) in every sample, shape (resamples, columns)."""
        by_group = np.zeros((self.counts.shape[1], columns.shape[1]))
        np.add.at(by_group, self.member, columns * self.weights[:, None])
        step = max(1, CELLS // self.counts.shape[1])
        parts = [self.counts[at : at + step].astype(float) @ by_group for at in range(0, len(self.counts), step)]
        return np.concatenate(parts)

    def groups_among(self, rows: npt.NDArray[np.bool_]) -> int:
        """How many groups some of the posts make up."""
        return len(np.unique(self.member[rows]))


def bounds(values: Floats) -> tuple[Floats, Floats]:
    """Bounds of the 95 % interval of each column of shape (resamples, columns); NaN where no sample has a figure."""
    low, high = np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    for place, column in enumerate(values.T):
        found = column[~np.isnan(column)]
        if len(found):
            low[place], high[place] = np.quantile(found, [LOW, HIGH])
    return low, high


def estimate(value: float, values: Floats, decimals: int = DECIMALS) -> Estimate | None:
    """A figure with the interval of its values in the samples, shape (resamples,); None where it cannot be had.

    Where all samples have the very same figure, they say nothing of how far it can be trusted, and it has no bounds.
    """
    if np.isnan(value):
        return None
    low, high = (float(bound[0]) for bound in bounds(values[:, None]))
    return written(value, low, high, decimals) if low < high else written(value, np.nan, np.nan, decimals)


def written(value: float, low: float, high: float, decimals: int = DECIMALS) -> Estimate:
    """A figure with its interval as it is kept."""
    whole = np.isnan(low)  # no sample has the figure
    return {
        "value": round(value, decimals),
        "low": None if whole else round(low, decimals),
        "high": None if whole else round(high, decimals),
    }


def ratio(hits: Floats, tries: Floats) -> Floats:
    """Hits over tries, NaN where nothing was tried."""
    blank: Floats = np.full(np.shape(hits), np.nan)
    return np.divide(hits, tries, out=blank, where=np.asarray(tries) > 0)


def shares(
    hits: npt.NDArray[np.bool_], tries: npt.NDArray[np.bool_], draws: Draws, scale: float = 1
) -> list[Estimate | None]:
    """Weighted shares of posts with their intervals over groups.

    Parameters
    ----------
    hits, tries : ndarray of bool, shape (posts, shares)
        Posts that count for the numerator of each share, all of which are among those of the denominator.
    draws : Draws
        Samples of these posts.
    scale : float
        1000 for shares per thousand.

    Returns
    -------
    list of dict or None
        `value`, `low`, `high`; None where nothing was tried.

    Notes
    -----
    Where every post, or none, is a hit, so are all samples, and the bootstrap would call it certain. Then the bounds
    are Wilson's, with the groups as tries.
    """
    width = hits.shape[1]
    columns = np.concatenate([hits, tries], axis=1).astype(float)
    found, total = draws.sums(columns), draws.weights @ columns
    low, high = bounds(ratio(found[:, :width], found[:, width:]))
    values = ratio(total[:width], total[width:])
    answers: list[Estimate | None] = []
    for place, value in enumerate(values.tolist()):
        ends = low[place], high[place]
        if not tries[:, place].any():
            answers.append(None)
            continue
        if value in (0.0, 1.0):
            groups = float(draws.groups_among(tries[:, place]))
            ends = wilson(np.array(value * groups), np.array(groups))
        answers.append(written(scale * value, scale * float(ends[0]), scale * float(ends[1])))
    return answers
