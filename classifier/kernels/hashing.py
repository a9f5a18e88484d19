"""Words of folded text, and the hashes of words, pairs of words and n-grams."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from classifier.kernels.compiled import Symbols, allocating, inlined
from classifier.kernels.kept import SHIFT, Hashes
from classifier.kernels.letters import SPACE

PRIME = np.uint64(0x100000001B3)  # FNV-1a, 64 bit (Fowler, Noll, Vo)
GRAM_SEED = np.uint64(0xCBF29CE484222325)
WORD_SEED = np.uint64(0x9E3779B97F4A7C15)
PAIR_SEED = np.uint64(0xC2B2AE3D27D4EB4F)
MIX = np.uint64(0xFF51AFD7ED558CCD)  # finaliser of MurmurHash3


@inlined
def bucket_of(h: np.uint64, mask: int) -> int:
    h = (h ^ (h >> SHIFT)) * MIX
    return int(np.int64(h ^ (h >> SHIFT)) & mask)


@inlined
def word_hash(sym: Symbols, i: int, e: int) -> np.uint64:
    h = WORD_SEED
    for k in range(i, e):
        h = (h ^ np.uint64(sym[k])) * PRIME
    return h


@inlined
def pair_bucket(before: np.uint64, word: np.uint64, mask: int) -> int:
    """Bucket of two words that follow each other."""
    return int(bucket_of((before ^ PAIR_SEED) * PRIME ^ word, mask))


class Words(NamedTuple):
    """The words of folded text, signs among them.

    Parameters
    ----------
    begins, stops : ndarray of int32
        First and last + 1 symbol of each.
    hashes : ndarray of uint64
        Hash of each.
    counted : ndarray of uint64
        What each is counted by in n-grams and pairs, see `hash_as_counted`.
    """

    begins: Symbols
    stops: Symbols
    hashes: Hashes
    counted: Hashes


@allocating
def room_for_words(symbols: int) -> Words:
    """Room for the words of a text of so many symbols; each has a space after it."""
    most = symbols // 2
    return Words(
        np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.uint64), np.empty(most, np.uint64)
    )


@inlined
def list_words(sym: Symbols, n: int, words: Words) -> int:
    """List the words of folded text in `words`; returns how many. What they are counted by says `list_buckets`."""
    begins, stops, hashes, _ = words
    i, count = 1, 0
    while i < n:
        h, k = WORD_SEED, i
        while sym[k] != SPACE:
            h = (h ^ np.uint64(sym[k])) * PRIME
            k += 1
        begins[count], stops[count], hashes[count] = i, k, h
        count += 1
        i = k + 1
    return count


@inlined
def words_between(a: int, b: int, words: Words, count: int) -> tuple[int, int]:
    """First and last + 1 of the `count` words that stand in the symbols `a`..`b`, from space to space."""
    return first_word(a, words, count), first_word(b - 1, words, count)


@inlined
def first_word(at: int, words: Words, count: int) -> int:
    """The first of `count` words that begins after the symbol `at`."""
    begins, low, high = words.begins, 0, count
    while low < high:
        middle = (low + high) // 2
        if begins[middle] <= at:
            low = middle + 1
        else:
            high = middle
    return low
