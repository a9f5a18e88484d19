"""Models of parts of the posts, and their margins on the rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifier.cues import CueSet
from classifier.model import Classifier
from training.features import Features, features_of
from training.fit import Fitter
from training.posts import LabelledPosts
from training.settings import FitSettings
from training.split import check_enough, shuffled_folds

FOLDS: Final = 10
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


class Bench:
    """Posts whose features are computed once, to fit many models to parts of them.

    Parameters
    ----------
    posts : LabelledPosts
        With the columns `batch` and `region`.
    cues : CueSet
        Features beside the n-grams.
    settings : FitSettings
        How models are fitted.
    """

    def __init__(self, posts: LabelledPosts, cues: CueSet, settings: FitSettings) -> None:
        self.posts = posts
        self.fitter = Fitter(posts, cues, settings, "study")
        self.seed = settings.seed

    @cached_property
    def features(self) -> Features:
        """Features of all posts."""
        return features_of(self.posts, self.fitter.cues, self.fitter.settings)

    @cached_property
    def labels(self) -> Floats:
        """Labels, shape (posts, labels), NaN where blank."""
        return self.posts.frame[list(self.posts.labels)].to_numpy(float)

    def numbered(self, column: str) -> Rows:
        """Values of a column as numbers, shape (posts,)."""
        return np.unique(self.posts.frame[column], return_inverse=True)[1].astype(np.int64)

    def scorer(self, rows: Rows) -> Classifier:
        """A model of some posts, good for margins only."""
        with threadpool_limits(limits=1, user_api="blas"):
            return self.fitter.scorer(self.features, self.labels, rows)

    def held_out(self, parts: Rows) -> Iterator[tuple[int, Floats]]:
        """Margins of each part by a model of all the others.

        Parameters
        ----------
        parts : ndarray of int64, shape (posts,)
            Part of each post; posts of a negative part are never held out.

        Yields
        ------
        int, ndarray of float64, shape (posts of the part, labels)
            The part and its margins.
        """
        numbers = [number for number in np.unique(parts).tolist() if number >= 0]
        texts = self.posts.texts

        def margins(number: int) -> tuple[int, Floats]:
            scorer = self.fitter.scorer(self.features, self.labels, np.flatnonzero(parts != number))
            return number, scorer.margins([texts[row] for row in np.flatnonzero(parts == number)])[0]

        with threadpool_limits(limits=1, user_api="blas"):
            runs = Parallel(n_jobs=-1, prefer="threads", return_as="generator")(delayed(margins)(n) for n in numbers)
            yield from runs

    def folds(self) -> Rows:
        """Fold of each post, whole batches together; raises InputError where there are too few batches."""
        batches = self.numbered("batch")
        check_enough(self.posts, batches, FOLDS)
        return shuffled_folds(self.posts, batches, self.seed, FOLDS)

    def growing(self, sizes: tuple[int, ...], seed: int) -> Iterator[tuple[int, Rows]]:
        """Whole batches in a random order, up to each size; yields how many posts came of it, and their rows."""
        batches = self.numbered("batch")
        order = np.random.default_rng(seed).permutation(batches.max() + 1)
        rank = np.argsort(order)[batches]
        queue = np.argsort(rank, kind="stable")
        for size in sizes:
            if size <= len(queue):
                yield size, np.sort(queue[:size])
