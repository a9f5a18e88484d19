"""The labelled posts most like a post, from an index that a bundle may carry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.kernels.near import STEMS, similarities, stems_of
from classifier.text import Folded

MOST: Final = 3
LEAST_ALIKE: Final = 0.15  # of a post that is worth showing


class NearestIndex(NamedTuple):
    """Labelled posts by their stems.

    Parameters
    ----------
    idf : ndarray of float32, shape (STEMS,)
        How rare each stem is among the posts.
    starts : ndarray of int32, shape (STEMS + 1,)
        Where the entries of each stem begin.
    posts, weights : ndarray of int32 and float32, shape (entries,)
        Post that has the stem, and the stem's share of it.
    rows : ndarray of uint8
        The posts as JSON, one after another: `text`, `lang`, `category` and `labels`.
    row_at : ndarray of int64, shape (posts + 1,)
        Where each of them begins.
    """

    idf: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int32]
    posts: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    rows: npt.NDArray[np.uint8]
    row_at: npt.NDArray[np.int64]

    def find(self, post: Folded, most: int = MOST) -> list[dict[str, Any]]:
        """The posts most like a folded post.

        Parameters
        ----------
        post : Folded
            What to look for.
        most : int
            How many to give.

        Returns
        -------
        list of dict
            `text`, `lang`, `category`, `labels` (0, 1 or null) and `similarity`, the cosine of their stems weighted by
            rarity, between 0 and 1; the most alike first, none below `LEAST_ALIKE`.
        """
        alike = np.empty(len(self.row_at) - 1, np.float32)
        buckets = stem_buckets(post)
        similarities(buckets, len(buckets), self.idf, self.starts, self.posts, self.weights, alike)
        order = np.argsort(-alike, kind="stable")[:most].tolist()
        return [
            self.row(place) | {"similarity": round(float(alike[place]), 3)}
            for place in order
            if alike[place] >= LEAST_ALIKE
        ]

    def row(self, place: int) -> dict[str, Any]:
        """One post of the index."""
        written = self.rows[self.row_at[place] : self.row_at[place + 1]].tobytes()
        found: dict[str, Any] = json.loads(written)
        return found


def stem_buckets(post: Folded) -> npt.NDArray[np.int32]:
    """Distinct buckets of the stems of a post."""
    room = np.empty(len(post.symbols), np.int32)
    return room[: stems_of(post.symbols, len(post.symbols), room, np.zeros(STEMS, np.bool_))]


def build_index(posts: Iterable[Folded], rows: Sequence[Mapping[str, Any]]) -> NearestIndex:
    """Index labelled posts.

    Parameters
    ----------
    posts : iterable of Folded
        The posts, folded.
    rows : sequence of mapping
        What to show of each, in the same order.

    Returns
    -------
    NearestIndex
        Ready to search.
    """
    stems = [stem_buckets(post) for post in posts]
    frequency = np.bincount(np.concatenate([np.empty(0, np.int32), *stems]), minlength=STEMS)
    idf = np.log((1 + len(stems)) / (1 + frequency)).astype(np.float32)
    owner = np.repeat(np.arange(len(stems), dtype=np.int32), [len(one) for one in stems])
    bucket = np.concatenate([np.empty(0, np.int32), *stems])
    norms = np.sqrt(np.bincount(owner, idf[bucket].astype(float) ** 2, minlength=len(stems)))
    weights = idf[bucket] / np.maximum(norms, 1e-9)[owner]
    order = np.argsort(bucket, kind="stable")
    starts = np.concatenate([[0], np.cumsum(frequency)]).astype(np.int32)
    written = [json.dumps(dict(row), ensure_ascii=False).encode() for row in rows]
    row_at = np.cumsum([0, *map(len, written)], dtype=np.int64)
    blob = np.frombuffer(b"".join(written), np.uint8)
    return NearestIndex(idf, starts, owner[order], weights[order].astype(np.float32), blob, row_at)


def fault_of(index: NearestIndex) -> str | None:
    """Why an index read from a file cannot be used; the compiled search checks nothing."""
    shapes = {"idf": (STEMS,), "starts": (STEMS + 1,), "weights": index.posts.shape}
    for name, shape in shapes.items():
        if getattr(index, name).shape != shape:
            return f"{name} has the wrong shape"
    number = len(index.row_at) - 1
    rising = (np.diff(index.starts) >= 0).all() and (np.diff(index.row_at) >= 0).all()
    if not rising or index.starts[0] or index.starts[-1] != len(index.posts) or index.row_at[-1] != len(index.rows):
        return "its places do not fit"
    if len(index.posts) and not 0 <= index.posts.min() <= index.posts.max() < number:
        return "it names posts that it does not hold"
    return None if np.isfinite(index.weights).all() and np.isfinite(index.idf).all() else "it holds NaN or infinity"
