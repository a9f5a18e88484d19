"""Figures of margins on labelled posts: average precision with intervals, twins, flags among ordinary posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.intervals import resampled, weighted_average_precision
from training.measure import average_precision, balanced
from training.posts import LabelledPosts
from training.shares import wilson

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FALSE_FLAGS: Final = (1, 3)  # per thousand ordinary posts
DECIMALS: Final = 4
ALL: Final = "all"


@dataclass(frozen=True)
class Scored:
    """Posts of one label with their margins, blank labels left out.

    Parameters
    ----------
    ids : ndarray of object, shape (posts,)
        Of the posts.
    truth : ndarray of bool, shape (posts,)
        Which have the label.
    margins : ndarray of float64, shape (posts,)
        Of a model that has not seen them.
    groups : ndarray of int64, shape (posts,)
        Resampled whole.
    languages : ndarray of object, shape (posts,)
        Without the script.
    """

    ids: npt.NDArray[np.object_]
    truth: Bools
    margins: Floats
    groups: npt.NDArray[np.int64]
    languages: npt.NDArray[np.object_]

    def part(self, keep: Bools) -> Scored:
        """Some of the posts."""
        return Scored(self.ids[keep], self.truth[keep], self.margins[keep], self.groups[keep], self.languages[keep])


def scored(posts: LabelledPosts, place: int, margins: Floats, groups: npt.NDArray[np.int64]) -> Scored:
    """One label of posts with margins of shape (posts, labels)."""
    column = posts.frame[posts.labels[place]].to_numpy(float)
    languages = np.array([name.split("-")[0] for name in posts.frame["lang"]], object)
    every = Scored(posts.frame["id"].to_numpy(object), column == 1, margins[:, place], groups, languages)
    return every.part(~np.isnan(column))


def shown(low: float, high: float) -> list[float]:
    """An interval as it is kept."""
    return [round(low, DECIMALS), round(high, DECIMALS)]


def precision_of(one: Scored, seed: int) -> dict[str, Any]:
    """Average precision with its interval, and the counts behind it."""
    value = average_precision(one.truth, one.margins)
    figures: dict[str, Any] = {"n": len(one.truth), "positives": int(one.truth.sum()), "average_precision": value}
    if value is not None:
        bounds = resampled(
            lambda weights: weighted_average_precision(one.truth, one.margins, weights), one.groups, seed
        )
        figures["interval"] = shown(*bounds)
    return figures


def by_language(one: Scored, seed: int) -> dict[str, Any]:
    """Average precision of all posts and of each language, the largest first."""
    names, sizes = np.unique(one.languages, return_counts=True)
    ordered = [str(names[k]) for k in np.argsort(-sizes, kind="stable")]
    return {ALL: precision_of(one, seed)} | {
        name: precision_of(one.part(one.languages == name), seed) for name in ordered
    }


def twins_right(
    posts: LabelledPosts, margins: Floats, thresholds: Sequence[float], groups: npt.NDArray[np.int64], seed: int
) -> dict[str, Any]:
    """How often both twins are on their right sides of the threshold, and how often merely in the right order.

    Parameters
    ----------
    posts : LabelledPosts
        Some of which name their twin.
    margins : ndarray of float64, shape (posts, labels)
        Of a model that has not seen them.
    thresholds : sequence of float
        Margin of each label from which it is flagged.
    groups : ndarray of int64, shape (posts,)
        Resampled whole.
    seed : int
        Of the resampling.

    Returns
    -------
    dict
        `pairs`; `both_right` and `in_order` as shares, each with an interval.
    """
    row_of = {post_id: row for row, post_id in enumerate(posts.frame["id"])}
    labels = posts.frame[list(posts.labels)].to_numpy(float)
    pairs = [(row, row_of[twin]) for row, twin in enumerate(posts.frame["twin"]) if twin in row_of]
    right, order, member = [], [], []
    for one, other in pairs:
        # where readers would split, or both have the label, the twins are not told apart by it
        differ = np.flatnonzero(np.abs(labels[one] - labels[other]) == 1)
        if not len(differ):
            continue
        flags = margins[[one, other]] >= np.asarray(thresholds)
        right.append(bool((flags == (labels[[one, other]] == 1))[:, differ].all()))
        signs = (labels[one] - labels[other])[differ] * (margins[one] - margins[other])[differ]
        order.append(bool((signs > 0).all()))
        member.append(groups[one])
    figures: dict[str, Any] = {"pairs": len(right)}
    for name, hits in (("both_right", right), ("in_order", order)):
        if hits:
            figures[name] = share_of(np.array(hits), np.array(member), seed)
    return figures


def share_of(hits: Bools, groups: npt.NDArray[np.int64], seed: int) -> dict[str, Any]:
    """A share with its interval over groups."""

    def share(weights: Floats) -> float:
        return float((weights * hits).sum() / weights.sum()) if weights.sum() > 0 else float("nan")

    return {"share": round(float(hits.mean()), DECIMALS), "interval": shown(*resampled(share, groups, seed))}


def best_threshold(one: Scored) -> float:
    """Margin of the highest F1, as `balanced` chooses it."""
    return balanced(one.truth, one.margins)[0]


def per_thousand(flags: int, posts: int) -> dict[str, Any]:
    """Flags per thousand posts with Wilson's interval."""
    low, high = wilson(np.array(float(flags)), np.array(float(posts)))
    return {
        "posts": posts,
        "flags": flags,
        "per_thousand": round(1000 * flags / posts, 2) if posts else None,
        "interval": [round(1000 * float(low), 2), round(1000 * float(high), 2)],
    }


def recall_at(one: Scored, ordinary: Floats, seed: int) -> dict[str, Any]:
    """Recall at the thresholds that flag one and three of a thousand ordinary posts.

    Parameters
    ----------
    one : Scored
        Posts of a label, unseen by the model.
    ordinary : ndarray of float64, shape (ordinary posts,)
        Margins of ordinary posts by the same model.
    seed : int
        Of the resampling.

    Returns
    -------
    dict
        By number of flags: share and interval; nothing where there are no positives or no ordinary posts.
    """
    found = one.part(one.truth)
    if not len(found.truth) or not len(ordinary):
        return {str(flags): {} for flags in FALSE_FLAGS}
    ranked = np.sort(ordinary)[::-1]
    figures = {}
    for flags in FALSE_FLAGS:
        allowed = int(len(ranked) * flags / 1000)
        threshold = ranked[allowed]  # what is above it are as many flags as are allowed
        figures[str(flags)] = share_of(found.margins > threshold, found.groups, seed)
    return figures


def by_category(posts: LabelledPosts, flags: Mapping[str, Bools]) -> dict[str, dict[str, Any]]:
    """For each category, how many posts there are and how many are flagged rightly for every label that is known."""
    right = np.ones(len(posts.frame), bool)
    for label in posts.labels:
        truth = posts.frame[label].to_numpy(float)
        right &= np.isnan(truth) | (flags[label] == (truth == 1))
    categories = posts.frame["category"].to_numpy(object)
    return {
        name: {"n": int((categories == name).sum()), "right": int(right[categories == name].sum())}
        for name in sorted(set(categories) - {""})
    }
