"""How far two readers of the same posts agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.errors import InputError
from classifier.files import open_source
from training.intervals import resampled
from training.kappa import cohen_kappa
from training.posts import LabelledPosts
from training.rows import LABEL_VALUES, as_text

BLANK: Final = -1.0  # a label left blank is a judgement of its own: readers would split


@dataclass(frozen=True)
class Agreement:
    """Agreement of two readers on one label.

    Parameters
    ----------
    label : str
        What was judged.
    posts : int
        Judged by both.
    same : int
        Judged alike, a blank being a judgement too.
    kappa, low, high : float
        Cohen's kappa and its 95 % interval over posts; NaN where a reader gave one judgement throughout.
    """

    label: str
    posts: int
    same: int
    kappa: float
    low: float
    high: float


def read_readings(name: str, labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Read a second reader's labels.

    Parameters
    ----------
    name : str
        File with `id` and a column for each label: 0, 1 or blank.
    labels : sequence of str
        What was judged.

    Returns
    -------
    dict
        By id, the judgement of each label, `BLANK` where the reader left it blank.

    Raises
    ------
    InputError
        Naming the place of what is no label, or an id that stands twice.
    """
    readings: dict[str, dict[str, float]] = {}
    with open_source(name) as source:
        for row in source.rows:
            post_id = as_text(row.values.get("id"))
            written = {label: row.values.get(label) for label in labels}
            wrong = [label for label, value in written.items() if value not in LABEL_VALUES]
            if row.fault or wrong or not post_id or post_id in readings:
                reason = row.fault or (f"column {wrong[0]!r}: write 0, 1 or leave it blank" if wrong else "id")
                raise InputError(f"{row.place}: {reason}{' is missing or stands twice' if reason == 'id' else ''}")
            values = {label: LABEL_VALUES[value] for label, value in written.items()}
            readings[post_id] = {label: BLANK if value is None else value for label, value in values.items()}
    return readings


def agreement(posts: LabelledPosts, readings: dict[str, dict[str, float]], seed: int) -> list[Agreement]:
    """Agreement of the posts' labels with a second reader's, label by label.

    Raises
    ------
    InputError
        When a reading is of a post that is not there.
    """
    frame = posts.frame.set_index("id")
    unknown = sorted(set(readings) - set(frame.index))
    if unknown:
        raise InputError(f"second reading: no post has the id {unknown[0]!r} ({len(unknown)} in all)")
    found = []
    for label in posts.labels:
        first = frame.loc[list(readings), label].fillna(BLANK).to_numpy(float)
        second = np.array([reading[label] for reading in readings.values()])

        def kappa(
            weights: npt.NDArray[np.float64],
            one: npt.NDArray[np.float64] = first,
            other: npt.NDArray[np.float64] = second,
        ) -> float:
            return cohen_kappa(one, other, weights)

        ones = np.ones(len(first))
        low, high = resampled(kappa, np.arange(len(first)), seed)
        found.append(Agreement(label, len(first), int((first == second).sum()), kappa(ones), low, high))
    return found
