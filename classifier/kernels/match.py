"""Find cues: what a word may stand for is looked up once and kept; patterns are tried at their rarest word.

What a word may stand for is an entry: the word itself, or a stem that it begins with.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.foldtable import LINK, NUMBER
from classifier.kernels.ahead import fetch
from classifier.kernels.compiled import Symbols, allocating, compiled, inlined
from classifier.kernels.grams import Doubles
from classifier.kernels.hashing import PRIME, WORD_SEED, Words, list_words, room_for_words
from classifier.kernels.kept import MANY, NOTES, Hashes, Noted, kept_at, place_for
from classifier.kernels.lookup import slot_of

CUE, START, END = range(3)  # columns of what is found
ROOM: Final = (64, 3)  # for what is found in all but the longest posts
LEAST_STEM: Final = 3  # symbols of a stem, but for tokens
PLACE, BEFORE, AFTER, SPEAKS = range(4, 8)  # columns of anchors
BEGIN, STOP, ALONE = range(3)  # columns of spans
BITS: Final = 63  # that stand for entries
ANY = np.uint64(1 << BITS)  # the bit that every word has, and what is before the first and after the last one

Bits = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]


class Patterns(NamedTuple):
    """All patterns of all cues. Every word of every pattern is a place; the places of one pattern follow each other.

    Parameters
    ----------
    keys, stem_keys : ndarray of uint64
        Tables of whole words, and of stems, see `addresses`.
    entries, stem_entries : ndarray of int32
        Number of the entry at each of their slots.
    spans : ndarray of int32, shape (entries, 4)
        Where the anchors of each entry begin and end, a cue that its words speak without others, -1 for none, and 0.
    neighbours : ndarray of uint64, shape (anchors, 4)
        The entries that may stand just before and just after an anchor, roughly: of each, one bit; `ANY` where its
        pattern has no such place. The rest is of `anchors`.
    anchors : ndarray of int32, shape (anchors, 8)
        The same memory: from `PLACE` on, the place at which a pattern is tried when a word of the entry stands there,
        in every pattern the one whose entries are in the fewest; how many places of the pattern come before and after
        it; and the cue.
    choices : ndarray of int32, shape (places, 2)
        Where in `members` the entries that may stand at a place begin and end.
    members : ndarray of int32
        Entries.
    """

    keys: Hashes
    entries: Symbols
    stem_keys: Hashes
    stem_entries: Symbols
    spans: Symbols
    neighbours: Bits
    anchors: Symbols
    choices: Symbols
    members: Symbols


@compiled
def bit_of(entry: int) -> np.uint64:
    """The bit that stands for an entry, and for many others."""
    return np.uint64(1) << np.uint64(entry % BITS)


class Fits(NamedTuple):
    """The entries of the words of a post.

    Parameters
    ----------
    entries : ndarray of int32
        One after another.
    starts : ndarray of int32
        Where those of each word begin, and where those of the last end.
    bits : ndarray of uint64
        Those of each word, roughly, see `Patterns`; before the first word and after the last one stands `ANY`.
    """

    entries: Symbols
    starts: Symbols
    bits: Bits


@allocating
def room_for_fits(symbols: int) -> Fits:
    """Room for the entries of a text of so many symbols: a word has never more than symbols, with its space."""
    return Fits(
        np.empty(symbols, np.int32), np.empty(symbols // 2 + 1, np.int32), np.empty(symbols // 2 + 2, np.uint64)
    )


@allocating
def find_in(sym: Symbols, n: int, patterns: Patterns, noted: Noted) -> Symbols:
    """The cues in one folded post, see `find_cues`."""
    words = room_for_words(n)
    found: Symbols = find_all(sym, words, list_words(sym, n, words), patterns, noted, room_for_fits(n))
    return found


@allocating
def find_all(sym: Symbols, words: Words, count: int, patterns: Patterns, noted: Noted, fits: Fits) -> Symbols:
    """All the cues of a post, see `find_cues`."""
    found = np.empty(ROOM, np.int32)
    cues = find_cues(sym, words, count, patterns, noted, fits, found)
    if cues > len(found):
        found = np.empty((cues, 3), np.int32)
        cues = find_cues(sym, words, count, patterns, noted, fits, found)
    return found[:cues]


@compiled
def find_cues(
    sym: Symbols, words: Words, count: int, patterns: Patterns, noted: Noted, fits: Fits, found: Symbols
) -> int:
    """Find the cues of a post of `count` words, by start; rows of `found` are (cue, start, end) in symbols.

    Returns how many there are, or more where there is no room for all of them.
    """
    list_entries(sym, words, count, patterns, noted, fits)
    entries, starts, bits = fits
    spans, anchors, neighbours, cues = patterns.spans, patterns.anchors, patterns.neighbours, 0
    for k in range(starts[count]):
        fetch(neighbours, spans[entries[k], BEGIN], 0)
    for w in range(count):
        for k in range(starts[w], starts[w + 1]):
            span = entries[k]
            if spans[span, ALONE] >= 0:
                cues = put_found(spans[span, ALONE], words.begins[w], words.stops[w], found, cues)
            for at in range(spans[span, BEGIN], spans[span, STOP]):
                near = neighbours[at, 0] & bits[w] and neighbours[at, 1] & bits[w + 2]
                if near and stands(w, count, at, patterns, fits):
                    start, stop = words.begins[w - anchors[at, BEFORE]], words.stops[w + anchors[at, AFTER]]
                    cues = put_found(anchors[at, SPEAKS], start, stop, found, cues)
    return cues


@compiled
def stands(w: int, count: int, at: int, patterns: Patterns, fits: Fits) -> bool:
    """Whether the pattern of an anchor stands around the word `w`, which may stand at the anchor's place."""
    place, before, after = patterns.anchors[at, PLACE], patterns.anchors[at, BEFORE], patterns.anchors[at, AFTER]
    if before > w or w + after >= count:
        return False
    fitting, step = True, -before
    while fitting and step <= after:
        fitting = step == 0 or may_stand(w + step, place + step, patterns, fits)
        step += 1
    return fitting


@inlined
def may_stand(w: int, place: int, patterns: Patterns, fits: Fits) -> bool:
    """Whether any entry of a word may stand at a place."""
    for k in range(fits.starts[w], fits.starts[w + 1]):
        for at in range(patterns.choices[place, BEGIN], patterns.choices[place, STOP]):
            if patterns.members[at] == fits.entries[k]:
                return True
    return False


@inlined
def put_found(cue: int, start: int, end: int, found: Symbols, count: int) -> int:
    """Put a cue in its place by start, then end, unless it is there already; returns how many there are.

    Where there is no room, it is only counted.
    """
    if count >= len(found):
        return count + 1
    k = count
    while k and (found[k - 1, START] > start or (found[k - 1, START] == start and found[k - 1, END] > end)):
        k -= 1
    for m in range(k - 1, -1, -1):
        if found[m, START] != start or found[m, END] != end:
            break
        if found[m, CUE] == cue:
            return count
    for m in range(count, k, -1):
        for column in range(3):
            found[m, column] = found[m - 1, column]
    found[k, CUE], found[k, START], found[k, END] = cue, start, end
    return count + 1


@compiled
def list_entries(sym: Symbols, words: Words, count: int, patterns: Patterns, noted: Noted, fits: Fits) -> None:
    """List the entries of `count` words in `fits`."""
    hashes, (keys, rows, turn), (entries, starts, bits), used = words.hashes, noted, fits, 0
    bits[0], bits[count + 1] = ANY, ANY
    for w in range(count):
        starts[w], bits[w + 1] = used, ANY
        at = kept_at(hashes[w], keys)
        many = MANY if at < 0 else rows[at, 0]
        if many == MANY:
            many = look_up(sym, words.begins[w], words.stops[w], patterns, entries, used)
            if at < 0:
                at = place_for(hashes[w], keys, turn)
                rows[at, 0] = many if many < NOTES else MANY
                for k in range(min(many, NOTES - 1)):
                    rows[at, 1 + k] = entries[used + k]
        else:
            for k in range(many):
                entries[used + k] = rows[at, 1 + k]
        for k in range(used, used + many):
            bits[w + 1] |= bit_of(entries[k])
            fetch(patterns.spans, entries[k], 0)
        used += many
    starts[count] = used


@compiled
def look_up(sym: Symbols, i: int, e: int, patterns: Patterns, entries: Symbols, first: int) -> int:
    """Put the entries of the word at `i`..`e` into `entries`, from `first` on; returns how many."""
    h, many = WORD_SEED, 0
    least = i + 1 if LINK <= sym[i] <= NUMBER else i + LEAST_STEM
    for k in range(i, e):
        h = (h ^ np.uint64(sym[k])) * PRIME
        at = slot_of(h, patterns.stem_keys) if k + 1 >= least else -1
        if at >= 0:
            entries[first + many] = patterns.stem_entries[at]
            many += 1
    at = slot_of(h, patterns.keys)
    if at >= 0:
        entries[first + many] = patterns.entries[at]
        many += 1
    return many


@compiled
def add_cues(
    a: int, b: int, found: Symbols, first: int, count: int, weights: Doubles, present: Bools, margins: Doubles
) -> None:
    """Add to each label's margin the cues that lie wholly in the symbols `a`..`b`; none before row `first` does.

    `present` is all false before and after.
    """
    last = first
    while last < count and found[last, START] < b:
        cue = found[last, CUE]
        if found[last, START] > a and found[last, END] < b and not present[cue]:
            present[cue] = True
            for label in range(len(margins)):
                margins[label] += weights[cue, label]
        last += 1
    for k in range(first, last):
        present[found[k, CUE]] = False
