"""What a threshold costs: hours of reviewers a day against posts that are missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.draws import Estimate, bounds, ratio, written
from training.report.curves import ranking
from training.report.judged import One

Floats = npt.NDArray[np.float64]
RECALLS: Final = (0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)


@dataclass(frozen=True)
class Stream:
    """What reaches a platform, and how fast reviewers are.

    Parameters
    ----------
    volume : int
        Posts a day.
    prevalence : float
        Share of them that have the label.
    seconds : float
        Of a reviewer for each flagged post.
    """

    volume: int = 10_000
    prevalence: float = 0.001
    seconds: float = 30.0


def thresholds_for(one: One) -> dict[str, float]:
    """Thresholds worth comparing: those of the profiles, and the highest that find given shares of the positives."""
    order, ends = ranking(one.chance)
    found = np.cumsum(one.draws.weights[order] * one.truth[order])[ends]
    ranked = one.chance[order][ends]
    wanted = {f"recall {share:.0%}": float(ranked[np.argmax(found >= share * found[-1] - 1e-9)]) for share in RECALLS}
    return {**one.thresholds, **wanted}


def workload_of(one: One, stream: Stream) -> list[dict[str, Any]] | None:
    """Hours a day, posts missed a day and precision in a stream, at every threshold that is worth comparing.

    Parameters
    ----------
    one : One
        Posts of a label.
    stream : Stream
        To whose share of positives the posts are scaled.

    Returns
    -------
    list of dict or None
        The lowest threshold first: `name`, `threshold`, and `recall`, `flags`, `hours`, `missed`, `precision` as
        estimates; None where recall or false flags cannot be told.
    """
    if not one.measurable or one.truth.all() or not one.truth.any():
        return None
    choices = sorted(thresholds_for(one).items(), key=lambda choice: choice[1])
    flagged = one.chance[:, None] >= np.array([threshold for _, threshold in choices])
    truth = one.truth[:, None]
    columns = np.concatenate([flagged & truth, flagged & ~truth, truth, ~truth], axis=1).astype(float)
    values = outcomes((one.draws.weights @ columns)[None, :], len(choices), stream)
    drawn = outcomes(one.draws.sums(columns), len(choices), stream)
    return [
        {"name": name, "threshold": threshold} | {key: at(k, values[key], drawn[key]) for key in values}
        for k, (name, threshold) in enumerate(choices)
    ]


def outcomes(sums: Floats, choices: int, stream: Stream) -> dict[str, Floats]:
    """From sums of hits, false flags (one column for each choice), positives and negatives to what a day brings."""
    recall = ratio(sums[:, :choices], np.broadcast_to(sums[:, -2:-1], (len(sums), choices)))
    false = ratio(sums[:, choices : 2 * choices], np.broadcast_to(sums[:, -1:], (len(sums), choices)))
    wanted, share = stream.volume * stream.prevalence, stream.prevalence
    flags = stream.volume * (share * recall + (1 - share) * false)
    return {
        "recall": recall,
        "flags": flags,
        "hours": flags * stream.seconds / 3600,
        "missed": wanted * (1 - recall),
        "precision": ratio(wanted * recall, flags),
    }


def at(place: int, values: Floats, drawn: Floats) -> Estimate | None:
    """One figure of one choice with its interval."""
    value = float(values[0, place])
    if np.isnan(value):
        return None
    low, high = bounds(drawn[:, [place]])
    return written(value, float(low[0]), float(high[0]))
