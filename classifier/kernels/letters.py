"""Letters into the Latin skeleton: look-alikes, spelling variants, stretched and doubled letters."""

from __future__ import annotations

from typing import Final

from classifier.foldtable import CLASS, DROP, FIRST, LENGTH, LETTER, SEPARATOR, SIZE, Table
from classifier.kernels.compiled import Symbols, compiled, inlined

SPACE: Final = 32
FULL_STOP: Final = 46
MAX_WORD: Final = 64  # longer runs of letters are cut, which bounds every loop over a word
LOWER_A, LOWER_C, LOWER_E, LOWER_H, LOWER_I, LOWER_J = (ord(letter) for letter in "acehij")
LOWER_K, LOWER_S, LOWER_T, LOWER_U, LOWER_Z = (ord(letter) for letter in "kstuz")


@inlined
def class_of(code: int, table: Table) -> int:
    if code < SIZE:
        return int(table[code, CLASS])
    return LETTER if code < 0x40000 else DROP if code >= 0xE0000 and code < 0xF0000 else SEPARATOR


@inlined
def word_stop(sym: Symbols, i: int) -> int:
    """The next space at or after `i`."""
    while sym[i] != SPACE:
        i += 1
    return i


@inlined
def is_plain(symbol: int) -> bool:
    """Whether a symbol is a letter of the skeleton, not a sign or a token."""
    return bool(97 <= symbol <= 122)


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


@inlined
def push_plain(symbol: int, beg: int, stop: int, first: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Append a letter unless it repeats the last one."""
    if n > first and out[n - 1] == symbol:
        ends[n - 1] = max(stop, ends[n - 1])
        return n
    out[n], begs[n], ends[n] = symbol, beg, stop
    return n + 1


@inlined
def put_space(at: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    out[n], begs[n], ends[n] = SPACE, at, at
    return n + 1


@inlined
def close_word(first: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Settle a waiting last c; returns the new length."""
    if n > first and out[n - 1] == LOWER_C:
        return int(push_plain(LOWER_K, begs[n - 1], ends[n - 1], first, n - 1, out, begs, ends))
    return n


@inlined
def is_one_letter(first: int, n: int, out: Symbols) -> bool:
    """Whether the word `first`..`n` may be a single letter as written: one symbol, or those of ш, ч, ц, ю, я."""
    if n - first == 1:
        return True
    if n - first != 2:
        return False
    a, b = out[first], out[first + 1]
    if b == LOWER_H:
        return bool(a == LOWER_S or a == LOWER_C)
    return bool((a == LOWER_T and b == LOWER_S) or (a == LOWER_I and (b == LOWER_U or b == LOWER_A)))


@inlined
def same_letter(code: int, other: int, table: Table) -> bool:
    """Whether two letters become the same symbols, as a letter and its capital do."""
    if code == other:
        return True
    if code >= SIZE or other >= SIZE or other < 0 or table[code, LENGTH] != table[other, LENGTH]:
        return False
    same = True
    for k in range(FIRST, FIRST + table[code, LENGTH]):
        same = same and table[code, k] == table[other, k]
    return same
