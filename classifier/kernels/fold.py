"""Fold a post: words of the Latin skeleton between single spaces, with the place of each symbol."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from classifier.foldtable import DIGIT, DROP, HANDLE, LETTER, NUMBER, PHONE, SIGN, SIZE, STOP, TOKEN
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.letters import SPACE, class_of, fold_word, put_space, word_end
from classifier.kernels.typed import handle_end, number_end, phone_end, typed_end

MAX_DIGITS: Final = 7  # longer numbers look alike


@compiled
def put_sign(symbol: int, i: int, j: int, n: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """Write a sign as a word of its own, once however often it is repeated."""
    if n >= 2 and out[n - 2] == symbol and (n < 3 or out[n - 3] == SPACE):
        ends[n - 2] = j
        begs[n - 1], ends[n - 1] = j, j
        return n
    out[n], begs[n], ends[n] = symbol, i, j
    return int(put_space(j, n + 1, out, begs, ends))


@compiled
def without_invisible(src: Symbols, lo: int, hi: int, table: Any) -> tuple[Symbols, Symbols]:
    """The code points of `lo`..`hi` that can be seen, and where each stands, with `hi` after the last."""
    seen, where, n = np.empty(hi - lo, np.int32), np.empty(hi - lo + 1, np.int32), 0
    for k in range(lo, hi):
        if class_of(src[k], table.klass) != DROP:
            seen[n], where[n] = src[k], k
            n += 1
    where[n] = hi
    return seen[:n], where[: n + 1]


@compiled
def fold_into(src: Symbols, lo: int, hi: int, out: Symbols, begs: Symbols, ends: Symbols, table: Any) -> int:
    """Fold code points `lo`..`hi` into words between single spaces; returns how many symbols were written.

    `begs` and `ends` hold, for each symbol, the code points of `src` that it stands for. What cannot be seen is
    taken away first, so that it splits no handle, link or number either.
    """
    k = lo
    while k < hi and class_of(src[k], table.klass) != DROP:
        k += 1
    if k == hi:
        return int(fold_visible(src, lo, hi, out, begs, ends, table))
    seen, where = without_invisible(src, lo, hi, table)
    n = fold_visible(seen, 0, len(seen), out, begs, ends, table)
    for k in range(n):
        begs[k], ends[k] = where[begs[k]], where[ends[k]]
    return int(n)


@compiled
def fold_visible(src: Symbols, lo: int, hi: int, out: Symbols, begs: Symbols, ends: Symbols, table: Any) -> int:
    """Fold code points none of which is invisible; see `fold_into`."""
    n = put_space(lo, 0, out, begs, ends)
    i = lo
    while i < hi:
        code = src[i]
        kind = class_of(code, table.klass)
        j, token = i, 0
        if kind == LETTER and code < 128:
            j, token = typed_end(src, i, hi)
        elif code == 64:
            j, token = handle_end(src, i, hi), HANDLE
        elif code == 43 or kind == DIGIT:
            j, token = phone_end(src, i, hi, table.klass), PHONE
            if j == i and kind == DIGIT and code < 128:
                j, token = typed_end(src, i, hi)
        if j > i:
            n = put_sign(token, i, j, n, out, begs, ends)
        elif kind == LETTER:
            j, script = word_end(src, i, hi, table)
            m = fold_word(src, i, j, script, n, out, begs, ends, table)
            n = put_space(j, m, out, begs, ends) if m > n else n
        elif kind == DIGIT:
            j, digits = number_end(src, i, hi, table.klass)
            for _ in range(min(digits, MAX_DIGITS)):
                out[n], begs[n], ends[n] = NUMBER, i, j
                n += 1
            n = put_space(j, n, out, begs, ends)
        elif kind == TOKEN and code == NUMBER:
            while j < hi and src[j] == NUMBER:
                if j - i < MAX_DIGITS:
                    out[n], begs[n], ends[n] = NUMBER, j, j + 1
                    n += 1
                j += 1
            n = put_space(j, n, out, begs, ends)
        else:
            j = i + 1
            if kind == SIGN or kind == STOP or kind == TOKEN:
                n = put_sign(table.pool[table.first[code]], i, j, n, out, begs, ends)
        i = j
    return int(n)


@compiled
def room_for(src: Symbols, lo: int, hi: int, table: Any) -> int:
    """Upper bound of the symbols that code points `lo`..`hi` fold to: each its own, and a space after it."""
    room = 2
    for k in range(lo, hi):
        room += 2 if src[k] >= SIZE else max(1, table.length[src[k]]) + 1
    return room
