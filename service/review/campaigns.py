"""Near-copies: which post a new one copies, and how it differs from it.

Posts meet by MinHash over folded text, cut into bands that stand in the database. The kind of a post (the labels it
is flagged for and its band of probability) is part of every key, so an offer never meets a copy that the scorer takes
for a warning. Copies that the scorer takes for the same, but that add or leave out words, are variants: a decision on
one never covers another unless its reader saw a sample of both.
"""

from __future__ import annotations

import hashlib
import struct
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.store.bulk import among
from service.store.tables import bands, sketches

if TYPE_CHECKING:
    from training.sketch import Signature

PERMUTATIONS: Final = 64
BANDS: Final = 16  # of four numbers each: copies with a similarity of .8 meet in 99.98 of 100 cases, of .7 in 98.8
PACKED: Final = f"<{BANDS}q"
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
        from training.sketch import band_keys, signature

        numbers = signature(text, PERMUTATIONS)
        return cls(numbers, band_keys(numbers, BANDS, kind))

    def row(self, post_id: int) -> dict[str, object]:
        """Row of the table of sketches."""
        packed = struct.pack(PACKED, *self.keys)
        return {"post_id": post_id, "signature": self.numbers.astype("<u4").tobytes(), "band_keys": packed}


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
    from classifier.text import skeleton_words

    return Counter(word for word in skeleton_words(text) if any(char.isalpha() for char in word))


class Finder:
    """Finds for new posts the earlier ones that they copy, of the database and of their own batch.

    Parameters
    ----------
    connection : Connection
        Of the transaction in which the posts arrive.
    newcomers : mapping of int to Sketch
        By id, in the order in which they came.
    edited : set of int
        Posts of the database whose text has just changed: nothing copies them any more.
    """

    def __init__(self, connection: Connection, newcomers: Mapping[int, Sketch], edited: set[int]) -> None:
        self._owners: dict[int, list[int]] = {}
        self._numbers: dict[int, Signature] = {}
        self._load(connection, {key for one in newcomers.values() for key in one.keys}, edited)
        self.roots = {post_id: self._root(post_id, one) for post_id, one in newcomers.items()}

    def _load(self, connection: Connection, keys: set[int], edited: set[int]) -> None:
        from training.sketch import unpacked

        if not keys:
            return
        rows = connection.execute(sa.select(bands.c.band, bands.c.post_id).where(among(connection, bands.c.band, keys)))
        for key, post_id in rows:
            if post_id not in edited:
                self._owners.setdefault(key, []).append(post_id)
        found = set(chain.from_iterable(self._owners.values()))
        asked = sa.select(sketches.c.post_id, sketches.c.signature)
        rows = connection.execute(asked.where(among(connection, sketches.c.post_id, found)))
        self._numbers.update((post_id, unpacked(packed)) for post_id, packed in rows)

    def _root(self, post_id: int, newcomer: Sketch) -> int | None:
        """The post that this one is most like, the oldest of several; None where it is like none, and may be one."""
        from training.sketch import SIMILAR, similarity

        met = set(chain.from_iterable(self._owners.get(key, ()) for key in newcomer.keys))
        alike = [(similarity(newcomer.numbers, self._numbers[one]), -one) for one in sorted(met)[:CANDIDATES]]
        best, root = max(alike, default=(0.0, 0))
        if best >= SIMILAR:
            return -root
        for key in newcomer.keys:
            self._owners.setdefault(key, []).append(post_id)
        self._numbers[post_id] = newcomer.numbers
        return None


def band_rows(post_id: int, sketch: Sketch) -> Iterator[dict[str, int]]:
    """Rows of the table of bands."""
    return ({"band": key, "post_id": post_id} for key in sketch.keys)


def forget(connection: Connection, post_ids: Collection[int]) -> None:
    """Let no later post find these: their text changed or is gone."""
    asked = sa.select(sketches.c.post_id, sketches.c.band_keys)
    kept = connection.execute(asked.where(among(connection, sketches.c.post_id, post_ids)))
    gone = [{"old_band": key, "old_post": post_id} for post_id, packed in kept for key in struct.unpack(PACKED, packed)]
    if gone:
        one = sa.and_(bands.c.band == sa.bindparam("old_band"), bands.c.post_id == sa.bindparam("old_post"))
        connection.execute(bands.delete().where(one), gone)
        connection.execute(sketches.delete().where(among(connection, sketches.c.post_id, post_ids)))
