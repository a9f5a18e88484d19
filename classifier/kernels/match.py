"""Find cues: every word is looked up once, with all of its beginnings."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.foldtable import LINK, NUMBER
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.grams import PRIME, WORD_SEED, Doubles, Hashes
from classifier.kernels.letters import SPACE
from classifier.kernels.lookup import slot_of

CUE, START, END = range(3)  # columns of what is found
ROOM: Final = (64, 3)  # for what is found in all but the longest posts
LEAST_STEM: Final = 3  # symbols of a stem, but for tokens

Bools = npt.NDArray[np.bool_]


class Patterns(NamedTuple):
    """All patterns of all cues, for looking words up by their hash.

    Every word of every pattern is a place; the places of one pattern follow each other.

    Parameters
    ----------
    keys, stem_keys : ndarray of uint64
        Tables of whole words, and of stems, see `addresses`.
    starts, stem_starts : ndarray of int32, one longer than the keys
        Where the places of each word begin in `places`, and where those of the last end.
    places, stem_places : ndarray of int32
        Places that the word, or any word of the stem, may fill.
    opens : ndarray of bool
        Whether a place is the first of its pattern.
    cues : ndarray of int32
        The cue that is found when a place is filled; -1 where the pattern goes on.
    """

    keys: Hashes
    starts: Symbols
    places: Symbols
    stem_keys: Hashes
    stem_starts: Symbols
    stem_places: Symbols
    opens: Bools
    cues: Symbols


@compiled
def find_cues(sym: Symbols, n: int, patterns: Any, filled: Any, found: Symbols) -> tuple[int, Symbols]:
    """Look up every word; rows of `found` are (cue, start, end) in symbols.

    Returns how many cues there are, and `found` or what replaces it where it was too short.
    """
    count = walk(sym, n, patterns, filled, found)
    if count > len(found):
        found = np.empty((2 * count, 3), np.int32)
        count = walk(sym, n, patterns, filled, found)
    return count, found


@compiled
def walk(sym: Symbols, n: int, patterns: Any, filled: Any, found: Symbols) -> int:
    """How many cues are in a post; as many of them as fit are put in `found`."""
    keys, starts, places, stem_keys, stem_starts, stem_places, opens, cues = patterns
    word, start, word_before, start_before, clock = filled
    count, i, number = 0, 1, clock[0] + 1  # no pattern goes on from the post before
    while i < n:
        number += 1
        h, k = WORD_SEED, i
        least = i + 1 if LINK <= sym[i] <= NUMBER else i + LEAST_STEM
        while sym[k] != SPACE:
            h = (h ^ np.uint64(sym[k])) * PRIME
            k += 1
            at = slot_of(h, stem_keys) if k >= least else -1
            if at >= 0:
                fits = stem_places[stem_starts[at] : stem_starts[at + 1]]
                count = fill(fits, i, number, opens, cues, word, start, word_before, start_before, found, count)
        at = slot_of(h, keys)
        if at >= 0:
            fits = places[starts[at] : starts[at + 1]]
            count = fill(fits, i, number, opens, cues, word, start, word_before, start_before, found, count)
        for row in range(min(count, len(found)) - 1, -1, -1):  # the end of the word was not known yet
            if found[row, END]:
                break
            found[row, END] = k
        i = k + 1
    clock[0] = number
    return count


@compiled
def fill(
    fits: Symbols,
    i: int,
    number: int,
    opens: Bools,
    cues: Symbols,
    word: Symbols,
    start: Symbols,
    word_before: Symbols,
    start_before: Symbols,
    found: Symbols,
    count: int,
) -> int:
    """Fill places with the word at `i`; returns how many cues are found by now."""
    for place in fits:
        begin = -1
        if opens[place]:
            begin = i
        elif word[place - 1] == number - 1:
            begin = start[place - 1]
        elif word[place - 1] == number and word_before[place - 1] == number - 1:
            begin = start_before[place - 1]
        if begin < 0 or word[place] == number:
            continue
        word_before[place], start_before[place] = word[place], start[place]
        word[place], start[place] = number, begin
        if cues[place] >= 0:
            if count < len(found):
                found[count, CUE], found[count, START], found[count, END] = cues[place], begin, 0
            count += 1
    return count


@compiled
def add_cues(a: int, b: int, found: Symbols, first: int, count: int, weights: Doubles, margins: Doubles) -> None:
    """Add to each label's margin the cues that lie wholly in the symbols `a`..`b`; none before row `first` does."""
    present = np.zeros(len(weights), np.bool_)
    for k in range(first, count):
        if found[k, START] >= b:
            break
        cue = found[k, CUE]
        if found[k, START] > a and found[k, END] < b and not present[cue]:
            present[cue] = True
            for label in range(len(margins)):
                margins[label] += weights[cue, label]
