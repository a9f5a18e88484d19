"""Which posts belong together: near-duplicates, declared groups, twins. They never stand on both sides of a split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from rensa import RMinHash, RMinHashLSH

from training.posts import LabelledPosts
from training.sketch import SIMILAR, sketch

PERMUTATIONS, BANDS = 128, 32


class Merger:
    """Disjoint sets of row numbers."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def root(self, row: int) -> int:
        """The row that stands for a set."""
        while self.parent[row] != row:
            self.parent[row] = self.parent[self.parent[row]]
            row = self.parent[row]
        return row

    def join(self, one: int, other: int) -> None:
        """Make one set of two; the lower row stands for it."""
        one, other = sorted((self.root(one), self.root(other)))
        self.parent[other] = one

    def numbers(self) -> npt.NDArray[np.int64]:
        """Set of each row, shape (rows,), numbered by first appearance."""
        roots = [self.root(row) for row in range(len(self.parent))]
        order = {root: number for number, root in enumerate(dict.fromkeys(roots))}
        return np.array([order[root] for root in roots], np.int64)


def near_duplicates(texts: Iterable[str]) -> list[tuple[int, int]]:
    """Pairs of texts that say nearly the same.

    Parameters
    ----------
    texts : iterable of str
        Posts.

    Returns
    -------
    list of tuple of int
        Row numbers, the earlier one second.

    Notes
    -----
    MinHash over folded text with banding: Broder, "On the resemblance and containment of documents", 1997.
    """
    index = RMinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS, num_bands=BANDS)
    sketches: list[RMinHash] = []
    pairs = []
    for row, text in enumerate(texts):
        made = sketch(text, PERMUTATIONS)
        pairs += [(row, other) for other in sorted(index.query(made)) if made.jaccard(sketches[other]) >= SIMILAR]
        index.insert(row, made)
        sketches.append(made)
    return pairs


def same_value(values: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of rows with the same non-empty value."""
    first: dict[str, int] = {}
    return [(row, first.setdefault(value, row)) for row, value in enumerate(values) if value]


def declared(posts: LabelledPosts, by: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Pairs of rows that the columns `group` and `twin`, and the values of other columns, put together."""
    row_of = {post_id: row for row, post_id in enumerate(posts.frame["id"])}
    twins = [(row, row_of[twin]) for row, twin in enumerate(posts.frame["twin"]) if twin in row_of]
    return [pair for column in ("group", *by) for pair in same_value(list(posts.frame[column]))] + twins


def group_posts(posts: LabelledPosts, by: Sequence[str] = ()) -> npt.NDArray[np.int64]:
    """Group of each post.

    Parameters
    ----------
    posts : LabelledPosts
        With the columns `group` and `twin`, which may be empty.
    by : sequence of str
        Other columns whose values make posts belong together, such as `author` and `source`.

    Returns
    -------
    ndarray of int64, shape (posts,)
        Group numbers by first appearance.
    """
    merger = Merger(len(posts.frame))
    for one, other in [*near_duplicates(posts.texts), *declared(posts, by)]:
        merger.join(one, other)
    return merger.numbers()
