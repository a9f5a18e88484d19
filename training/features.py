"""Posts in the form that models are fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from classifier.cues import CueSet
from classifier.kernels.score import is_long
from classifier.ngrams import Counts, count, readings
from classifier.text import Folded
from training.categories import Categories, categories_of
from training.posts import LabelledPosts
from training.settings import FitSettings


@dataclass(frozen=True)
class Features:
    """Posts in the form that models are fitted to.

    Parameters
    ----------
    counts : Counts
        Of n-grams.
    known : ndarray of uint8, shape (buckets,)
        Which buckets are those of words.
    cues : ndarray of bool, shape (posts, cues)
        Which cues are present.
    categories : Categories
        Of the posts.
    weights : ndarray of float64, shape (posts,)
        How much each post counts: its `weight`, 1 where it has none.
    """

    counts: Counts
    known: npt.NDArray[np.uint8]
    cues: npt.NDArray[np.bool_]
    categories: Categories
    weights: npt.NDArray[np.float64]

    def rows(self, chosen: npt.NDArray[np.int64]) -> Features:
        """The features of some posts."""
        matrix = csr_matrix((self.counts.counts, self.counts.buckets, self.counts.indptr))[chosen]
        counts = Counts(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
        return Features(counts, self.known, self.cues[chosen], self.categories.rows(chosen), self.weights[chosen])


def features_of(posts: LabelledPosts, cues: CueSet, settings: FitSettings) -> Features:
    """Fold posts, count their n-grams and cues, and look up their categories."""
    read = [readings(text, settings.ngrams) for text in posts.texts]
    return Features(
        *count(read, settings.ngrams), present_cues(read, cues), categories_of(posts), stated_weights(posts)
    )


def present_cues(read: Sequence[Sequence[Folded]], cues: CueSet) -> npt.NDArray[np.bool_]:
    """Which cues each post has, shape (posts, cues): none in a long post, which is scored without them as a whole."""
    present = np.zeros((len(read), len(cues.cues)), bool)
    for row, (post, *_) in enumerate(read):
        if not is_long(post.symbols, len(post.symbols)):
            present[row, cues.find(post)[:, 0]] = True
    return present


def stated_weights(posts: LabelledPosts) -> npt.NDArray[np.float64]:
    """How much each post counts, shape (posts,): its `weight`, 1 where it has none."""
    return posts.frame["weight"].fillna(1.0).to_numpy(float)
