"""Figures of a portrait: languages told apart, mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier import lang
from training.mistakes import wrong_side
from training.posts import LabelledPosts

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
SHORT: Final = 40  # characters of a post that is short


def languages_of(posts: LabelledPosts) -> dict[str, dict[str, dict[str, int]]]:
    """By length and stated language, how many posts are told rightly, not at all, or wrongly."""
    stated = [name.split("-")[0] for name in posts.frame["lang"]]
    figures: dict[str, dict[str, dict[str, int]]] = {"all": {}, "short": {}}
    for name, text in zip(stated, posts.texts, strict=True):
        found = lang.detect(text)
        outcome = "right" if found == name else "unknown" if found == lang.UNKNOWN else "wrong"
        for kind in ("all", "short") if len(text) < SHORT else ("all",):
            counts = figures[kind].setdefault(name, {"n": 0, "right": 0, "unknown": 0, "wrong": 0})
            counts["n"] += 1
            counts[outcome] += 1
    return figures


def worst(posts: LabelledPosts, label: str, chance: Floats, threshold: float, most: int = 10) -> dict[str, Any]:
    """The posts that are furthest on the wrong side of a threshold.

    Parameters
    ----------
    posts : LabelledPosts
        With their labels.
    label : str
        Which.
    chance : ndarray of float64, shape (posts,)
        Probabilities by models that have not seen them.
    threshold : float
        From which a post is flagged.
    most : int
        How many of each kind.

    Returns
    -------
    dict
        `false_flags` and `missed`: id, category, probability and text of the worst; and how many there are of each.
    """
    frame = posts.frame
    found: dict[str, Any] = {}
    for kind, rows in wrong_side(frame[label].to_numpy(float), chance, threshold).items():
        found[kind] = [
            {
                "id": str(frame["id"].iloc[row]),
                "category": str(frame["category"].iloc[row]),
                "probability": round(float(chance[row]), 3),
                "text": str(frame["text"].iloc[row]),
            }
            for row in rows[:most].tolist()
        ]
        found[f"{kind}_n"] = len(rows)
    return found


def shares(counts: Mapping[str, int], names: Sequence[str]) -> list[float]:
    """Counts as shares of `n`."""
    return [counts[name] / counts["n"] for name in names]
