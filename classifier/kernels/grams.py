"""Hash the n-grams of folded text: what one word holds, and the pairs of neighbouring words.

A word always holds the same n-grams, so what it gives to every sum is worked out once and kept (`word_row`). How often
a word or a pair counts in one post is capped, and how often an n-gram counts in one word.

Arrays are handed over one by one: taking one out of a tuple inside a loop costs as much as the work itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.foldtable import LINK, NUMBER
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.letters import FULL_STOP, word_stop
from classifier.kernels.verbatim import AT, HASH, VERBATIM

PRIME = np.uint64(0x100000001B3)  # FNV-1a, 64 bit (Fowler, Noll, Vo)
GRAM_SEED = np.uint64(0xCBF29CE484222325)
WORD_SEED = np.uint64(0x9E3779B97F4A7C15)
PAIR_SEED = np.uint64(0xC2B2AE3D27D4EB4F)
MIX = np.uint64(0xFF51AFD7ED558CCD)  # finaliser of MurmurHash3
SHIFT = np.uint64(33)
SQUARE, KNOWN, SUMS = 0, 1, 2  # columns of a row: squared idf, whether the word is known, then sums, categories first
IDF: Final = 0  # column of `base` where a row has `SQUARE`
COMMON: Final = 48  # columns of categories in the models that ship; their number is a multiple of 16

Hashes = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int8]


class Gram(NamedTuple):
    """Shape of the n-gram features."""

    mask: int
    least: int
    most: int
    cap: int
    verbatim: bool


class Filled(NamedTuple):
    """Which places of the patterns of cues were filled by which word.

    Two generations are kept, since one word may fill a place and the one after it.

    Parameters
    ----------
    word, word_before : ndarray of int32, shape (places,)
        Number of the last word that filled a place, and of the one before.
    start, start_before : ndarray of int32, shape (places,)
        Where the pattern that it goes on began.
    clock : ndarray of int32, shape (1,)
        Number of the last word that was seen; it grows from post to post, so that nothing has to be emptied.
    """

    word: Symbols
    start: Symbols
    word_before: Symbols
    start_before: Symbols
    clock: Symbols


class Scratch(NamedTuple):
    """Working memory of one thread for one model.

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
    keys : ndarray of uint64, shape (slots,)
        Hash of the word that each row is of; 0 for none.
    rows : ndarray of float32, shape (slots, columns)
        What words give, see `word_row`.
    filled : Filled
        For the search for cues.
    """

    seen: Bytes
    touched: Symbols
    inside: Bytes
    occ: Symbols
    keys: Hashes
    rows: Floats
    filled: Filled


@compiled
def bucket_of(h: np.uint64, mask: int) -> int:
    h = (h ^ (h >> SHIFT)) * MIX
    return int(np.int64(h ^ (h >> SHIFT)) & mask)


@compiled
def word_hash(sym: Symbols, i: int, e: int) -> np.uint64:
    h = WORD_SEED
    for k in range(i, e):
        h = (h ^ np.uint64(sym[k])) * PRIME
    return h


@compiled
def pair_bucket(before: np.uint64, word: np.uint64, mask: int) -> int:
    """Bucket of two words that follow each other."""
    return int(bucket_of((before ^ PAIR_SEED) * PRIME ^ word, mask))


@compiled
def list_grams(sym: Symbols, i: int, e: int, word: np.uint64, gram: Gram, inside: Bytes, occ: Symbols) -> int:
    """List in `occ` the buckets of the word at `i`..`e`; returns how many.

    The word itself first, then the runs of `gram.least` to `gram.most` symbols within the word and its two spaces, of
    one bucket no more than `gram.cap`. Typed tokens have no letters, and those of a verbatim word are in the skeleton;
    but names after @ and #tags are taken apart as they stand.
    """
    occ[0] = bucket_of(word, gram.mask)
    if LINK <= sym[i] <= NUMBER or (sym[i] >= VERBATIM and sym[i] - VERBATIM != AT and sym[i] - VERBATIM != HASH):
        return 1
    n = 1
    for start in range(i - 1, e):
        g = GRAM_SEED
        for k in range(start, min(start + gram.most, e + 1)):
            g = (g ^ np.uint64(sym[k])) * PRIME
            if k - start + 1 >= gram.least:
                bucket = bucket_of(g, gram.mask)
                if inside[bucket] < gram.cap:
                    inside[bucket] += 1
                    occ[n] = bucket
                    n += 1
    for k in range(1, n):
        inside[occ[k]] = 0
    return n


@compiled
def word_row(
    sym: Symbols,
    i: int,
    e: int,
    word: np.uint64,
    gram: Gram,
    base: Floats,
    categories: Steps,
    inside: Bytes,
    occ: Symbols,
    keys: Hashes,
    rows: Floats,
) -> int:
    """Place in `rows` of what the word at `i`..`e` gives: worked out unless it stands there already.

    A row holds the squared idf of all occurrences, whether the word was learned from, and the sums of idf times weight
    for categories and then labels.
    """
    slot = int(np.int64(word ^ (word >> SHIFT)) & (len(keys) - 1))
    if keys[slot] == word:
        return slot
    keys[slot] = word
    n = list_grams(sym, i, e, word, gram, inside, occ)
    rows[slot, :] = np.float32(0.0)
    rows[slot, KNOWN] = base[occ[0], KNOWN]
    for k in range(n):
        bucket = np.uint64(occ[k])  # of no sign, so that nobody asks whether it counts from the end
        idf = base[bucket, np.uint64(IDF)]
        rows[slot, SQUARE] += idf * idf
        if categories.shape[1] == COMMON:  # a number known beforehand makes the loop twice as fast
            for column in range(COMMON):
                rows[slot, SUMS + column] += idf * np.float32(categories[bucket, np.uint64(column)])
        else:
            for column in range(categories.shape[1]):
                rows[slot, SUMS + column] += idf * np.float32(categories[bucket, np.uint64(column)])
        for column in range(SUMS, base.shape[1]):
            rows[slot, categories.shape[1] + column] += idf * base[bucket, np.uint64(column)]
    return slot


@compiled
def add_pair(bucket: int, base: Floats, categories: Steps, sums: Doubles) -> None:
    """Add one pair of words to a row's sums."""
    idf = np.float64(base[bucket, IDF])
    sums[SQUARE] += idf * idf
    for column in range(categories.shape[1]):
        sums[SUMS + column] += idf * np.float64(categories[bucket, column])
    for column in range(SUMS, base.shape[1]):
        sums[categories.shape[1] + column] += idf * np.float64(base[bucket, column])


@compiled
def count_once(bucket: int, used: int, gram: Gram, seen: Bytes, touched: Symbols) -> tuple[bool, int]:
    """Whether another occurrence of a word or pair still counts, and how many buckets are touched now."""
    times = seen[bucket]
    if times >= gram.cap:
        return False, used
    if times == 0:
        touched[used] = bucket
        used += 1
    seen[bucket] = times + 1
    return True, used


@compiled
def meet(
    sym: Symbols, i: int, e: int, before: np.uint64, follows: bool, used: int, gram: Gram, seen: Bytes, touched: Symbols
) -> tuple[np.uint64, bool, int, int]:
    """Count the word at `i`..`e` and, where it `follows` another, the pair with that.

    Returns the hash of the word, whether it still counts, the bucket of the pair (-1 where none counts), and how many
    buckets are touched now.
    """
    word, pair = word_hash(sym, i, e), -1
    counts, used = count_once(bucket_of(word, gram.mask), used, gram, seen, touched)
    if follows:
        bucket = pair_bucket(before, word, gram.mask)
        fits, used = count_once(bucket, used, gram, seen, touched)
        pair = bucket if fits else -1
    return word, counts, pair, used


@compiled
def forget(used: int, seen: Bytes, touched: Symbols) -> None:
    """Empty the counts of words and pairs for the next range."""
    for k in range(used):
        seen[touched[k]] = 0


@compiled
def add_up(
    sym: Symbols,
    a: int,
    b: int,
    gram: Gram,
    base: Floats,
    categories: Steps,
    seen: Bytes,
    touched: Symbols,
    inside: Bytes,
    occ: Symbols,
    keys: Hashes,
    rows: Floats,
    sums: Doubles,
) -> int:
    """Add to `sums` the rows of the words and pairs of `sym[a:b]`, from space to space; returns how many words."""
    before, before_at, i, used, words = WORD_SEED, -1, a + 1, 0, 0
    while i < b:
        e = word_stop(sym, i)
        if sym[i] == FULL_STOP:
            before_at = -1
        else:
            word, counts, pair, used = meet(sym, i, e, before, before_at >= 0, used, gram, seen, touched)
            if counts:
                slot = word_row(sym, i, e, word, gram, base, categories, inside, occ, keys, rows)
                for column in range(len(sums)):
                    sums[column] += rows[slot, column]
            if pair >= 0:
                add_pair(pair, base, categories, sums)
            before, before_at, words = word, i, words + 1
        i = e + 1
    forget(used, seen, touched)
    return words


@compiled
def share_out(
    sym: Symbols,
    a: int,
    b: int,
    factors: Doubles,
    gram: Gram,
    base: Floats,
    categories: Steps,
    seen: Bytes,
    touched: Symbols,
    inside: Bytes,
    occ: Symbols,
    keys: Hashes,
    rows: Floats,
    parts: Doubles,
) -> None:
    """Give each word of `sym[a:b]` its part of a margin, at its first symbol in `parts`.

    `factors` says what each column of a row counts. What a pair gives is shared by its words by their length.
    """
    before, before_at, i, used = WORD_SEED, -1, a + 1, 0
    sums = np.zeros(len(factors))
    while i < b:
        e = word_stop(sym, i)
        if sym[i] == FULL_STOP:
            before_at = -1
        else:
            word, counts, pair, used = meet(sym, i, e, before, before_at >= 0, used, gram, seen, touched)
            if counts:
                slot = word_row(sym, i, e, word, gram, base, categories, inside, occ, keys, rows)
                for column in range(len(factors)):
                    parts[i] += factors[column] * rows[slot, column]
            if pair >= 0:
                sums[:] = 0.0
                add_pair(pair, base, categories, sums)
                part = 0.0
                for column in range(len(factors)):
                    part += factors[column] * sums[column]
                own = part * (e - i) / (e - before_at - 1)
                parts[i] += own
                parts[before_at] += part - own
            before, before_at = word, i
        i = e + 1
    forget(used, seen, touched)


@compiled
def count_grams(
    sym: Symbols,
    n: int,
    gram: Gram,
    seen: Bytes,
    touched: Symbols,
    inside: Bytes,
    occ: Symbols,
    tally: Symbols,
    buckets: Symbols,
    listed: int,
    words: Symbols,
) -> tuple[int, int]:
    """Add the occurrences of one reading of a post to `tally` by bucket, which was all 0 before its first reading.

    `buckets`, of which `listed` are there from other readings, gets those that are new, `words` those of its words;
    returns how many of each.
    """
    before, before_at, i, used, spoken = WORD_SEED, -1, 1, 0, 0
    while i < n:
        e = word_stop(sym, i)
        if sym[i] == FULL_STOP:
            before_at = -1
        else:
            word, counts, pair, used = meet(sym, i, e, before, before_at >= 0, used, gram, seen, touched)
            held = 0
            if counts:
                held = list_grams(sym, i, e, word, gram, inside, occ)
                words[spoken] = occ[0]
                spoken += 1
            if pair >= 0:
                occ[held] = pair
                held += 1
            for k in range(held):
                if tally[occ[k]] == 0:
                    buckets[listed] = occ[k]
                    listed += 1
                tally[occ[k]] += 1
            before, before_at = word, i
        i = e + 1
    forget(used, seen, touched)
    return listed, spoken
