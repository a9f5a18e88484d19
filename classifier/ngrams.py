"""The n-gram features of a post, as the sparse rows that a linear model is fitted to.

The same occurrences that the scorer adds up one by one, so that both give the same margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from classifier import names
from classifier.kernels.grams import Gram, count_all
from classifier.kernels.kept import Counting
from classifier.kernels.letters import MAX_WORD
from classifier.kernels.named import Names
from classifier.text import Folded, fold, verbatim


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
        How often one word or pair of words counts in one post, so that repeating it cannot swamp the rest, and how
        often one character n-gram counts in one word.
    verbatim : bool
        Whether words and marks count as they stand as well, with accents, names after @ and #tags. That tells more of
        posts that nobody disguises, and less of those that somebody does.
    alike : bool
        Whether the name of a people or faith counts as that of any other, see `classifier.names`.
    """

    buckets: int = 2**18
    least: int = 2
    most: int = 6
    cap: int = 3
    verbatim: bool = False
    alike: bool = True

    def to_dict(self) -> dict[str, int | bool]:
        """Plain form for the manifest."""
        return asdict(self)

    @cached_property
    def gram(self) -> Gram:
        """Form that the compiled loops take."""
        listed = names.load() if self.alike else Names.none()
        return Gram(self.buckets - 1, self.least, self.most, self.cap, self.verbatim, listed)


def counting_for(settings: GramSettings) -> Counting:
    """Fresh working memory for counting."""
    return Counting.empty(settings.buckets, most_occurrences(settings))


def most_occurrences(settings: GramSettings) -> int:
    """Most buckets of one word, and of the pair with the word before it."""
    return (settings.most - settings.least + 1) * (MAX_WORD + 2) + 2


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


def readings(text: str, settings: GramSettings) -> tuple[Folded, ...]:
    """What the n-grams of a post are taken from: its skeleton, and with `verbatim` its words as they stand too."""
    return (fold(text), verbatim(text)) if settings.verbatim else (fold(text),)


def count(posts: Iterable[Sequence[Folded]], settings: GramSettings) -> tuple[Counts, npt.NDArray[np.uint8]]:
    """Count n-gram occurrences by bucket.

    Parameters
    ----------
    posts : iterable of sequence of Folded
        The `readings` of each post.
    settings : GramSettings
        Shape of the features.

    Returns
    -------
    counts : Counts
        One row per post; buckets in each row ascend.
    known : ndarray of uint8, shape (buckets,)
        1 at the buckets of the words of these posts.
    """
    rows: list[npt.NDArray[np.int32]] = []
    values: list[npt.NDArray[np.int32]] = []
    counting, known = counting_for(settings), np.zeros(settings.buckets, np.uint8)
    tally, room = np.zeros(settings.buckets, np.int32), np.empty((2, settings.buckets), np.int32)
    for post in posts:
        used = 0
        for symbols in (reading.symbols for reading in post):
            words = room[1] if len(symbols) <= settings.buckets else np.empty(len(symbols), np.int32)
            used, spoken = count_all(symbols, len(symbols), settings.gram, counting, tally, room[0], used, words)
            known[words[:spoken]] = 1
        buckets = np.sort(room[0, :used])
        rows.append(buckets)
        values.append(tally[buckets])
        tally[buckets] = 0
    indptr = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    empty = np.empty(0, np.int32)
    return Counts(indptr, np.concatenate([empty, *rows]), np.concatenate([empty, *values])), known


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
    return idf_of(np.bincount(counts.buckets, minlength=buckets), len(counts.indptr) - 1)


def idf_of(document_frequency: npt.NDArray[np.int64], posts: int) -> npt.NDArray[np.float32]:
    """Inverse document frequencies, shape (buckets,), of in how many of the posts each bucket stands."""
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
