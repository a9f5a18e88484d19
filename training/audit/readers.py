"""How far several readers of the same posts agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.errors import InputError
from classifier.files import open_source
from training.kappa import cohen_kappa
from training.rows import LABEL_VALUES, as_text

FEW: Final = 10  # posts that two readers must share for their agreement to be told
Readings = dict[str, dict[str, dict[str, float]]]  # by label, post and reader


def read_readers(name: str, labels: Sequence[str]) -> Readings:
    """Read what each reader said of each post: a row for every reading.

    Parameters
    ----------
    name : str
        File with the columns `id`, `reader` and one for each label: 0, 1 or blank.
    labels : sequence of str
        What was judged.

    Returns
    -------
    dict
        By label, post and reader: 0 or 1; a blank is no judgement.

    Raises
    ------
    InputError
        Naming the place of what is no label, of a missing id or reader, and of a reading that stands twice.
    """
    found: Readings = {label: {} for label in labels}
    seen: set[tuple[str, str]] = set()
    with open_source(name) as source:
        missing = [column for column in ("id", "reader", *labels) if column not in source.columns]
        if missing:
            raise InputError(f"{name}: missing column {', '.join(map(repr, missing))}; a reading is a row of its own")
        for row in source.rows:
            post, reader = (as_text(row.values.get(column)) for column in ("id", "reader"))
            wrong = [label for label in labels if row.values.get(label) not in LABEL_VALUES]
            if row.fault or wrong or not post or not reader or (post, reader) in seen:
                raise InputError(f"{row.place}: {row.fault or reason(wrong, post, reader)}")
            seen.add((post, reader))
            for label in labels:
                if (value := LABEL_VALUES[row.values[label]]) is not None:
                    found[label].setdefault(post, {})[reader] = value
    return found


def reason(wrong: Sequence[str], post: str, reader: str) -> str:
    """What is wrong with a reading."""
    if wrong:
        return f"column {wrong[0]!r}: write 0, 1 or leave it blank"
    return "id or reader is missing" if not post or not reader else f"{reader!r} has read {post!r} twice"


def agreement(readings: Readings) -> dict[str, Any]:
    """Agreement by label: of all readers, and of every two.

    Returns
    -------
    dict
        By label: `posts` that at least two read, `alpha` (Krippendorff's), and `pairs` of readers with `posts` in
        common, `same` and `kappa` (Cohen's). Figures that cannot be had are None.
    """
    return {
        label: {
            "posts": sum(len(said) > 1 for said in of_posts.values()),
            "alpha": number(krippendorff([list(said.values()) for said in of_posts.values()])),
            "pairs": list(pairs_of(of_posts)),
        }
        for label, of_posts in readings.items()
    }


def pairs_of(of_posts: dict[str, dict[str, float]]) -> Iterator[dict[str, Any]]:
    """Agreement of every two readers that have enough posts in common."""
    readers = sorted({reader for said in of_posts.values() for reader in said})
    for one, other in combinations(readers, 2):
        both = [(said[one], said[other]) for said in of_posts.values() if one in said and other in said]
        if len(both) >= FEW:
            first, second = np.array(both).T
            kappa = cohen_kappa(first, second, np.ones(len(both)))
            same = int((first == second).sum())
            yield {"readers": [one, other], "posts": len(both), "same": same, "kappa": number(kappa)}


def krippendorff(units: Sequence[Sequence[float]]) -> float:
    """Krippendorff's alpha for nominal judgements.

    Parameters
    ----------
    units : sequence of sequence of float
        Judgements of each post, by however many readers; those of one reader alone tell nothing.

    Returns
    -------
    float
        1 for full agreement, 0 for that of chance; NaN where all judgements are the same or none can be paired.

    Notes
    -----
    Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011.
    """
    paired = [unit for unit in units if len(unit) > 1]
    kinds = sorted({value for unit in paired for value in unit})
    place = {kind: number for number, kind in enumerate(kinds)}
    together: npt.NDArray[np.float64] = np.zeros((len(kinds), len(kinds)))
    for unit in paired:
        counts = np.bincount([place[value] for value in unit], minlength=len(kinds)).astype(float)
        together += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    sums, total = together.sum(axis=0), together.sum()
    expected = total**2 - (sums**2).sum()
    if not expected:
        return float("nan")
    return float(1 - (total - 1) * (total - np.trace(together)) / expected)


def number(value: float) -> float | None:
    """A figure with four decimals; None for NaN."""
    return None if np.isnan(value) else round(value, 4)
