"""Lay out the words and marks of a post as they stand, beside its skeleton: what folding takes away may matter too.

Every token stands between spaces, as in a skeleton, its symbols moved to where no code point is, so that no token is
ever taken for a word of the skeleton.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from classifier.foldtable import DIGIT, DROP, LETTER, SIZE, Table
from classifier.kernels.compiled import Symbols, allocating, compiled
from classifier.kernels.letters import MAX_WORD, SPACE, class_of, put_space

VERBATIM: Final = 1 << 21  # added to every symbol; code points end below
HASH, AT, UNDERSCORE, COLON, SLASH = (ord(char) for char in "#@_:/")
LOWER_H, LOWER_T, LOWER_P, LOWER_S = (ord(char) for char in "htps")
MOST_MARKS: Final = 4  # of one token; longer runs of marks are cut


@compiled
def is_blank(code: int) -> bool:
    """Whether a code point is white space."""
    if code <= SPACE or code == 0x85 or code == 0xA0:
        return True
    return bool(0x2000 <= code <= 0x200A or 0x2028 <= code <= 0x2029 or code in (0x1680, 0x202F, 0x205F, 0x3000))


@compiled
def in_word(code: int, table: Table) -> bool:
    """Whether a code point belongs to a word, not to a run of marks."""
    kind = class_of(code, table)
    return bool(kind == LETTER or kind == DIGIT or kind == DROP or code == UNDERSCORE)


@compiled
def small(code: int, lower: Symbols) -> int:
    """The small letter of a capital."""
    return int(lower[code] if code < SIZE else code)


@compiled
def is_address(src: Symbols, i: int, hi: int, lower: Symbols) -> bool:
    """Whether "http://" or "https://" starts at `i`."""
    if hi - i < 8 or small(src[i], lower) != LOWER_H or small(src[i + 3], lower) != LOWER_P:
        return False
    if small(src[i + 1], lower) != LOWER_T or small(src[i + 2], lower) != LOWER_T:
        return False
    k = i + 5 if small(src[i + 4], lower) == LOWER_S else i + 4
    return bool(src[k] == COLON and src[k + 1] == SLASH and src[k + 2] == SLASH)


@compiled
def host_stop(src: Symbols, i: int, hi: int) -> int:
    """Where the name of the host ends, of an address that starts at `i`."""
    slashes = 0
    while i < hi and not is_blank(src[i]):
        slashes += src[i] == SLASH
        if slashes == 3:
            break
        i += 1
    return i


@compiled
def token_stop(src: Symbols, i: int, hi: int, table: Table) -> int:
    """Where the word, name after @, #tag or run of marks that starts at `i` ends."""
    tag = (src[i] == HASH or src[i] == AT) and i + 1 < hi and in_word(src[i + 1], table)
    k = i + 1
    if tag or in_word(src[i], table):
        while k < hi and in_word(src[k], table):
            k += 1
        return k
    while k < hi and k - i < MOST_MARKS and not in_word(src[k], table) and not is_blank(src[k]):
        if (src[k] == HASH or src[k] == AT) and k + 1 < hi and in_word(src[k + 1], table):
            break
        k += 1
    return k


@compiled
def lay_out_verbatim(
    src: Symbols, lo: int, hi: int, sym: Symbols, begs: Symbols, ends: Symbols, table: Table, lower: Symbols
) -> int:
    """Lay out the tokens of `src[lo:hi]`; returns how many symbols there are, ``2 * (hi - lo) + 1`` at most.

    Of a link stands its host, since the rest is hardly ever seen again.
    """
    n, i = int(put_space(lo, 0, sym, begs, ends)), lo
    while i < hi:
        if is_blank(src[i]):
            i += 1
            continue
        address, first = is_address(src, i, hi, lower), n
        stop = host_stop(src, i, hi) if address else token_stop(src, i, hi, table)
        for k in range(i, min(stop, i + MAX_WORD)):
            if class_of(src[k], table) != DROP:
                sym[n], begs[n], ends[n] = VERBATIM + small(src[k], lower), k, k + 1
                n += 1
        if n > first:
            n = int(put_space(stop, n, sym, begs, ends))
        while address and stop < hi and not is_blank(src[stop]):
            stop += 1
        i = stop
    return n


@allocating
def room_verbatim(longest: int, gram: Any) -> tuple[Symbols, Symbols, Symbols]:
    """Room for the symbols of the longest post, and their places; none where posts are not read verbatim."""
    room = 2 * longest + 1 if gram.verbatim else 0
    return np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)


@compiled
def place_of(at: int, sym: Symbols, begs: Symbols, n: int) -> int:
    """The space before the first token that starts at or after the code point `at`."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if begs[middle] < at:
            low = middle + 1
        else:
            high = middle
    low = min(low, n - 1)
    if low > 0 and sym[low] != SPACE and sym[low - 1] == SPACE:
        return low - 1
    while sym[low] != SPACE:
        low += 1
    return low
