"""Judge labels that several methods gave to the same posts: macro-F1, intervals, and paired differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training.intervals import resampled
from training.posts import LabelledPosts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
SEED: Final = 0


def answers(posts: LabelledPosts) -> Ints:
    """The right answer to each post: the place of its class, or 0 or 1 where there is a single label."""
    labels = posts.frame[list(posts.labels)].to_numpy(float)
    result: Ints = labels.argmax(axis=1) if posts.exclusive else labels[:, 0].astype(np.int64)
    return result


def macro_f1(truth: Ints, given: Ints, weights: Floats | None = None) -> float:
    """Mean F1 over the classes that occur, each post counting as often as its weight says."""
    size = int(max(truth.max(), given.max())) + 1
    table = np.bincount(truth * size + given, weights, size * size).reshape(size, size)
    sizes = table.sum(axis=0) + table.sum(axis=1)
    occurs = sizes > 0
    return float((2 * table.diagonal()[occurs] / sizes[occurs]).mean())


def best_cut(truth: Ints, score: Floats) -> float:
    """The cut of the highest macro-F1 over yes and no, where a score from the cut on means yes."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    hits, flags, positives, posts = np.cumsum(truth[order])[last], last + 1, truth.sum(), len(truth)
    spared = posts - positives - (flags - hits)
    f1 = hits / (flags + positives) + spared / ((posts - flags) + (posts - positives))
    best = int(np.argmax(f1))
    # half way to the next score: posts that are judged have scores of their own
    ranked = score[order][last]
    return float(ranked[best : best + 2].mean())


def decided(scores: Floats, cut: float | None) -> Ints:
    """The class of the highest score; with a cut, whether the single score reaches it."""
    result: Ints = scores.argmax(axis=1) if cut is None else (scores[:, 0] >= cut).astype(np.int64)
    return result


@dataclass(frozen=True)
class Judged:
    """Posts that were judged, with everybody's labels.

    Parameters
    ----------
    truth : ndarray of int64, shape (posts,)
        Right answers.
    groups : ndarray of int64, shape (posts,)
        Near-duplicates, which are resampled together.
    given : dict of str to ndarray of int64, shape (posts,)
        By method, ours first.
    """

    truth: Ints
    groups: Ints
    given: dict[str, Ints]

    def part(self, rows: npt.NDArray[np.bool_]) -> Judged:
        """Some of the posts."""
        given = {name: labels[rows] for name, labels in self.given.items()}
        return Judged(self.truth[rows], self.groups[rows], given)

    def figures(self) -> dict[str, dict[str, Any]]:
        """By method: macro-F1 with its interval and, for rivals, how much better ours is, with the interval of that."""
        ours = next(iter(self.given))
        found: dict[str, dict[str, Any]] = {}
        for name in self.given:
            found[name] = {"macro_f1": self.f1(name), "interval": resampled(self.f1_of(name), self.groups, SEED)}
            if name != ours:
                found[name]["ours_ahead"] = self.f1(ours) - self.f1(name)
                found[name]["ahead_interval"] = resampled(self.lead_of(ours, name), self.groups, SEED)
        return found

    def f1(self, name: str, weights: Floats | None = None) -> float:
        """Macro-F1 of one method."""
        return macro_f1(self.truth, self.given[name], weights)

    def f1_of(self, name: str) -> Any:
        """Macro-F1 of one method as a figure to resample."""
        return lambda weights: self.f1(name, weights)

    def lead_of(self, one: str, other: str) -> Any:
        """Lead of one method over another as a figure to resample: both are judged on the same sample."""
        return lambda weights: self.f1(one, weights) - self.f1(other, weights)
