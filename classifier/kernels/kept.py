"""What was worked out for a word before: every word has four places of a table where it may be kept.

A word that finds all four taken turns out another. What is kept depends on the word alone, so that no answer tells what
was kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.blocks import Kind
from classifier.kernels.compiled import Symbols, compiled, inlined
from classifier.kernels.rows import Floats

Hashes = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Votes = npt.NDArray[np.float64]
SHIFT = np.uint64(33)
WAYS: Final = 4  # places that a word may be kept at
NOTES: Final = 4  # numbers that are noted of a word
MANY: Final = -1  # instead of their number, where not all entries that fit a word are noted


TURN: Final[Kind] = ((1,), np.int32)


def keys_of(words: int) -> Kind:
    """Shape of the keys of so many words."""
    return (words // WAYS, WAYS), np.uint64


def fresh(kinds: Sequence[Kind]) -> list[npt.NDArray[Any]]:
    """Arrays of 0."""
    return [np.zeros(shape, kind) for shape, kind in kinds]


class Noted(NamedTuple):
    """Which entries of the patterns of cues fit words that were met before, see `kept_at`.

    Parameters
    ----------
    keys : ndarray of uint64, shape (slots / WAYS, WAYS)
        Hash of the word that each row is of.
    rows : ndarray of int32, shape (slots, NOTES)
        How many entries fit the word, then which; `MANY` where there is no room for them.
    turn : ndarray of int32, shape (1,)
        See `place_for`.
    """

    keys: Hashes
    rows: Symbols
    turn: Symbols

    @classmethod
    def kinds(cls, words: int) -> tuple[Kind, ...]:
        """Shapes for so many words, a power of two."""
        return keys_of(words), ((words, NOTES), np.int32), TURN

    @classmethod
    def empty(cls, words: int = WAYS) -> Noted:
        """Fresh memory of so many words, a power of two."""
        return cls(*fresh(cls.kinds(words)))


class Voted(NamedTuple):
    """What words that were met before said, see `kept_at`.

    Parameters
    ----------
    keys : ndarray of uint64, shape (slots / WAYS, WAYS)
        Hash of each word as it is written.
    votes : ndarray of float64, shape (slots, languages)
        What it says.
    turn : ndarray of int32, shape (1,)
        See `place_for`.
    """

    keys: Hashes
    votes: Votes
    turn: Symbols

    @classmethod
    def kinds(cls, words: int, languages: int) -> tuple[Kind, ...]:
        """Shapes for so many words, a power of two."""
        return keys_of(words), ((words, languages), np.float64), TURN

    @classmethod
    def empty(cls, words: int, languages: int) -> Voted:
        """Fresh memory of so many words, a power of two."""
        return cls(*fresh(cls.kinds(words, languages)))


class Counting(NamedTuple):
    """Working memory for counting.

    Parameters
    ----------
    seen : ndarray of uint8, shape (buckets,)
        How often a word or pair stood in the range at hand; all 0 between ranges.
    touched : ndarray of int32, shape (buckets,)
        Which of them are not 0.
    inside : ndarray of uint8, shape (buckets,)
        Likewise for the n-grams of one word; all 0 between words.
    occ : ndarray of int32, shape (occurrences,)
        The buckets of one word.
    """

    seen: Bytes
    touched: Symbols
    inside: Bytes
    occ: Symbols

    @classmethod
    def kinds(cls, buckets: int, occurrences: int) -> tuple[Kind, ...]:
        """Shapes for so many buckets, and so many occurrences in one word."""
        counts = ((buckets,), np.uint8)
        return counts, ((buckets,), np.int32), counts, ((occurrences,), np.int32)

    @classmethod
    def empty(cls, buckets: int, occurrences: int) -> Counting:
        """Fresh memory for so many buckets, and so many occurrences in one word."""
        return cls(*fresh(cls.kinds(buckets, occurrences)))


class Scratch(NamedTuple):
    """Working memory of one call for one model.

    Parameters
    ----------
    counting : Counting
        For counting.
    row : ndarray of float32, shape (columns + SPARE,)
        What one word gives.
    keys : ndarray of uint64, shape (slots / WAYS, WAYS)
        Hash of the word that each row is of, see `kept_at`.
    rows : ndarray of float32, shape (slots, columns)
        What words give, see `word_row`.
    turn : ndarray of int32, shape (1,)
        See `place_for`.
    noted : Noted
        What words may stand for in cues.
    voted : Voted
        What words say of the language.
    """

    counting: Counting
    row: Floats
    keys: Hashes
    rows: Floats
    turn: Symbols
    noted: Noted
    voted: Voted


@inlined
def row_of(h: np.uint64, keys: Hashes) -> int:
    """The row of four places that a word may be kept at, by its hash."""
    return int(np.int64(h ^ (h >> SHIFT)) & (len(keys) - 1))


@inlined
def kept_at(h: np.uint64, keys: Hashes) -> int:
    """Where a word is kept, by its hash; -1 where it is not."""
    row, at = row_of(h, keys), -1
    for way in range(WAYS):  # all of them, since nobody could guess where to stop
        if keys[row, way] == h:
            at = row * WAYS + way
    return at


@compiled
def place_for(h: np.uint64, keys: Hashes, turn: Symbols) -> int:
    """Keep a word that is not kept yet; returns where. `turn` says who leaves next where all places are taken."""
    row, way = row_of(h, keys), 0
    while way < WAYS and keys[row, way]:
        way += 1
    if way == WAYS:
        turn[0] = (turn[0] + 1) % WAYS
        way = turn[0]
    keys[row, way] = h
    return int(row * WAYS + way)
