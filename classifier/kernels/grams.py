"""Add up the n-grams of folded text: what one word holds, and the pairs of neighbouring words.

A word always holds the same n-grams, so what it gives to every sum is worked out once and kept (`word_row`). How often
a word or a pair counts in one post is capped, and how often an n-gram counts in one word.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.foldtable import LINK, NUMBER
from classifier.kernels.ahead import fetch, fetch_at
from classifier.kernels.compiled import Symbols, allocating, compiled, inlined
from classifier.kernels.hashing import GRAM_SEED, PRIME, Words, bucket_of, list_words, pair_bucket, room_for_words
from classifier.kernels.kept import WAYS, Bytes, Counting, Scratch, kept_at, place_for
from classifier.kernels.letters import FULL_STOP
from classifier.kernels.named import ANYBODY, Names, hash_as_counted
from classifier.kernels.rows import COMMON, IDF, KNOWN, SQUARE, SUMS, Floats, Steps, Weights, filled_up
from classifier.kernels.verbatim import AT, HASH, VERBATIM

NOTHING: Final = -1
LINE: Final = 16  # columns that are fetched at once

Doubles = npt.NDArray[np.float64]


class Gram(NamedTuple):
    """Shape of the n-gram features."""

    mask: int
    least: int
    most: int
    cap: int
    verbatim: bool
    names: Names


class Spots(NamedTuple):
    """Where what the words of a post give stands.

    Parameters
    ----------
    owns, pairs : ndarray of int32
        Bucket of each word, and of it with the word before it.
    slots, counted : ndarray of int32
        Slot of each word, and bucket of each pair, in the range at hand; -1 for one that counts no more.
    """

    owns: Symbols
    pairs: Symbols
    slots: Symbols
    counted: Symbols


@allocating
def room_for_spots(words: int) -> Spots:
    """Room for so many words."""
    return Spots(
        np.empty(words, np.int32), np.empty(words, np.int32), np.empty(words, np.int32), np.empty(words, np.int32)
    )


@compiled
def list_buckets(sym: Symbols, words: Words, count: int, gram: Gram, counting: Counting, spots: Spots) -> None:
    """List what `count` words are counted by, their buckets and those of pairs, and begin to fetch how often seen."""
    (owns, pairs, _, _), (begins, stops, hashes, counted) = spots, words
    for w in range(count):
        counted[w] = hash_as_counted(sym, begins[w], stops[w], hashes[w], gram.names)
        owns[w] = bucket_of(counted[w], gram.mask)
        pairs[w] = pair_bucket(counted[w - 1], counted[w], gram.mask) if w else NOTHING
        fetch_at(counting.seen, owns[w])
        fetch_at(counting.seen, max(0, pairs[w]))


@compiled
def list_grams(sym: Symbols, i: int, e: int, word: np.uint64, gram: Gram, counting: Counting) -> int:
    """List in `occ` the buckets of the word at `i`..`e`; returns how many.

    The word itself first, then the runs of `gram.least` to `gram.most` symbols within the word and its two spaces, of
    one bucket no more than `gram.cap`. Typed tokens have no letters, and those of a verbatim word are in the skeleton;
    but names after @ and #tags are taken apart as they stand. `word` is what it is counted by.
    """
    inside, occ = counting.inside, counting.occ
    occ[0] = bucket_of(word, gram.mask)
    if word == ANYBODY:
        return 1
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


@inlined
def add_bucket(bucket: int, columns: int, floats: Floats, steps: Steps, head: int, sums: Floats | Doubles) -> None:
    """Add one occurrence to `sums` of so many columns, and 0 to some of the `SPARE` ones; `KNOWN` is of words alone."""
    at = np.uint64(bucket)  # of no sign, so that nobody asks whether it counts from the end
    idf, wide = floats[at, np.uint64(IDF)], filled_up(columns - head)
    sums[SQUARE] += idf * idf
    for column in range(SUMS, head):
        sums[column] += idf * floats[at, np.uint64(column)]
    if wide == COMMON:  # a number known beforehand makes the loop twice as fast
        for column in range(COMMON):
            sums[head + column] += idf * np.float32(steps[at, np.uint64(4 * head + column)])
    else:
        for column in range(wide):
            sums[head + column] += idf * np.float32(steps[at, np.uint64(4 * head + column)])


@compiled
def word_row(sym: Symbols, words: Words, w: int, gram: Gram, model: Weights, state: Scratch) -> int:
    """Place in the rows of what a word gives: worked out unless it is kept there already."""
    slot = kept_at(words.counted[w], state.keys)
    if slot >= 0:
        return int(slot)
    slot, row, head = place_for(words.counted[w], state.keys, state.turn), state.row, SUMS + len(model.bias)
    n = list_grams(sym, words.begins[w], words.stops[w], words.counted[w], gram, state.counting)
    for k in range(n):
        fetch(model.floats, state.counting.occ[k], 0)
    row[:] = np.float32(0.0)
    for k in range(n):
        add_bucket(state.counting.occ[k], state.rows.shape[1], model.floats, model.steps, head, row)
    row[KNOWN] = model.floats[state.counting.occ[0], KNOWN]
    for column in range(state.rows.shape[1]):
        state.rows[slot, column] = row[column]
    return int(slot)


@inlined
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


@inlined
def meet(w: int, follows: bool, used: int, spots: Spots, gram: Gram, counting: Counting) -> tuple[bool, int, int]:
    """Count a word and, where it `follows` another, the pair with that.

    Returns whether it still counts, the bucket of the pair (-1 where none counts), and how many buckets are touched.
    """
    pair = NOTHING
    counts, used = count_once(spots.owns[w], used, gram, counting.seen, counting.touched)
    if follows:
        fits, used = count_once(spots.pairs[w], used, gram, counting.seen, counting.touched)
        pair = spots.pairs[w] if fits else NOTHING
    return counts, pair, used


@compiled
def forget(used: int, seen: Bytes, touched: Symbols) -> None:
    """Empty the counts of words and pairs for the next range."""
    for k in range(used):
        seen[touched[k]] = 0


@compiled
def add_up(
    sym: Symbols,
    words: Words,
    first: int,
    last: int,
    gram: Gram,
    model: Weights,
    state: Scratch,
    spots: Spots,
    sums: Doubles,
) -> int:
    """Add to `sums` the rows of the words from `first` to `last` and of their pairs; returns how many words."""
    (_, _, slots, pairs), rows, keys, floats, counted = spots, state.rows, state.keys, model.floats, words.counted
    follows, used, count, head = False, 0, 0, SUMS + len(model.bias)
    for w in range(first, last):
        slots[w], pairs[w] = NOTHING, NOTHING
        if sym[words.begins[w]] == FULL_STOP:
            follows = False
            continue
        counts, pairs[w], used = meet(w, follows, used, spots, gram, state.counting)
        if counts:
            slots[w] = max(0, kept_at(counted[w], keys))
            for column in range(0, rows.shape[1], LINE):
                fetch(rows, slots[w], column)
        if pairs[w] >= 0:
            fetch(floats, pairs[w], 0)
        follows, count = True, count + 1
    forget(used, state.counting.seen, state.counting.touched)
    for w in range(first, last):
        slot = slots[w]
        if slot >= 0:
            if keys[slot // WAYS, slot % WAYS] != counted[w]:
                slot = word_row(sym, words, w, gram, model, state)
            for column in range(rows.shape[1]):
                sums[column] += rows[slot, column]
        if pairs[w] >= 0:
            add_bucket(pairs[w], rows.shape[1], floats, model.steps, head, sums)
    return count


@compiled
def share_out(
    sym: Symbols,
    words: Words,
    first: int,
    last: int,
    factors: Doubles,
    gram: Gram,
    model: Weights,
    state: Scratch,
    spots: Spots,
    sums: Doubles,
    parts: Doubles,
) -> None:
    """Give each word from `first` to `last` its part of a margin in `parts`.

    `factors` says what each column of a row counts. What a pair gives is shared by its words by their length. `sums` is
    room for a row.
    """
    follows, used, rows, head = False, 0, state.rows, SUMS + len(model.bias)
    for w in range(first, last):
        i, e = words.begins[w], words.stops[w]
        if sym[i] == FULL_STOP:
            follows = False
            continue
        counts, pair, used = meet(w, follows, used, spots, gram, state.counting)
        if counts:
            slot = word_row(sym, words, w, gram, model, state)
            for column in range(len(factors)):
                parts[w] += factors[column] * rows[slot, column]
        if pair >= 0:
            sums[:] = 0.0
            add_bucket(pair, len(factors), model.floats, model.steps, head, sums)
            part = 0.0
            for column in range(len(factors)):
                part += factors[column] * sums[column]
            own = part * (e - i) / (e - words.begins[w - 1] - 1)
            parts[w] += own
            parts[w - 1] += part - own
        follows = True
    forget(used, state.counting.seen, state.counting.touched)


@compiled
def count_grams(
    sym: Symbols,
    words: Words,
    count: int,
    gram: Gram,
    counting: Counting,
    spots: Spots,
    tally: Symbols,
    buckets: Symbols,
    listed: int,
    own: Symbols,
) -> tuple[int, int]:
    """Add the occurrences of one reading of a post to `tally` by bucket, which was all 0 before its first reading.

    `buckets`, of which `listed` are there from other readings, gets those that are new, `own` those of its words;
    returns how many of each.
    """
    follows, used, spoken, occ = False, 0, 0, counting.occ
    for w in range(count):
        if sym[words.begins[w]] == FULL_STOP:
            follows = False
            continue
        counts, pair, used = meet(w, follows, used, spots, gram, counting)
        held = 0
        if counts:
            held = list_grams(sym, words.begins[w], words.stops[w], words.counted[w], gram, counting)
            own[spoken] = occ[0]
            spoken += 1
        if pair >= 0:
            occ[held] = pair
            held += 1
        for k in range(held):
            if tally[occ[k]] == 0:
                buckets[listed] = occ[k]
                listed += 1
            tally[occ[k]] += 1
        follows = True
    forget(used, counting.seen, counting.touched)
    return listed, spoken


@allocating
def count_all(
    sym: Symbols, n: int, gram: Gram, counting: Counting, tally: Symbols, buckets: Symbols, listed: int, own: Symbols
) -> tuple[int, int]:
    """`count_grams` for a folded text."""
    words, spots = room_for_words(n), room_for_spots(n // 2)
    count = list_words(sym, n, words)
    list_buckets(sym, words, count, gram, counting, spots)
    listed, spoken = count_grams(sym, words, count, gram, counting, spots, tally, buckets, listed, own)
    return listed, spoken
