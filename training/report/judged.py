"""Labelled posts beside what a bundle says of them: what every figure of a report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.model import Classifier
from training.draws import Draws
from training.groups import group_posts
from training.intervals import RESAMPLES
from training.languages import languages_of
from training.posts import LabelledPosts
from training.sampling import weights_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
PROFILE: Final = "balanced"  # whose thresholds decide where one is needed


@dataclass(frozen=True)
class One:
    """Posts of one label, blank ones left out.

    Parameters
    ----------
    name : str
        Of the label.
    rows : ndarray of int64, shape (known,)
        Of these posts among all.
    truth : ndarray of bool, shape (known,)
        Which have the label.
    chance : ndarray of float64, shape (known,)
        Rounded probabilities.
    thresholds : mapping of str to float
        By profile.
    threshold : float
        Of the profile in use.
    draws : Draws
        Samples of these posts, and their weights.
    measurable : bool
        Whether the posts stand for a stream, so that what was missed can be told.
    """

    name: str
    rows: npt.NDArray[np.int64]
    truth: Bools
    chance: Floats
    thresholds: Mapping[str, float]
    threshold: float
    draws: Draws
    measurable: bool = True

    @property
    def flagged(self) -> Bools:
        """Posts that the profile in use flags."""
        return self.chance >= self.threshold

    @property
    def weighted(self) -> bool:
        """Whether some posts stand for several."""
        return bool((self.draws.weights != 1).any())

    def part(self, keep: Bools) -> One:
        """Some of the posts."""
        rows, truth, chance = self.rows[keep], self.truth[keep], self.chance[keep]
        return replace(self, rows=rows, truth=truth, chance=chance, draws=self.draws.part(keep))


@dataclass(frozen=True)
class Judged:
    """Posts and what a bundle says of them.

    Parameters
    ----------
    classifier : Classifier
        Of the bundle.
    posts : LabelledPosts
        With their labels.
    seed, resamples : int
        Of the intervals.
    """

    classifier: Classifier
    posts: LabelledPosts
    seed: int = 0
    resamples: int = RESAMPLES

    @property
    def how(self) -> str | None:
        """How the posts were held out of the training run; None where the bundle was not trained on them."""
        return None

    @property
    def profile(self) -> str:
        """Whose thresholds decide: `balanced`, or the first of a bundle that has other profiles."""
        profiles = self.classifier.manifest.profiles
        return PROFILE if PROFILE in profiles else next(iter(profiles))

    @cached_property
    def chances(self) -> Floats:
        """Rounded probabilities, shape (posts, labels)."""
        return self.classifier.probabilities(self.classifier.margins(self.posts.texts).margins)

    @cached_property
    def groups(self) -> npt.NDArray[np.int64]:
        """Group of each post."""
        return group_posts(self.posts)

    @cached_property
    def languages(self) -> npt.NDArray[np.object_]:
        """Language of each post."""
        return languages_of(self.posts)

    @cached_property
    def sampling(self) -> tuple[Floats, bool]:
        """What each post stands for, and whether recall can be told."""
        return weights_of(self.posts)

    @cached_property
    def draws(self) -> Draws:
        """Samples of all posts."""
        return Draws.of(self.groups, self.sampling[0], self.seed, self.resamples)

    @cached_property
    def labels(self) -> Floats:
        """Truth, shape (posts, labels), NaN where blank; a class that no post has is 0 everywhere."""
        frame, none = self.posts.frame, np.zeros(len(self.posts.frame))
        columns = [frame[name].to_numpy(float) if name in frame else none for name in self.classifier.labels]
        return np.stack(columns, axis=1)

    def one(self, label: str) -> One:
        """What there is of one label."""
        place = self.classifier.labels.index(label)
        rows = np.flatnonzero(~np.isnan(self.labels[:, place]))
        thresholds = {name: self.classifier.thresholds(name)[label] for name in self.classifier.manifest.profiles}
        return One(
            label,
            rows,
            self.labels[rows, place] == 1,
            self.chances[rows, place],
            thresholds,
            thresholds[self.profile],
            self.draws.part(rows),
            self.sampling[1],
        )
