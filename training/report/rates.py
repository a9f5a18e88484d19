"""Precision, recall and false flags at thresholds and in slices of the posts, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.draws import shares
from training.report.curves import average_precision_of
from training.report.judged import One

Bools = npt.NDArray[np.bool_]
MOST_SLICES: Final = 30  # of one kind; the smaller ones are counted together
OTHERS: Final = "all others"
UNNAMED: Final = "(blank)"


def rates_of(one: One, flagged: Bools, inside: Bools) -> list[dict[str, Any]]:
    """Precision, recall and false flags per thousand of several parts of the posts.

    Parameters
    ----------
    one : One
        Posts of a label.
    flagged, inside : ndarray of bool, shape (posts, parts)
        Which posts are flagged, and which belong to each part.

    Returns
    -------
    list of dict
        `n`, `positives`, `flagged`, and `precision`, `recall`, `false_flags` as estimates, None where there are none;
        recall and false flags are None too where only flagged posts are known.
    """
    truth, flags = one.truth[:, None], flagged & inside
    precision = shares(flags & truth, flags, one.draws)
    none: list[Any] = [None] * inside.shape[1]
    recall = shares(flags & truth, inside & truth, one.draws) if one.measurable else none
    false = shares(flags & ~truth, inside & ~truth, one.draws, 1000) if one.measurable else none
    return [
        {
            "n": int(inside[:, k].sum()),
            "positives": int((inside[:, k] & one.truth).sum()),
            "flagged": int(flags[:, k].sum()),
            "precision": precision[k],
            "recall": recall[k],
            "false_flags": false[k],
        }
        for k in range(inside.shape[1])
    ]


def profile_rates(one: One) -> dict[str, dict[str, Any]]:
    """Rates of every profile."""
    names = list(one.thresholds)
    flagged = one.chance[:, None] >= np.array([one.thresholds[name] for name in names])
    found = rates_of(one, flagged, np.ones_like(flagged))
    return {name: {"threshold": one.thresholds[name]} | part for name, part in zip(names, found, strict=True)}


def slice_rates(one: One, members: Mapping[str, Bools]) -> dict[str, dict[str, Any]]:
    """Rates and average precision of slices, at the thresholds of the profile in use.

    Parameters
    ----------
    one : One
        Posts of a label.
    members : mapping of str to ndarray of bool
        By name, which of these posts belong to the slice.
    """
    kept = {name: inside for name, inside in members.items() if inside.any()}
    if not kept:
        return {}
    found = rates_of(one, one.flagged[:, None], np.stack(list(kept.values()), axis=1))
    return {
        name: part | {"average_precision": average_precision_of(one.part(inside))}
        for (name, inside), part in zip(kept.items(), found, strict=True)
    }


def slices_by(names: npt.NDArray[np.object_]) -> dict[str, Bools]:
    """Slices of posts by a name that each has, the largest first; nothing where no post has one."""
    if not (names != "").any():
        return {}
    values, sizes = np.unique(names.astype(str), return_counts=True)
    ordered = [str(values[k]) for k in np.argsort(-sizes, kind="stable")]
    found = {value or UNNAMED: names == value for value in ordered[:MOST_SLICES]}
    rest = np.isin(names.astype(str), ordered[MOST_SLICES:])
    return found | ({f"{OTHERS} ({len(ordered) - MOST_SLICES})": rest} if rest.any() else {})


def in_order(names: npt.NDArray[np.object_]) -> dict[str, Bools]:
    """The same by name, for what has an order of its own."""
    return dict(sorted(slices_by(names).items()))
