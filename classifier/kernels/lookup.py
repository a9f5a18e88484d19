"""Tables of words by their hashes, in open addressing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from classifier.kernels.compiled import Symbols, compiled, inlined
from classifier.kernels.hashing import word_hash
from classifier.kernels.kept import SHIFT, Hashes

Numbers = npt.NDArray[np.int64]


def addresses(words: Collection[Sequence[int]]) -> tuple[Hashes, Numbers]:
    """A table of words, as `slot_of` looks them up.

    Parameters
    ----------
    words : collection of sequence of int
        Symbols of different words.

    Returns
    -------
    keys : ndarray of uint64, shape (a power of two,)
        Their hashes; 0 where empty, which at least every second place is.
    slots : ndarray of int64, shape (words,)
        The place of each word.
    """
    letters = np.array([symbol for word in words for symbol in word], np.int32)
    stops = np.cumsum([len(word) for word in words], dtype=np.int64)
    keys, slots = np.zeros(1 << (2 * len(words)).bit_length(), np.uint64), np.empty(len(words), np.int64)
    place_words(letters, stops, keys, slots)
    return keys, slots


@compiled
def place_words(letters: Symbols, stops: Numbers, keys: Hashes, slots: Numbers) -> None:
    """Put the hashes of words laid end to end into a table; `slots` gets the place of each."""
    lo = 0
    for word in range(len(stops)):
        h = word_hash(letters, lo, stops[word])
        at = int(np.int64(h ^ (h >> SHIFT)) & (len(keys) - 1))
        while keys[at]:
            at = (at + 1) & (len(keys) - 1)
        keys[at], slots[word], lo = h, at, stops[word]


@inlined
def slot_of(h: np.uint64, keys: Hashes) -> int:
    """Where a hash stands in a table; -1 where it does not."""
    at = int(np.int64(h ^ (h >> SHIFT)) & (len(keys) - 1))
    while keys[at]:
        if keys[at] == h:
            return at
        at = (at + 1) & (len(keys) - 1)
    return -1
