"""Parts of the posts that are judged by themselves: language, length, source, batch, month, category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.draws import shares
from training.report.judged import Judged, One
from training.report.rates import in_order, slice_rates, slices_by

Bools = npt.NDArray[np.bool_]
LENGTHS: Final = (40, 100, 200, 400, 1000)  # characters


def by_length(texts: list[str]) -> dict[str, Bools]:
    """Slices of posts by length, the short ones first; lengths that no post has are left out."""
    sizes = np.array([len(text) for text in texts])
    steps = zip((0, *LENGTHS), (*LENGTHS, None), strict=True)
    found = {
        f"{low} or more" if high is None else f"{low} to {high - 1}": (sizes >= low) & (sizes < (high or np.inf))
        for low, high in steps
    }
    return {name: inside for name, inside in found.items() if inside.any()}


def month_names(judged: Judged) -> npt.NDArray[np.object_]:
    """Year and month (YYYY-MM) in which each post was made or else decided; blank where neither is stated so."""
    frame = judged.posts.frame
    written = np.where(frame["created_at"] != "", frame["created_at"], frame["decided_at"])
    return np.array([date[:7] if date[:4].isdigit() and date[4:5] == "-" else "" for date in written], object)


def slices_of(judged: Judged) -> dict[str, dict[str, Bools]]:
    """By kind and name, which posts belong to each slice; a kind of which the file says nothing has none."""
    frame = judged.posts.frame
    return {
        "language": slices_by(judged.languages),
        "length": by_length(judged.posts.texts),
        "source": slices_by(frame["source"].to_numpy(object)),
        "batch": slices_by(frame["batch"].to_numpy(object)),
        "month": in_order(month_names(judged)),
    }


def slice_figures(one: One, slices: Mapping[str, Mapping[str, Bools]]) -> dict[str, dict[str, Any]]:
    """Figures of one label in every slice."""
    return {
        kind: slice_rates(one, {name: inside[one.rows] for name, inside in members.items()})
        for kind, members in slices.items()
    }


def category_figures(judged: Judged, ones: Mapping[str, One]) -> dict[str, dict[str, Any]]:
    """Confusion by category: how many of its posts have each label, are flagged for it, and are told rightly in all.

    Returns
    -------
    dict
        By category, the worst told first: `n`, `right` (an estimate), and by label `positives` and `flagged`.
    """
    names = judged.posts.frame["category"].to_numpy(object)
    listed = sorted(set(names) - {""})
    if not listed:
        return {}
    right = np.ones(len(names), bool)
    counts: dict[str, dict[str, Any]] = {name: {} for name in listed}
    for label, one in ones.items():
        right[one.rows] &= one.flagged == one.truth
        for name in listed:
            inside = names[one.rows] == name
            counts[name][label] = {
                "positives": int((inside & one.truth).sum()),
                "flagged": int((inside & one.flagged).sum()),
            }
    inside = names[:, None] == np.array(listed, object)
    found = shares(inside & right[:, None], inside, judged.draws)
    rows = [(name, int(inside[:, k].sum()), found[k]) for k, name in enumerate(listed)]
    rows.sort(key=lambda row: row[2]["value"] if row[2] else 1.0)
    return {name: {"n": n, "right": share, "labels": counts[name]} for name, n, share in rows}
