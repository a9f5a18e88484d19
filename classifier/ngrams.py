"""The n-gram features of a post, as the sparse rows that a linear model is fitted to.

The same occurrences that the scorer adds up one by one, so that both give the same margin.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from classifier.kernels.grams import Gram, Scratch, count_grams
from classifier.kernels.letters import MAX_WORD
from classifier.text import Folded

LOCAL = threading.local()


@dataclass(frozen=True)
class GramSettings:
    """Shape of the n-gram features.

    Parameters
    ----------
    buckets : int
        Size of the hash space, a power of two.
    least, most : int
        Lengths of character n-grams, in symbols of the skeleton.
    cap : int
        How often one bucket counts in one post, so that repeating a word cannot swamp the rest.
    """

    buckets: int = 2**18
    least: int = 2
    most: int = 6
    cap: int = 3

    def to_dict(self) -> dict[str, int]:
        """Plain form for the manifest."""
        return asdict(self)

    @property
    def gram(self) -> Gram:
        """Form that the compiled loops take."""
        return Gram(self.buckets - 1, self.least, self.most, self.cap)


def scratch(settings: GramSettings) -> Scratch:
    """Working memory of this thread, made once per hash size."""
    kept: dict[GramSettings, Scratch] = LOCAL.__dict__.setdefault("scratch", {})
    if settings not in kept:
        occurrences = (settings.most - settings.least + 1) * (MAX_WORD + 2) + 2
        kept[settings] = Scratch(
            np.zeros(settings.buckets, np.uint8),
            np.empty(settings.buckets, np.int32),
            np.zeros(1, np.int64),
            np.empty((occurrences, 3), np.int32),
        )
    return kept[settings]


@dataclass(frozen=True)
class Counts:
    """Capped bucket counts of several posts, in the row-wise sparse form of scipy.

    Parameters
    ----------
    indptr : ndarray of int64, shape (posts + 1,)
        Where each post's entries start.
    buckets, counts : ndarray of int32, shape (entries,)
        Bucket and capped number of occurrences.
    """

    indptr: npt.NDArray[np.int64]
    buckets: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]


def count(posts: Iterable[Folded], settings: GramSettings) -> Counts:
    """Count n-gram occurrences by bucket.

    Parameters
    ----------
    posts : iterable of Folded
        Folded posts.
    settings : GramSettings
        Shape of the features.

    Returns
    -------
    Counts
        One row per post; buckets in each row ascend.
    """
    rows: list[npt.NDArray[np.int32]] = []
    values: list[npt.NDArray[np.int32]] = []
    room = np.empty((2, settings.buckets), np.int32)
    for post in posts:
        used = count_grams(post.symbols, len(post.symbols), settings.gram, scratch(settings), room[0], room[1])
        order = np.argsort(room[0, :used])
        rows.append(room[0, :used][order])
        values.append(room[1, :used][order])
    indptr = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    empty = np.empty(0, np.int32)
    return Counts(indptr, np.concatenate([empty, *rows]), np.concatenate([empty, *values]))


def inverse_document_frequency(counts: Counts, buckets: int) -> npt.NDArray[np.float32]:
    """Smoothed idf of each bucket, ``ln((1 + n) / (1 + df)) + 1``; unseen buckets get the highest.

    Parameters
    ----------
    counts : Counts
        Of the training posts.
    buckets : int
        Size of the hash space.

    Returns
    -------
    ndarray of float32, shape (buckets,)
        Weights of at least 1.
    """
    posts = len(counts.indptr) - 1
    document_frequency = np.bincount(counts.buckets, minlength=buckets)
    return (np.log((1 + posts) / (1 + document_frequency)) + 1).astype(np.float32)


def values(counts: Counts, idf: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Feature values: summed idf of a bucket's occurrences over the norm of all occurrences of the post.

    Parameters
    ----------
    counts : Counts
        Capped bucket counts.
    idf : ndarray of float32, shape (buckets,)
        Inverse document frequencies.

    Returns
    -------
    ndarray of float64, shape (entries,)
        In the order of `counts.buckets`.
    """
    weight = idf[counts.buckets].astype(np.float64)
    sizes = np.diff(counts.indptr)
    post_of = np.repeat(np.arange(len(sizes)), sizes)
    norms = np.sqrt(np.bincount(post_of, counts.counts * weight**2, minlength=len(sizes)))
    result: npt.NDArray[np.float64] = counts.counts * weight / norms[post_of]
    return result
