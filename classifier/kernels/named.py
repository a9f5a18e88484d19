"""Which words of folded text are names of peoples or faiths, all of which count the same."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from classifier.kernels.compiled import Symbols, inlined
from classifier.kernels.hashing import PRIME, WORD_SEED
from classifier.kernels.kept import Bytes, Hashes
from classifier.kernels.lookup import slot_of

ANYBODY = np.uint64(0x1B56C4E9A7D3F205)  # instead of the hash of a name
LEAST: Final = 3  # letters of a name
STARTS: Final = 1 << 15  # different hashes of the first four symbols of a word
SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Names(NamedTuple):
    """Names, and what each is of.

    Parameters
    ----------
    starts : ndarray of uint8, shape (STARTS / 8,)
        A bit for the start, see `start_of`, of every name that counts as any other.
    keys : ndarray of uint64, shape (a power of two,)
        Names as `slot_of` looks them up: with the space after it where no ending may follow.
    alike : ndarray of uint8, of the same shape
        1 where it is of a people or faith, 0 of a land.
    """

    starts: Bytes
    keys: Hashes
    alike: Bytes

    @classmethod
    def none(cls) -> Names:
        """No names, so that every word stands for itself."""
        return cls(np.zeros(STARTS // 8, np.uint8), np.zeros(1, np.uint64), np.zeros(1, np.uint8))


@inlined
def start_of(sym: Symbols, i: int) -> int:
    """Hash of the four symbols at `i`, the last of which may be the space after a word."""
    four = (sym[i] & 31) << 15 | (sym[i + 1] & 31) << 10 | (sym[i + 2] & 31) << 5 | sym[i + 3] & 31
    return int(np.int64(np.uint64(four) * SPREAD >> np.uint64(49)))


@inlined
def hash_as_counted(sym: Symbols, i: int, e: int, word: np.uint64, names: Names) -> np.uint64:
    """What the word at `i`..`e` is counted by: its hash, or `ANYBODY` for the name of a people or faith.

    The longest name that it begins with decides, so that a land stands for itself where its name goes on from that of a
    people.
    """
    if e - i < LEAST:
        return word
    start = start_of(sym, i)
    if not names.starts[start >> 3] >> (start & 7) & 1:
        return word
    h, alike = WORD_SEED, False
    for k in range(i, e + 1):
        h = (h ^ np.uint64(sym[k])) * PRIME
        at = slot_of(h, names.keys) if k - i >= LEAST - 1 else -1
        if at >= 0:
            alike = names.alike[at] != 0
    return ANYBODY if alike else word
