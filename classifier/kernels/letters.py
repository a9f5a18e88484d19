"""Letters into the Latin skeleton: look-alikes, spelling variants, stretched and doubled letters."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.foldtable import (
    APOSTROPHE,
    CYRILLIC,
    CYRILLIC_SHARED,
    DIGIT,
    DROP,
    GREEK,
    LATIN,
    LATIN_SHARED,
    LETTER,
    SEPARATOR,
    SIZE,
)
from classifier.kernels.compiled import Symbols, compiled

SPACE: Final = 32
MAX_WORD: Final = 64  # longer runs of letters are cut, which bounds every loop over a word
LOWER_A, LOWER_C, LOWER_E, LOWER_H, LOWER_I, LOWER_J = (ord(letter) for letter in "acehij")
LOWER_K, LOWER_O, LOWER_S, LOWER_T, LOWER_Z = (ord(letter) for letter in "kostz")


@compiled
def class_of(code: int, klass: npt.NDArray[np.uint8]) -> int:
    if code < SIZE:
        return int(klass[code])
    return LETTER if code < 0x40000 else DROP if code >= 0xE0000 and code < 0xF0000 else SEPARATOR


@compiled
def push(symbol: int, beg: int, stop: int, first: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Append a letter to the word that starts at `first`, merging spelling variants; returns the new length."""
    while True:
        last = out[n - 1] if n > first else 0
        if last == LOWER_C and symbol != LOWER_H and symbol != LOWER_C:
            hard = symbol != LOWER_E and symbol != LOWER_I
            n = push_plain(LOWER_K if hard else LOWER_S, begs[n - 1], ends[n - 1], first, n - 1, out, begs, ends)
            last = out[n - 1]
        if symbol == LOWER_H and (last == LOWER_Z or last == LOWER_K):
            symbol, n = (LOWER_J if last == LOWER_Z else LOWER_H), n - 1
            beg = begs[n]
            continue
        again = n - first >= 3 and out[n - 2] == LOWER_H and out[n - 3] == last
        if symbol == LOWER_H and again and (last == LOWER_S or last == LOWER_C):  # "shsh" and "chch" are stretched too
            ends[n - 2] = stop
            return n - 1
        if symbol == LOWER_H and last == LOWER_C and n - first >= 2 and out[n - 2] == LOWER_S:
            n -= 1
            continue
        if symbol == LOWER_H and last == LOWER_C and n - first >= 3 and out[n - 2] == LOWER_H and out[n - 3] == LOWER_S:
            n -= 2
            continue
        if symbol == LOWER_Z and last == LOWER_T:
            symbol = LOWER_S
        # the rest of a stretched "zh" and "tz": what they became takes no more of them
        stretched_tz = symbol == LOWER_Z and last == LOWER_S and n - first >= 2 and out[n - 2] == LOWER_T
        if stretched_tz or (symbol == LOWER_H and last == LOWER_J):
            ends[n - 1] = max(stop, ends[n - 1])
            return n
        return int(push_plain(symbol, beg, stop, first, n, out, begs, ends))


@compiled
def push_plain(symbol: int, beg: int, stop: int, first: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Append a letter unless it repeats the last one."""
    if n > first and out[n - 1] == symbol:
        ends[n - 1] = max(stop, ends[n - 1])
        return n
    out[n], begs[n], ends[n] = symbol, beg, stop
    return n + 1


@compiled
def put_space(at: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    out[n], begs[n], ends[n] = SPACE, at, at
    return n + 1


@compiled
def close_word(first: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Settle a waiting last c; returns the new length."""
    if n > first and out[n - 1] == LOWER_C:
        return int(push_plain(LOWER_K, begs[n - 1], ends[n - 1], first, n - 1, out, begs, ends))
    return n


@compiled
def digit_as_letter(code: int, cyrillic: bool) -> int:
    """Letter that a digit between letters stands for, 0 for none."""
    if code == 48:
        return LOWER_O
    if code == 49:
        return LOWER_I
    if code == 51:
        return LOWER_Z if cyrillic else LOWER_E
    if code == 52:
        return LOWER_A
    if code == 53:
        return LOWER_S
    if code == 55:
        return LOWER_T
    return 0


@compiled
def word_end(src: Symbols, i: int, hi: int, table: Any) -> tuple[int, int]:
    """End of the word at `i`, and the script its shared letters are read in (0 as they are)."""
    j = i
    cyrillic, cyrillic_shared, latin, latin_shared, greek = 0, 0, 0, 0, 0
    while j < hi:
        kind = class_of(src[j], table.klass)
        if kind == LETTER:
            script = table.script[src[j]] if src[j] < SIZE else 0
            cyrillic += script == CYRILLIC
            cyrillic_shared += script == CYRILLIC_SHARED
            latin += script == LATIN
            latin_shared += script == LATIN_SHARED
            greek += script == GREEK
        elif kind == APOSTROPHE:
            if not (j + 1 < hi and class_of(src[j + 1], table.klass) == LETTER):
                break
        elif kind == DIGIT:
            inside = j + 1 < hi and class_of(src[j + 1], table.klass) == LETTER
            if not (inside and class_of(src[j - 1], table.klass) == LETTER and digit_as_letter(src[j], False)):
                break
        elif kind != DROP:
            break
        j += 1
    some_cyrillic, some_latin = cyrillic + cyrillic_shared > 0, latin + latin_shared > 0
    if some_latin and (some_cyrillic or greek):
        return j, LATIN if latin > cyrillic or not some_cyrillic else CYRILLIC
    return j, CYRILLIC if some_cyrillic else 0


@compiled
def same_letter(code: int, other: int, table: Any) -> bool:
    """Whether two letters become the same symbols, as a letter and its capital do."""
    if code == other:
        return True
    if code >= SIZE or other >= SIZE or other < 0 or table.length[code] != table.length[other]:
        return False
    for k in range(table.length[code]):
        if table.pool[table.first[code] + k] != table.pool[table.first[other] + k]:
            return False
    return True


@compiled
def fold_word(
    src: Symbols, i: int, j: int, script: int, n: int, out: Symbols, begs: Symbols, ends: Symbols, table: Any
) -> int:
    """Write the word at `i`..`j` to the skeleton; returns the new length."""
    first, before = n, -1
    for k in range(i, j):
        code = src[k]
        kind = class_of(code, table.klass)
        if kind != LETTER and kind != DIGIT:
            if n > first:
                ends[n - 1] = k + 1
            continue
        if code < SIZE:
            shape = table.as_cyrillic[code] if script == CYRILLIC else table.as_latin[code] if script == LATIN else 0
            code = shape or code
        if kind == LETTER and n > first and same_letter(code, before, table):
            ends[n - 1] = k + 1
            continue
        before = code if kind == LETTER else -1
        size = table.length[code] if kind == LETTER and code < SIZE else 1
        if n - first + size > MAX_WORD:  # what is written never exceeds it, so that folding again cuts nowhere else
            n = put_space(k, close_word(first, n, out, begs, ends), out, begs, ends)
            first = n
        if kind == DIGIT:
            n = push(digit_as_letter(code, script == CYRILLIC), k, k + 1, first, n, out, begs, ends)
        elif code >= SIZE:
            n = push(code, k, k + 1, first, n, out, begs, ends)
        else:
            for t in range(table.first[code], table.first[code] + table.length[code]):
                n = push(table.pool[t], k, k + 1, first, n, out, begs, ends)
    return int(close_word(first, n, out, begs, ends))
