"""Which language a post is in, from the letters, words and endings of its words as they are written."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.foldtable import APOSTROPHE, LETTER, SIZE, Table
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.fold import fold_into, room_for
from classifier.kernels.grams import Hashes, word_hash
from classifier.kernels.letters import class_of, word_stop
from classifier.kernels.lookup import slot_of

Votes = npt.NDArray[np.float64]
QUOTE: Final = 39
LONGEST: Final = 40  # letters of a word that are looked at
LEAST_ENDED, ENDINGS = 5, (2, 6)  # letters of a word that has an ending, and of the ending
SPECIALS: Final = 0x530  # letters with votes of their own stand below
UNKNOWN: Final = -1


class Tongue(NamedTuple):
    """What tells languages apart; votes have one column per language.

    Parameters
    ----------
    word_keys, ending_keys : ndarray of uint64
        Tables of words and endings, see `addresses`.
    word_votes, ending_votes : ndarray of float64
        Of the words and endings at those places.
    letter_votes : ndarray of float64, shape (SPECIALS, languages)
        Of letters that only some languages have; negative for all others.
    worth : ndarray of float64, shape (4, languages)
        Votes of a Kyrgyz spelling, an Uzbek one, a Cyrillic word, and one with a letter that Russian lacks.
    least, lead : float
        Votes needed, and how far the best must be ahead of the second.
    """

    word_keys: Hashes
    word_votes: Votes
    ending_keys: Hashes
    ending_votes: Votes
    letter_votes: Votes
    worth: Votes
    least: float
    lead: float


@compiled
def lowered(code: int) -> int:
    """Small letter of a Latin or Cyrillic capital."""
    if 65 <= code <= 90 or 0x410 <= code < 0x430:
        return code + 32
    if 0x400 <= code < 0x410:
        return code + 80
    if 0x460 <= code < 0x482 or 0x48A <= code < 0x4C0 or 0x4D0 <= code < SPECIALS:
        return code | 1
    return code


@compiled
def letters_of(src: Symbols, a: int, b: int, table: Table, word: Symbols) -> int:
    """Put the small letters and inner apostrophes of the code points `a`..`b` into `word`; returns how many."""
    n = 0
    for k in range(a, b):
        kind = class_of(src[k], table)
        if n < LONGEST and (kind == LETTER or (kind == APOSTROPHE and n)):
            word[n] = lowered(src[k]) if kind == LETTER else QUOTE
            n += 1
    while n and word[n - 1] == QUOTE:
        n -= 1
    return n


@compiled
def kyrgyz_length(word: Symbols, n: int) -> int:
    """Long vowels after a consonant that takes them, as Kyrgyz writes: [кртсбдг](оо|уу|өө|үү)."""
    count = 0
    for k in range(2, n):
        vowel = word[k] == 0x43E or word[k] == 0x443 or word[k] == 0x4E9 or word[k] == 0x4AF
        if vowel and word[k - 1] == word[k]:
            head = word[k - 2]
            early = head == 0x43A or head == 0x440 or head == 0x442 or head == 0x441
            count += early or head == 0x431 or head == 0x434 or head == 0x433
    return count


@compiled
def uzbek_marks(word: Symbols, n: int) -> int:
    """The letters o' and g' of Latin Uzbek."""
    count = 0
    for k in range(1, n):
        count += word[k] == QUOTE and (word[k - 1] == 111 or word[k - 1] == 103)
    return count


@compiled
def vote(
    word: Symbols,
    n: int,
    word_keys: Hashes,
    word_votes: Votes,
    ending_keys: Hashes,
    ending_votes: Votes,
    letter_votes: Votes,
    worth: Votes,
    total: Votes,
) -> None:
    """Add what one word says; see `Tongue`."""
    languages = len(total)
    at = slot_of(word_hash(word, 0, n), word_keys)
    if at >= 0:
        for place in range(languages):
            total[place] += word_votes[at, place]
    elif n >= LEAST_ENDED:
        for length in range(ENDINGS[0], ENDINGS[1]):
            at = slot_of(word_hash(word, max(0, n - length), n), ending_keys)
            if at >= 0:
                for place in range(languages):
                    total[place] += ending_votes[at, place]
    kyrgyz, uzbek, cyrillic, special = kyrgyz_length(word, n), uzbek_marks(word, n), False, False
    for k in range(n):
        code = word[k]
        cyrillic = cyrillic or 0x430 <= code <= 0x451
        if 128 <= code < SPECIALS and letter_votes[code, 0] >= 0:
            special = True
            again = False
            for m in range(k):
                again = again or word[m] == code
            for place in range(languages):
                total[place] += 0.0 if again else letter_votes[code, place]
    kind = 3 if special else 2
    if kyrgyz or uzbek or cyrillic:
        for place in range(languages):
            total[place] += worth[0, place] * kyrgyz + worth[1, place] * uzbek + worth[kind, place] * cyrillic


@compiled
def detect(src: Symbols, sym: Symbols, begs: Symbols, ends: Symbols, n: int, tongue: Any, table: Table) -> int:
    """Place of the language of most of a folded post, or `UNKNOWN`; `tongue` is a `Tongue`."""
    word_keys, word_votes, ending_keys, ending_votes, letter_votes, worth, least, lead = tongue
    word, total = np.empty(LONGEST, np.int32), np.zeros(worth.shape[1])
    i, before = 1, -1
    while i < n:
        e = word_stop(sym, i)
        letter = 97 <= sym[i] <= 122 or (sym[i] < SIZE and class_of(sym[i], table) == LETTER)
        if letter and begs[i] != before:  # a second reading of the same word says nothing new
            before = begs[i]
            length = letters_of(src, begs[i], ends[e - 1], table, word)
            vote(word, length, word_keys, word_votes, ending_keys, ending_votes, letter_votes, worth, total)
        i = e + 1
    best, second = 0, 0.0
    for place in range(len(total)):
        if total[place] > total[best]:
            best = place
    for place in range(len(total)):
        if place != best:
            second = max(second, total[place])
    return best if total[best] >= least and total[best] >= lead * second else UNKNOWN


@compiled
def detect_one(src: Symbols, table: Table, tongue: Any) -> int:
    """`detect` for one text."""
    room = room_for(src, 0, len(src), table)
    sym, begs, ends = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    n = fold_into(src, 0, len(src), sym, begs, ends, table)
    return int(detect(src, sym, begs, ends, n, tongue, table))
