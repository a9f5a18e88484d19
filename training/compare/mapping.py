"""From a threshold tuned on one bundle to that of another which does the same."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.compare.sides import Paired
from training.draws import estimate, ratio
from training.report.curves import cumulated, ranking
from training.report.judged import One

Floats = npt.NDArray[np.float64]
GRID: Final = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
LEAST_FLAGS: Final = 10  # by A, below which its precision says nothing
DECIMALS: Final = 6  # of a threshold, as of a probability
NEARLY: Final = 1e-12  # sums of weights may differ by a last digit


def mapping_of(pair: Paired) -> list[dict[str, Any]]:
    """For thresholds of A, those of B that do the same on these posts.

    Parameters
    ----------
    pair : Paired
        Posts of one label.

    Returns
    -------
    list of dict
        By `threshold` of A, those of a fixed grid and A's own: `flags` (posts that A flags), `precision` of A, and as
        estimates, None where there is none, `equal_precision`: the lowest threshold from which B is at least as
        precise, and `equal_flags`: the lowest from which B flags no more.
    """
    grid = np.unique(np.append(GRID, round(pair.a.threshold, DECIMALS)))
    precise: list[Floats] = []
    level: list[Floats] = []
    aimed: list[Floats] = []
    for (hits_a, flags_a), (hits_b, flags_b) in zip(cumulated(pair.a), cumulated(pair.b), strict=True):
        hits, flags = at_thresholds(pair.a, grid, hits_a), at_thresholds(pair.a, grid, flags_a)
        aimed.append(ratio(hits, flags))
        precise.append(scores_at(pair.b, last_at_least(ratio(hits_b, flags_b), aimed[-1])))
        level.append(scores_at(pair.b, last_at_most(flags_b, flags)))
    precisions, by_precision, by_flags = (np.concatenate(parts) for parts in (aimed, precise, level))
    flagged = (pair.a.chance[:, None] >= grid).sum(axis=0)
    return [
        {
            "threshold": float(threshold),
            "flags": int(flagged[at]),
            "precision": estimate(float(precisions[0, at]), precisions[1:, at]),
            "equal_precision": moved(by_precision[:, at], int(flagged[at])),
            "equal_flags": moved(by_flags[:, at], int(flagged[at])),
        }
        for at, threshold in enumerate(grid.tolist())
    ]


def moved(values: Floats, flags: int) -> dict[str, Any] | None:
    """A threshold of B with its interval; None where A flags too few posts, or B has no such threshold."""
    return estimate(float(values[0]), values[1:], DECIMALS) if flags >= LEAST_FLAGS else None


def at_thresholds(one: One, grid: Floats, sums: Floats) -> Floats:
    """Sums at thresholds, shape (samples, grid), of sums at every distinct score, falling; 0 above the highest."""
    places = np.searchsorted(-distinct(one), -grid, side="right")
    padded = np.concatenate([np.zeros((len(sums), 1)), sums], axis=1)
    return padded[:, places]


def distinct(one: One) -> Floats:
    """The scores that posts have, each once, falling."""
    order, ends = ranking(one.chance)
    return one.chance[order][ends]


def scores_at(one: One, places: npt.NDArray[np.int64]) -> Floats:
    """Scores at places among the distinct ones; NaN at -1."""
    return np.where(places >= 0, distinct(one)[places], np.nan)


def last_at_least(values: Floats, wanted: Floats) -> npt.NDArray[np.int64]:
    """In each row, the last place whose value is at least the wanted one, shape (samples, wanted); -1 where none is."""
    rising = np.where(np.isnan(values), -np.inf, values)
    reached = np.maximum.accumulate(rising[:, ::-1], axis=1)[:, ::-1]  # the highest from here on: falling
    places = [np.searchsorted(-row, -aim + NEARLY, side="right") - 1 for row, aim in zip(reached, wanted, strict=True)]
    return np.where(np.isnan(wanted), -1, np.stack(places))


def last_at_most(rising: Floats, wanted: Floats) -> npt.NDArray[np.int64]:
    """In each rising row, the last place whose value is at most the wanted one; -1 where none is."""
    rows = zip(rising, wanted, strict=True)
    return np.stack([np.searchsorted(row, aim * (1 + NEARLY), side="right") - 1 for row, aim in rows])
