"""One word of a post into the skeleton: where it ends, which script it is read in, and its letters."""

from __future__ import annotations

from typing import Final

import numpy as np

from classifier.foldtable import (
    APOSTROPHE,
    AS_CYRILLIC,
    AS_LATIN,
    CASE,
    CYRILLIC,
    CYRILLIC_SHARED,
    DIGIT,
    DROP,
    FIRST,
    FOREIGN,
    HIDDEN,
    LATIN,
    LATIN_SHARED,
    LENGTH,
    LETTER,
    LOWER,
    OTHER,
    SCRIPT,
    SINGLE,
    SIZE,
    SOUNDING,
    UPPER,
    Table,
)
from classifier.kernels.compiled import Symbols, compiled, inlined
from classifier.kernels.letters import (
    LOWER_C,
    MAX_WORD,
    class_of,
    close_word,
    push,
    put_space,
    same_letter,
)

AT, DOLLAR, STAR = (ord(sign) for sign in "@$*")
# What digits and signs stand for between Latin letters, and between Cyrillic ones
SIGNS: Final = ("0o1i3e4a5s6b7t8b@a$s", "0o1i3z4a5s6b7t8v@a$s")
AS_LETTER = np.zeros((2, 128), np.int32)
for row, signs in enumerate(SIGNS):
    AS_LETTER[row, [ord(sign) for sign in signs[::2]]] = [ord(letter) for letter in signs[1::2]]
SOME_LATIN: Final = 1 << LATIN | 1 << LATIN_SHARED
SOME_CYRILLIC: Final = 1 << CYRILLIC | 1 << CYRILLIC_SHARED
PURE_CYRILLIC: Final = CYRILLIC_SHARED  # nothing to be read otherwise, but digits stand for Cyrillic letters
LEAST_TWIN: Final = 3  # letters of a wholly Latin word that may be a Cyrillic one


@inlined
def sign_as_letter(code: int, cyrillic: bool) -> int:
    """Letter that a digit or sign between letters stands for, 0 for none."""
    return int(AS_LETTER[int(cyrillic), code]) if code < 128 else 0


@inlined
def is_between_letters(src: Symbols, j: int, hi: int, table: Table) -> bool:
    """Whether the sign at `j`, or it and another of its kind, has a letter on either side."""
    if j + 1 >= hi or class_of(src[j - 1], table) != LETTER:
        return False
    after = j + 2 if src[j + 1] == src[j] and j + 2 < hi else j + 1
    return bool(class_of(src[after], table) == LETTER)


@inlined
def goes_on(src: Symbols, i: int, j: int, hi: int, table: Table) -> bool:
    """Whether the digit or sign at `j` stands for a letter of the word that starts at `i`."""
    code = src[j]
    if code != STAR and not sign_as_letter(code, False):
        return False
    if class_of(code, table) == DIGIT:
        return bool(j + 1 < hi and class_of(src[j - 1], table) == LETTER == class_of(src[j + 1], table))
    return bool((j > i and src[j - 1] == code) or is_between_letters(src, j, hi, table))


@inlined
def word_end(src: Symbols, i: int, hi: int, table: Table) -> tuple[int, int, int]:
    """End of the word at `i`, the script that its look-alike letters are read in (0: none are), and its humps.

    A hump is a capital after a small letter.
    """
    j, humps, before, latin, cyrillic, scripts = i, 0, 0, 0, 0, 0
    while j < hi:
        code = src[j]
        kind = class_of(code, table)
        if kind == LETTER:
            script, case = (table[code, SCRIPT], table[code, CASE]) if code < SIZE else (OTHER, 0)
            scripts |= 1 << script
            latin += script == LATIN
            cyrillic += script == CYRILLIC
            humps += case == UPPER and before == LOWER
            before = case
        elif kind == APOSTROPHE:
            if not (j + 1 < hi and class_of(src[j + 1], table) == LETTER):
                break
        elif kind != DROP:
            if not goes_on(src, i, j, hi, table):
                break
            scripts |= (code != STAR) << SOUNDING
        j += 1
    if not scripts & SOME_CYRILLIC:
        foreign, sounding = scripts & 1 << FOREIGN, scripts & 1 << SOUNDING
        mixed = (scripts & SOME_LATIN and (foreign or sounding)) or (foreign and sounding)
        return j, LATIN if mixed else 0, humps
    if not scripts & (SOME_LATIN | 1 << FOREIGN | 1 << SOUNDING):
        return j, PURE_CYRILLIC, humps
    return j, LATIN if latin > cyrillic else CYRILLIC, humps


@compiled
def first_hump(src: Symbols, i: int, j: int, tagged: bool, table: Table) -> int:
    """End of the first of several words written as one, LikeThis; `j` when it is one word.

    Capitals at random are no such thing: every piece is a capital and two or more small letters. In a hashtag a
    piece may also be a single capital ("ВступайВОтряд").
    """
    cut, small, capitals = j, 0, 0
    for k in range(i, j):
        case = table[src[k], CASE] if src[k] < SIZE else 0
        if case == UPPER:
            if k > i and cut == j:
                cut = k
            if capitals == 1 and small < 2 and not (tagged and small == 0):
                return j
            capitals, small = 1, 0
        elif case == LOWER and (capitals or k == i or small):
            small += 1
            capitals = 1
        else:
            return j
    return cut if small >= 2 and (tagged or table[src[i], CASE] == UPPER) else j


@inlined
def may_be_cyrillic(src: Symbols, i: int, j: int, lower: bool, table: Table) -> bool:
    """Whether every letter of a Latin word has the shape of a Cyrillic one: CBO, and with `lower` also copok."""
    if j - i < LEAST_TWIN:
        return False
    for k in range(i, j):
        code = src[k]
        if code >= 128 or table[code, SCRIPT] != LATIN_SHARED or (table[code, CASE] != UPPER and not lower):
            return False
    return True


@inlined
def by_shape(symbol: int, script: int, table: Table) -> int:
    """A symbol of the skeleton that is no Latin letter, read by its shape in a word that has Latin ones."""
    if symbol < 128 or symbol >= SIZE or not (script == LATIN or script == CYRILLIC):
        return symbol
    shape = table[symbol, AS_LATIN] if script == LATIN else table[symbol, AS_CYRILLIC]
    return int(table[shape, FIRST]) if shape else symbol


@inlined
def hide(k: int, first: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Write room for the two symbols that a star at `k` may hide; returns the new length."""
    n = close_word(first, n, out, begs, ends)
    out[n], begs[n], ends[n] = HIDDEN, k, k + 1
    out[n + 1], begs[n + 1], ends[n + 1] = HIDDEN, k, k + 1
    return int(n + 2)


@inlined
def fold_word(
    src: Symbols, i: int, j: int, script: int, n: int, out: Symbols, begs: Symbols, ends: Symbols, table: Table
) -> int:
    """Write the word at `i`..`j` to the skeleton; returns the new length."""
    first, before = n, -1
    for k in range(i, j):
        code = src[k]
        if code < SIZE:
            if script == CYRILLIC:
                code = table[code, AS_CYRILLIC] or code
            elif script == LATIN:
                code = table[code, AS_LATIN] or code
            symbol, last = table[code, SINGLE], out[n - 1] if n > first else 0
            if symbol and last != LOWER_C and n - first < MAX_WORD:  # `push` would do just this, more slowly
                before = code
                if symbol == last:
                    ends[n - 1] = max(k + 1, ends[n - 1])
                else:
                    out[n], begs[n], ends[n] = symbol, k, k + 1
                    n += 1
                continue
        kind = class_of(code, table)
        if kind != LETTER and (code == STAR or not sign_as_letter(code, False)):
            if code == STAR and n > first and out[n - 1] != HIDDEN and n - first + 2 <= MAX_WORD:
                n, before = hide(k, first, n, out, begs, ends), -1
            elif n > first:
                ends[n - 1] = k + 1
            continue
        if kind == LETTER and n > first and same_letter(code, before, table):
            ends[n - 1] = k + 1
            continue
        before = code if kind == LETTER else -1
        size = table[code, LENGTH] if kind == LETTER and code < SIZE else 1
        if n - first + size > MAX_WORD:  # what is written never exceeds it, so that folding again cuts nowhere else
            n = put_space(k, close_word(first, n, out, begs, ends), out, begs, ends)
            first = n
        if kind != LETTER:
            n = push(sign_as_letter(code, script >= CYRILLIC), k, k + 1, first, n, out, begs, ends)
        elif code >= SIZE:
            n = push(code, k, k + 1, first, n, out, begs, ends)
        else:
            for t in range(FIRST, FIRST + table[code, LENGTH]):
                n = push(by_shape(table[code, t], script, table), k, k + 1, first, n, out, begs, ends)
    return int(close_word(first, n, out, begs, ends))
