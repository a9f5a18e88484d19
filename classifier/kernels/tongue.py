"""Which language a post is in, from the letters, words and endings of its words as they are written."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from classifier.foldtable import APOSTROPHE, LETTER, SIZE, Folding, Table
from classifier.kernels.ahead import fetch
from classifier.kernels.compiled import Symbols, allocating, compiled, inlined
from classifier.kernels.fold import fold_into, room_for
from classifier.kernels.hashing import Words, list_words, room_for_words, word_hash
from classifier.kernels.kept import WAYS, Hashes, Voted, Votes, kept_at, place_for, row_of
from classifier.kernels.letters import class_of
from classifier.kernels.lookup import slot_of

QUOTE: Final = 39
LONGEST: Final = 40  # letters of a word that are looked at
LEAST_ENDED, ENDINGS = 5, (2, 6)  # letters of a word that has an ending, and of the ending
SPECIALS: Final = 0x530  # letters with votes of their own stand below
UNKNOWN: Final = -1
VOICES: Final = 8  # columns of votes, of which some stay 0: a number that the loops like


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


@inlined
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
def vote(word: Symbols, n: int, tongue: Tongue, total: Votes) -> None:
    """What one word says; see `Tongue`."""
    word_keys, word_votes, ending_keys, ending_votes, letter_votes, worth, _, _ = tongue
    languages = worth.shape[1]
    total[:] = 0.0
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


class Spoken(NamedTuple):
    """Room for the search for a post's language.

    Parameters
    ----------
    hashes : ndarray of uint64
        Of each word, as it is written.
    slots : ndarray of int32
        Where what it says is kept.
    word : ndarray of int32, shape (LONGEST,)
        Letters of a word.
    total : ndarray of float64, shape (VOICES,)
        What all of them say.
    """

    hashes: Hashes
    slots: Symbols
    word: Symbols
    total: Votes


@allocating
def room_to_speak(words: int) -> Spoken:
    """Room for so many words."""
    return Spoken(np.empty(words, np.uint64), np.empty(words, np.int32), np.empty(LONGEST, np.int32), np.empty(VOICES))


@inlined
def spoken_hash(
    src: Symbols, sym: Symbols, begs: Symbols, ends: Symbols, words: Words, w: int, table: Table
) -> np.uint64:
    """Hash of a word as it is written; 0 where it has no letters, or is a second reading of the one before."""
    i, e = words.begins[w], words.stops[w]
    letter = 97 <= sym[i] <= 122 or (sym[i] < SIZE and class_of(sym[i], table) == LETTER)
    if not letter or (w and begs[i] == begs[words.begins[w - 1]]):
        return np.uint64(0)
    return np.uint64(word_hash(src, begs[i], ends[e - 1]))


@compiled
def detect(
    src: Symbols,
    sym: Symbols,
    begs: Symbols,
    ends: Symbols,
    words: Words,
    count: int,
    tongue: Tongue,
    voted: Voted,
    room: Spoken,
    table: Table,
) -> int:
    """Place of the language of most of a folded post of `count` words, or `UNKNOWN`."""
    (keys, votes, turn), (hashes, slots, word, total) = voted, room
    for w in range(count):
        hashes[w] = spoken_hash(src, sym, begs, ends, words, w, table)
        fetch(keys, row_of(hashes[w], keys), 0)
    for w in range(count):
        slots[w] = kept_at(hashes[w], keys)
        if slots[w] >= 0:
            fetch(votes, slots[w], 0)
    total[:] = 0.0
    for w in range(count):
        at = slots[w]
        if hashes[w] == 0:
            continue
        if at < 0 or keys[at // WAYS, at % WAYS] != hashes[w]:
            at = place_for(hashes[w], keys, turn)
            length = letters_of(src, begs[words.begins[w]], ends[words.stops[w] - 1], table, word)
            vote(word, length, tongue, votes[at])
        for place in range(VOICES):
            total[place] += votes[at, place]
    return int(leading(total, tongue.least, tongue.lead))


@compiled
def leading(total: Votes, least: float, lead: float) -> int:
    """Place of the most votes, where they are enough and far enough ahead of all others; else `UNKNOWN`."""
    best, second = 0, 0.0
    for place in range(len(total)):
        if total[place] > total[best]:
            best = place
    for place in range(len(total)):
        if place != best:
            second = max(second, total[place])
    return best if total[best] >= least and total[best] >= lead * second else UNKNOWN


@allocating
def detect_one(src: Symbols, folding: Folding, tongue: Tongue, voted: Voted) -> int:
    """`detect` for one text."""
    size = room_for(src, 0, len(src), folding.table)
    sym, begs, ends = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)
    words = room_for_words(size)
    n = fold_into(src, 0, len(src), sym, begs, ends, folding)
    count = list_words(sym, n, words)
    room = room_to_speak(count)
    return int(detect(src, sym, begs, ends, words, count, tongue, voted, room, folding.table))
