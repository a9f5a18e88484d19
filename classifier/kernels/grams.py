"""Hash the n-gram occurrences of folded text and add up their weights."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.foldtable import LINK, NUMBER
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.letters import SPACE

FULL_STOP: Final = 46
PRIME = np.uint64(0x100000001B3)  # FNV-1a, 64 bit (Fowler, Noll, Vo)
GRAM_SEED = np.uint64(0xCBF29CE484222325)
WORD_SEED = np.uint64(0x9E3779B97F4A7C15)
PAIR_SEED = np.uint64(0xC2B2AE3D27D4EB4F)
MIX = np.uint64(0xFF51AFD7ED558CCD)  # finaliser of MurmurHash3
SHIFT = np.uint64(33)


class Gram(NamedTuple):
    """Shape of the n-gram features."""

    mask: int
    least: int
    most: int
    cap: int


class Scratch(NamedTuple):
    """Working memory of one thread: counts by bucket, the buckets counted, their number, one word's occurrences."""

    seen: npt.NDArray[np.uint8]
    touched: Symbols
    used: npt.NDArray[np.int64]
    occ: Symbols


@compiled
def bucket_of(h: np.uint64, mask: int) -> int:
    h = (h ^ (h >> SHIFT)) * MIX
    return int(np.int64(h ^ (h >> SHIFT)) & mask)


@compiled
def visit(h: np.uint64, a: int, b: int, n: int, gram: Gram, state: Any) -> int:
    """Note one n-gram occurrence (bucket, start, end) unless its bucket is full."""
    bucket = bucket_of(h, gram.mask)
    times = state.seen[bucket]
    if times >= gram.cap:
        return n
    if times == 0:
        used = state.used[0]
        state.touched[used] = bucket
        state.used[0] = used + 1
    state.seen[bucket] = times + 1
    state.occ[n, 0], state.occ[n, 1], state.occ[n, 2] = bucket, a, b
    return n + 1


@compiled
def word_stop(sym: Symbols, i: int) -> int:
    """The next space at or after `i`."""
    while sym[i] != SPACE:
        i += 1
    return i


@compiled
def word_grams(
    sym: Symbols, i: int, e: int, before: np.uint64, before_at: int, gram: Gram, state: Any
) -> tuple[int, np.uint64]:
    """List in `state.occ` what the word at `i`..`e` adds; returns how many, and the word's hash.

    Characters: runs of `gram.least` to `gram.most` symbols within the word and its two spaces.
    Words: the word, and the word with the one before it in the same sentence (`before_at` >= 0).
    """
    h = WORD_SEED
    for k in range(i, e):
        h = (h ^ np.uint64(sym[k])) * PRIME
    n = visit(h, i, e, 0, gram, state)
    if before_at >= 0:
        n = visit((before ^ PAIR_SEED) * PRIME ^ h, before_at, e, n, gram, state)
    if LINK <= sym[i] <= NUMBER:
        return n, h
    for start in range(i - 1, e):
        g = GRAM_SEED
        for k in range(start, min(start + gram.most, e + 1)):
            g = (g ^ np.uint64(sym[k])) * PRIME
            if k - start + 1 >= gram.least:
                n = visit(g, start, k + 1, n, gram, state)
    return n, h


@compiled
def forget(state: Any) -> None:
    """Empty the counts of buckets for the next range."""
    for k in range(state.used[0]):
        state.seen[state.touched[k]] = 0
    state.used[0] = 0


@compiled
def add_up(sym: Symbols, a: int, b: int, gram: Gram, model: Any, state: Any, sums: npt.NDArray[np.float64]) -> float:
    """Sum the weighted n-gram occurrences of `sym[a:b]` (from space to space) into `sums`; returns their norm.

    `sums` holds the labels and after them the categories, these in units of their scale.
    """
    sums[:] = 0.0
    labels = model.weights.shape[1]
    square, before, before_at, i = 0.0, WORD_SEED, -1, a + 1
    while i < b:
        e = word_stop(sym, i)
        if sym[i] == FULL_STOP:
            before_at = -1
        else:
            n, before = word_grams(sym, i, e, before, before_at, gram, state)
            before_at = i
            for k in range(n):
                bucket = state.occ[k, 0]
                value = np.float64(model.idf[bucket])
                square += value * value
                for label in range(labels):
                    sums[label] += value * np.float64(model.weights[bucket, label])
                for category in range(len(sums) - labels):
                    sums[labels + category] += value * np.float64(model.category_weights[bucket, category])
        i = e + 1
    forget(state)
    return float(np.sqrt(square))


@compiled
def shares(
    sym: Symbols, a: int, b: int, label: int, pull: Any, norm: float, gram: Gram, model: Any, state: Any, share: Any
) -> None:
    """Give each symbol its part of the margin: an occurrence's part is shared equally by its letters.

    `pull` says how much each category's weights count beside those of the label.
    """
    before, before_at, i = WORD_SEED, -1, a + 1
    while i < b:
        e = word_stop(sym, i)
        if sym[i] == FULL_STOP:
            before_at = -1
        else:
            n, before = word_grams(sym, i, e, before, before_at, gram, state)
            before_at = i
            for k in range(n):
                share_out(sym, state.occ[k], label, pull, norm, model, share)
        i = e + 1
    forget(state)


@compiled
def share_out(sym: Symbols, occurrence: Any, label: int, pull: Any, norm: float, model: Any, share: Any) -> None:
    bucket, a, b = occurrence[0], occurrence[1], occurrence[2]
    weight = np.float64(model.weights[bucket, label])
    for category in range(len(pull)):
        weight += pull[category] * np.float64(model.category_weights[bucket, category])
    letters = 0
    for p in range(a, b):
        letters += sym[p] != SPACE
    part = np.float64(model.idf[bucket]) * weight / norm / letters
    for p in range(a, b):
        if sym[p] != SPACE:
            share[p] += part


@compiled
def count_grams(sym: Symbols, n: int, gram: Gram, state: Any, buckets: Symbols, counts: Symbols) -> int:
    """Distinct buckets of a folded post and their capped counts; returns how many."""
    before, before_at, i = WORD_SEED, -1, 1
    while i < n:
        e = word_stop(sym, i)
        if sym[i] == FULL_STOP:
            before_at = -1
        else:
            _, before = word_grams(sym, i, e, before, before_at, gram, state)
            before_at = i
        i = e + 1
    used = state.used[0]
    for k in range(used):
        buckets[k], counts[k] = state.touched[k], state.seen[state.touched[k]]
    forget(state)
    return int(used)
