"""Near-copies: which post a new one copies, and how it differs from it.

Posts meet by MinHash over folded text, cut into bands that stand in the database. The kind of a post (the labels it
is flagged for and its band of probability) is part of every key, so an offer never meets a copy that the scorer takes
for a warning. Copies that the scorer takes for the same, but that add or leave out words, are variants: a decision on
one never covers another unless its reader saw a sample of both.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from classifier.text import skeleton_words
from service.store.parts import in_parts
from service.store.tables import bands, posts, sketches, versions
from training.sketch import SIMILAR, Signature, band_keys, signature, similarity

PERMUTATIONS: Final = 64
BANDS: Final = 16  # of four numbers each: copies with a similarity of .8 meet in 99.98 of 100 cases, of .7 in 98.8
ASKED_AT_ONCE: Final = 8000  # keys in one question to the database
CANDIDATES: Final = 20  # oldest posts looked at for each new one


@dataclass(frozen=True)
class Sketch:
    """By what a post is found again.

    Parameters
    ----------
    numbers : ndarray of uint32, shape (`PERMUTATIONS`,)
        Its signature.
    keys : list of int
        Its bands.
    """

    numbers: Signature
    keys: list[int]

    @classmethod
    def of(cls, text: str, kind: str) -> Sketch:
        """Sketch a text."""
        numbers = signature(text, PERMUTATIONS)
        return cls(numbers, band_keys(numbers, BANDS, kind))

    def row(self, post_id: int) -> dict[str, object]:
        """Row of the table of sketches."""
        packed = np.array(self.keys, "<i8").tobytes()
        return {"post_id": post_id, "signature": self.numbers.astype("<u4").tobytes(), "band_keys": packed}


def unpacked(packed: bytes) -> Signature:
    """The signature that was packed."""
    return np.frombuffer(packed, "<u4")


def kind_of(labels: str, band: int) -> str:
    """What copies must have in common besides their words."""
    return f"{labels}/{band}"


def variant_of(text: str, root: str) -> str:
    """Which words a copy adds or leaves out.

    Parameters
    ----------
    text, root : str
        The copy and the first post of the campaign.

    Returns
    -------
    str
        A digest of the changed words; empty where only links, names, numbers or the order changed.
    """
    mine, theirs = _words(text), _words(root)
    changed = [sorted((mine - theirs).elements()), sorted((theirs - mine).elements())]
    return hashlib.sha256(repr(changed).encode()).hexdigest()[:16] if any(changed) else ""


def _words(text: str) -> Counter[str]:
    return Counter(word for word in skeleton_words(text) if any(char.isalpha() for char in word))


class Finder:
    """Finds for new posts the earlier ones that they copy, of the database and of their own batch.

    Parameters
    ----------
    connection : Connection
        Of the transaction in which the posts arrive.
    newcomers : sequence of Sketch
        Those that will be asked for.
    """

    def __init__(self, connection: Connection, newcomers: Sequence[Sketch]) -> None:
        self._connection = connection
        self._roots: dict[int, list[int]] = {}
        self._numbers: dict[int, Signature] = {}
        self._texts: dict[int, str] = {}
        self._dropped: set[int] = set()
        self._load({key for newcomer in newcomers for key in newcomer.keys})

    def _load(self, keys: set[int]) -> None:
        found: set[int] = set()
        for some in in_parts(keys, ASKED_AT_ONCE):
            rows = self._connection.execute(sa.select(bands.c.band, bands.c.post_id).where(bands.c.band.in_(some)))
            for key, post_id in rows:
                self._roots.setdefault(key, []).append(post_id)
                found.add(post_id)
        for part in in_parts(found, ASKED_AT_ONCE):
            asked = sa.select(sketches.c.post_id, sketches.c.signature).where(sketches.c.post_id.in_(part))
            rows = self._connection.execute(asked)
            self._numbers.update((post_id, unpacked(packed)) for post_id, packed in rows)

    def root(self, newcomer: Sketch) -> int | None:
        """The oldest post that a new one is most like; None where it is like none."""
        met = set(chain.from_iterable(self._roots.get(key, ()) for key in newcomer.keys)) - self._dropped
        alike = [
            (similarity(newcomer.numbers, self._numbers[post_id]), -post_id) for post_id in sorted(met)[:CANDIDATES]
        ]
        best, post_id = max(alike, default=(0.0, 0))
        return -post_id if best >= SIMILAR else None

    def add(self, post_id: int, newcomer: Sketch, text: str) -> None:
        """Let later posts of the batch find this one."""
        for key in newcomer.keys:
            self._roots.setdefault(key, []).append(post_id)
        self._numbers[post_id], self._texts[post_id] = newcomer.numbers, text

    def drop(self, post_id: int) -> None:
        """Find a post no more: its text changed."""
        self._dropped.add(post_id)

    def text(self, root: int) -> str:
        """Text of a post that was found."""
        if root not in self._texts:
            asked = sa.select(versions.c.text).join(posts, posts.c.version_id == versions.c.id)
            self._texts[root] = self._connection.execute(asked.where(posts.c.id == root)).scalar_one() or ""
        return self._texts[root]


def band_rows(post_id: int, sketch: Sketch) -> Iterator[dict[str, int]]:
    """Rows of the table of bands."""
    return ({"band": key, "post_id": post_id} for key in sketch.keys)


def forget(connection: Connection, post_ids: Iterable[int]) -> None:
    """Let no later post find these: their text changed or is gone."""
    for some in in_parts(post_ids, 500):
        kept = sa.select(sketches.c.post_id, sketches.c.band_keys).where(sketches.c.post_id.in_(some))
        gone = [
            {"old_band": key, "old_post": post_id}
            for post_id, packed in connection.execute(kept)
            for key in np.frombuffer(packed, "<i8").tolist()
        ]
        if not gone:
            continue
        one = sa.and_(bands.c.band == sa.bindparam("old_band"), bands.c.post_id == sa.bindparam("old_post"))
        connection.execute(bands.delete().where(one), gone)
        connection.execute(sketches.delete().where(sketches.c.post_id.in_(some)))
