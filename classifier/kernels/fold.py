"""Fold a post: words of the Latin skeleton between single spaces, with the place of each symbol."""

from __future__ import annotations

from typing import Final

import numpy as np

from classifier.foldtable import (
    CYRILLIC,
    DATE,
    DIGIT,
    DROP,
    FIRST,
    HANDLE,
    LENGTH,
    LETTER,
    NUMBER,
    PHONE,
    SIGN,
    SIZE,
    STOP,
    SUM,
    TOKEN,
    WORD,
    Folding,
    Table,
)
from classifier.kernels.compiled import Symbols, allocating, compiled, inlined
from classifier.kernels.hidden import reveal
from classifier.kernels.kept import Bytes
from classifier.kernels.letters import FULL_STOP, MAX_WORD, SPACE, class_of, is_one_letter, is_plain, put_space
from classifier.kernels.spaced import LEAST_APART, join_letters
from classifier.kernels.typed import date_end, handle_end, number_end, number_kind, phone_end, typed_end
from classifier.kernels.words import STAR, first_hump, fold_word, may_be_cyrillic, word_end

MAX_DIGITS: Final = 7  # longer numbers look alike
PLUS, HASH, AT = (ord(sign) for sign in "+#@")
MOST_AS_ONE: Final = 256  # letters of several words written as one: every piece is found by a look at all the rest


@inlined
def put_sign(symbol: int, i: int, j: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Write a sign as a word of its own, once however often it is repeated."""
    if n >= 2 and out[n - 2] == symbol and (n < 3 or out[n - 3] == SPACE):
        ends[n - 2] = j
        begs[n - 1], ends[n - 1] = j, j
        return n
    out[n], begs[n], ends[n] = symbol, i, j
    return int(put_space(j, n + 1, out, begs, ends))


@compiled
def put_word(code: int, i: int, n: int, out: Symbols, begs: Symbols, ends: Symbols, table: Table) -> int:
    """Write the word of an emoji, once however often it is repeated."""
    size = table[code, LENGTH]
    if size == 1:
        return int(put_sign(table[code, FIRST], i, i + 1, n, out, begs, ends))
    again = n >= size + 2 and out[n - size - 2] == SPACE
    for k in range(size):
        again = again and out[n - size - 1 + k] == table[code, FIRST + k]
    if again:
        ends[n - 2] = i + 1
        begs[n - 1], ends[n - 1] = i + 1, i + 1
        return n
    for k in range(size):
        out[n + k], begs[n + k], ends[n + k] = table[code, FIRST + k], i, i + 1
    return int(put_space(i + 1, n + size, out, begs, ends))


@compiled
def add_reading(
    src: Symbols, i: int, j: int, first: int, n: int, out: Symbols, begs: Symbols, ends: Symbols, table: Table
) -> int:
    """Write a Latin word's Cyrillic reading after the Latin one that begins at `first`, unless both are the same.

    Every symbol of either reading stands for the whole word, so that places never go back.
    """
    m = put_space(j, fold_word(src, i, j, CYRILLIC, n, out, begs, ends, table), out, begs, ends)
    same = m - n == n - first
    for k in range(first, n):
        same = same and out[k] == out[n + k - first]
    if same:
        return n
    for k in range(first, m - 1):
        begs[k], ends[k] = i, j
    return int(m)


@inlined
def letters_in_a_row(apart: int, first: int, n: int, out: Symbols) -> int:
    """How many words of one letter stand in a row at the end, `apart` of them before the words at `first`..`n`."""
    while first < n:
        stop = first + 1
        while out[stop] != SPACE:
            stop += 1
        if is_one_letter(first, stop, out) and is_plain(out[first]):
            apart += 1
        elif out[first] != FULL_STOP or stop > first + 1:
            apart = 0
        first = stop + 1
    return apart


@compiled
def put_number(
    kind: int, digits: int, i: int, j: int, each: bool, n: int, out: Symbols, begs: Symbols, ends: Symbols
) -> int:
    """Write a number as one symbol for each of its digits, after one for what it counts; a skeleton's have places."""
    if kind != NUMBER:
        out[n], begs[n], ends[n] = kind, i, i + 1 if each else j
        n += 1
        i += each
    for k in range(min(digits, MAX_DIGITS)):
        out[n], begs[n], ends[n] = NUMBER, i + k if each else i, i + k + 1 if each else j
        n += 1
    return int(put_space(j, n, out, begs, ends))


@allocating
def without_invisible(src: Symbols, lo: int, hi: int, table: Table) -> tuple[Symbols, Symbols]:
    """The code points of `lo`..`hi` that can be seen, and where each stands, with `hi` after the last."""
    seen, where, n = np.empty(hi - lo, np.int32), np.empty(hi - lo + 1, np.int32), 0
    for k in range(lo, hi):
        if class_of(src[k], table) != DROP:
            seen[n], where[n] = src[k], k
            n += 1
    where[n] = hi
    return seen[:n], where[: n + 1]


@allocating
def fold_into(src: Symbols, lo: int, hi: int, out: Symbols, begs: Symbols, ends: Symbols, folding: Folding) -> int:
    """Fold code points `lo`..`hi` into words between single spaces; returns how many symbols were written.

    `begs` and `ends` hold, for each symbol, the code points of `src` that it stands for. What cannot be seen is
    taken away first, so that it splits no handle, link or number either.
    """
    k, table, russian, starred = lo, folding.table, False, False
    while k < hi and class_of(src[k], table) != DROP:
        russian, starred = russian or 0x410 <= src[k] < 0x450, starred or src[k] == STAR
        k += 1
    usual = folding.usual
    if k == hi:
        return int(fold_visible(src, lo, hi, russian, starred, out, begs, ends, table, usual))
    seen, where = without_invisible(src, lo, hi, table)
    for code in seen:
        russian, starred = russian or 0x410 <= code < 0x450, starred or code == STAR
    n = fold_visible(seen, 0, len(seen), russian, starred, out, begs, ends, table, usual)
    for k in range(n):
        begs[k], ends[k] = where[begs[k]], where[ends[k]]
    return int(n)


@inlined
def typed_at(src: Symbols, i: int, hi: int, code: int, kind: int, table: Table) -> tuple[int, int]:
    """Recognise what is written as one thing at `i`, of this code point and class: (end, token), or (i, 0)."""
    if kind == LETTER and code < 128:
        j, token = typed_end(src, i, hi)
        return j, token
    if code == AT:
        return handle_end(src, i, hi), HANDLE
    if code == PLUS or kind == DIGIT:
        j = phone_end(src, i, hi, table)
        if j > i:
            return j, PHONE
    if kind == DIGIT:
        j = date_end(src, i, hi)
        if j > i:
            return j, DATE
        if code < 128:
            j, token = typed_end(src, i, hi)
            return j, token
    return i, 0


@compiled
def fold_visible(
    src: Symbols,
    lo: int,
    hi: int,
    russian: bool,
    starred: bool,
    out: Symbols,
    begs: Symbols,
    ends: Symbols,
    table: Table,
    usual: Bytes,
) -> int:
    """Fold code points none of which is invisible, some of which are Cyrillic, or stars; see `fold_into`."""
    n = put_space(lo, 0, out, begs, ends)
    i, tag, apart, most_apart = lo, lo, 0, 0
    while i < hi:
        code = src[i]
        kind = class_of(code, table)
        before, whole = n, n
        j, token = typed_at(src, i, hi, code, kind, table)
        if j > i:
            n = put_sign(token, i, j, n, out, begs, ends)
        elif kind == LETTER:
            j, script, humps = word_end(src, i, hi, table)
            tagged = i < tag or (i > lo and src[i - 1] == HASH)
            if humps or tagged:
                tag = j if tagged else tag
                j = first_hump(src, i, j, tagged, table) if j - i <= MOST_AS_ONE else j
            m = fold_word(src, i, j, script, n, out, begs, ends, table)
            n = put_space(j, m, out, begs, ends) if m > n else n
            whole = n
            if script == 0 and may_be_cyrillic(src, i, j, russian, table):  # both readings count
                n = add_reading(src, i, j, before, n, out, begs, ends, table)
        elif kind == DIGIT:
            j, digits = number_end(src, i, hi, table)
            n = put_number(number_kind(src, lo, i, j, hi, digits, table), digits, i, j, False, n, out, begs, ends)
        elif kind == TOKEN and code >= SUM:
            j = i + 1
            while j < hi and src[j] == NUMBER:
                j += 1
            n = put_number(code, j - i - (code != NUMBER), i, j, True, n, out, begs, ends)
        elif kind == WORD:
            j = i + 1
            n = put_word(code, i, n, out, begs, ends, table)
        else:
            j = i + 1
            if kind == SIGN or kind == STOP or kind == TOKEN:
                n = put_sign(table[code, FIRST], i, j, n, out, begs, ends)
        if whole == n and 3 < n - before <= MAX_WORD:  # one word of three letters or more
            apart = 0
        elif n > before:
            apart = letters_in_a_row(apart, before, n, out)
            most_apart = max(most_apart, apart)
        i = j
    n = reveal(n, out, begs, ends, usual) if starred else n
    again = most_apart >= LEAST_APART
    while again:
        n, again = join_letters(n, out, begs, ends)
    return int(n)


@compiled
def room_for(src: Symbols, lo: int, hi: int, table: Table) -> int:
    """Upper bound of the symbols that code points `lo`..`hi` fold to, with a space after each.

    Letters that may be read in two scripts count twice, a number may have one symbol more than digits.
    """
    room = 3
    for k in range(lo, hi):
        room += 2 if src[k] >= SIZE else 2 * max(1, table[src[k], LENGTH]) + 2
    return room
