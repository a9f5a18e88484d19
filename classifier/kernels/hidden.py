"""A letter hidden behind a star, "к*нтракт": read as the one that makes the most usual n-grams."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.foldtable import HIDDEN
from classifier.kernels.compiled import Symbols, allocating, compiled, inlined
from classifier.kernels.hashing import GRAM_SEED, MIX, PRIME
from classifier.kernels.kept import SHIFT, Bytes
from classifier.kernels.letters import MAX_WORD, SPACE, close_word, is_one_letter, push, word_stop

LEAST, MOST = 2, 6  # symbols of the n-grams
PROBES: Final = 4  # bits of each
FEW: Final = 3  # stars of one word that are worth a guess
NOTHING: Final = 0  # where a guess has fewer than the two symbols that a star takes
LETTERS: Final = (*"abvgdejziklmnoprstufh", "sh", "ch", "ts", "iu", "ia", "")  # the last for a star that hides nothing
GUESSES = np.array([[ord(letter) for letter in written.ljust(2, chr(NOTHING))] for written in LETTERS], np.int32)

Counts = npt.NDArray[np.int64]


@inlined
def probe(h: np.uint64, turn: int, bits: int) -> int:
    """Which of so many bits, a power of two, is one of an n-gram's, by its hash."""
    h = (h ^ (h >> SHIFT)) * MIX
    step = np.int64(h >> np.uint64(32)) | 1
    return int((np.int64(h & np.uint64(0xFFFFFFFF)) + turn * step) & (bits - 1))


@compiled
def is_usual(h: np.uint64, usual: Bytes) -> bool:
    """Whether an n-gram stands in posts again and again; of those that do not, one in fifty is taken for one."""
    for turn in range(PROBES):
        at = probe(h, turn, 8 * len(usual))
        if not usual[at >> 3] >> (at & 7) & 1:
            return False
    return True


@compiled
def note_usual(symbols: Symbols, stops: Counts, usual: Bytes) -> None:
    """Note n-grams that are laid end to end."""
    lo = 0
    for stop in stops:
        h = GRAM_SEED
        for k in range(lo, stop):
            h = (h ^ np.uint64(symbols[k])) * PRIME
        for turn in range(PROBES):
            at = probe(h, turn, 8 * len(usual))
            usual[at >> 3] |= np.uint8(1 << (at & 7))
        lo = stop


@compiled
def usualness(word: Symbols, n: int, at: int, seen: Counts, usual: Bytes) -> float:
    """How usual the n-grams of a word of `n` symbols are that the guess at `at` has a part in.

    The share of each length that is usual, longer ones counting for more. What is still hidden is in none.
    """
    seen[:] = 0
    for start in range(max(0, at - 2 * MOST), at + 2):
        h, k, length = GRAM_SEED, start if word[start] else n, 0
        while k < n and length < MOST and word[k] != HIDDEN:
            if word[k]:
                h, length = (h ^ np.uint64(word[k])) * PRIME, length + 1
                if k >= at and length >= LEAST:
                    seen[length, 0] += is_usual(h, usual)
                    seen[length, 1] += 1
            k += 1
    total = 0.0
    for length in range(LEAST, MOST + 1):
        total += length * seen[length, 0] / max(1, seen[length, 1])
    return total


@compiled
def guess_at(at: int, word: Symbols, n: int, seen: Counts, usual: Bytes) -> None:
    """Put the guess that makes the most usual n-grams for the star at `at`; never a neighbour's letter over again."""
    best, most, before = len(GUESSES) - 1, -1.0, at - 1
    while word[before] == NOTHING:
        before -= 1
    for guess in range(len(GUESSES)):
        one, two = GUESSES[guess, 0], GUESSES[guess, 1]
        last = two if two != NOTHING else one
        if one == word[before] or last == word[at + 2]:
            continue
        word[at], word[at + 1] = one, two
        found = usualness(word, n, at, seen, usual)
        if found > most:
            best, most = guess, found
    word[at], word[at + 1] = GUESSES[best, 0], GUESSES[best, 1]


@compiled
def is_worth_guessing(word: Symbols, n: int) -> bool:
    """Whether stars hide letters of a word between spaces: too many do not, nor those that part them, "в*о*й*н*а"."""
    stars, begun, single = 0, 1, True
    for k in range(1, n - 1):
        if word[k] == HIDDEN and k >= begun:
            single = single and is_one_letter(begun, k, word)
            stars, begun = stars + 1, k + 2
    parted = stars > 1 and single and is_one_letter(begun, n - 1, word)
    return stars <= FEW and not parted


@compiled
def put_word_again(word: Symbols, n: int, at: int, to: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Write a word of `n` symbols to `to`, its places from `at` on; returns the new length.

    Symbols are put together as they are when first written, so that folding what comes of it changes nothing.
    """
    first = to
    for k in range(n):
        if word[k] != NOTHING and word[k] != HIDDEN:
            to = push(word[k], begs[at + k], ends[at + k], first, to, out, begs, ends)
        elif to > first:
            ends[to - 1] = max(ends[to - 1], ends[at + k])
    return int(close_word(first, to, out, begs, ends))


@allocating
def reveal(n: int, out: Symbols, begs: Symbols, ends: Symbols, usual: Bytes) -> int:
    """Read what stars hide in `n` symbols of folded text, in place; returns the new length."""
    word, seen = np.full(MAX_WORD + 2, SPACE, np.int32), np.empty((MOST + 1, 2), np.int64)
    at, to = 1, 1
    while at < n:
        stop = word_stop(out, at)
        size, hidden = stop - at, False
        for k in range(at, stop):
            out[to + k - at], begs[to + k - at], ends[to + k - at] = out[k], begs[k], ends[k]
            hidden = hidden or out[to + k - at] == HIDDEN
        at, to = stop + 1, to + size
        if hidden:
            word[1 : 1 + size] = out[to - size : to]
            word[1 + size] = SPACE
            worth = is_worth_guessing(word, size + 2)
            for place in range(1, 1 + size):
                if worth and word[place] == HIDDEN:
                    guess_at(place, word, size + 2, seen, usual)
            to = put_word_again(word[1 : 1 + size], size, to - size, to - size, out, begs, ends)
        out[to], begs[to], ends[to] = SPACE, begs[stop], ends[stop]
        to += 1
    return to
