"""Typed things in a post: links, handles, phones, dates, sums, years, numbers: where each ends."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.foldtable import (
    CASE,
    CLASS,
    CURRENCY,
    DIGIT,
    FIRST,
    HANDLE,
    LETTER,
    LINK,
    NUMBER,
    SIGN,
    SIZE,
    SUM,
    UPPER,
    YEARS,
    Table,
)
from classifier.kernels.compiled import Symbols, compiled, inlined
from classifier.kernels.letters import class_of

MAX_LINK: Final = 300  # how far a link is looked for: bounds the time on text without blanks
# Top-level domains that make a link of "name.xx" without a scheme or a path, letters packed by five bits
NAMES: Final = "com org net info ru su ua by kz kg uz tj tm me gg io ly cc tv biz site shop club link"
DOMAINS = np.array(
    sorted(sum((ord(c) - 96) << (5 * place) for place, c in enumerate(name)) for name in NAMES.split()), np.int64
)

# What follows a number of money, or of years: the first letters of the word, packed
MONEY: Final = "руб тен тнг тыс тыщ дол бак евр гри сом сум сўм мың млн мил млр rub ten dol buc eur som sum usd mln tys"
AGES: Final = "лет год жас жаш ёш сол yea let jas yos"
LETTERS_OF_UNIT: Final = 3


def packed(words: str) -> npt.NDArray[np.int64]:
    """Sorted codes of the first letters of words."""
    codes = {sum(ord(c) << (16 * place) for place, c in enumerate(word[:LETTERS_OF_UNIT])) for word in words.split()}
    return np.array(sorted(codes), np.int64)


MONEY_UNITS, YEAR_UNITS = packed(MONEY), packed(AGES)


@compiled
def is_name(code: int) -> bool:
    """Whether an ASCII letter, digit or underscore."""
    return 48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122 or code == 95


@compiled
def token_end(src: Symbols, i: int, hi: int) -> int:
    """End of the run of visible ASCII without quotes or brackets, and without closing punctuation."""
    j = i
    hi = min(hi, i + MAX_LINK)
    while j < hi and 33 <= src[j] < 127 and src[j] != 34 and src[j] != 60 and src[j] != 62:
        j += 1
    while j > i and not is_name(src[j - 1]) and src[j - 1] != 47:
        j -= 1
    return j


@compiled
def is_host(src: Symbols, i: int, j: int) -> int:
    """0 no host name, 1 a host name, 2 a host name under a well-known top-level domain."""
    dot = -1
    for k in range(i, j):
        if src[k] == 46:
            if k == i or src[k - 1] == 46:
                return 0
            dot = k
        elif not is_name(src[k]) and src[k] != 45:
            return 0
    if dot < 0 or not 2 <= j - dot - 1 <= 6:
        return 0
    packed = 0
    for k in range(dot + 1, j):
        lower = src[k] | 32
        if not 97 <= lower <= 122:
            return 0
        packed += (lower - 96) << (5 * (k - dot - 1))
    return 2 if holds(DOMAINS, packed) else 1


@inlined
def may_be_typed(src: Symbols, i: int, hi: int) -> bool:
    """Whether a full stop, colon or @ stands in the run of visible ASCII at `i`, which most words are told by."""
    j, hi = i, min(hi, i + MAX_LINK)
    while j < hi and 33 <= src[j] < 127:
        if src[j] == 46 or src[j] == 58 or src[j] == 64:
            return True
        j += 1
    return False


@compiled
def typed_end(src: Symbols, i: int, hi: int) -> tuple[int, int]:
    """Recognise a link or a mail address at `i`: (end, token), or (i, 0)."""
    if not may_be_typed(src, i, hi):
        return i, 0
    j = token_end(src, i, hi)
    at, slash = -1, -1
    for k in range(i, j):
        if src[k] == 58 and k + 2 < j and src[k + 1] == 47 and src[k + 2] == 47 and k > i:
            return j, LINK
        if src[k] == 64 and at < 0:
            at = k
        if (src[k] == 47 or src[k] == 63) and slash < 0:
            slash = k
    if at > i:
        return (j, HANDLE) if is_host(src, at + 1, j) else (i, 0)
    host = is_host(src, i, slash if slash > 0 else j)
    return (j, LINK) if host == 2 or (host == 1 and slash > 0) else (i, 0)


@compiled
def handle_end(src: Symbols, i: int, hi: int) -> int:
    """End of an @handle at `i`, or `i`."""
    j = i + 1
    while j < hi and (is_name(src[j]) or 0x400 <= src[j] < 0x530):
        j += 1
    return j if j - i >= 3 else i


@compiled
def phone_end(src: Symbols, i: int, hi: int, table: Table) -> int:
    """End of a phone number at `i`, or `i`: 9 to 15 digits after a plus, or 10 and 11 in a phone's shape.

    A number may follow after a blank, so the phone ends after the last group of digits that fits.
    """
    plus = src[i] == 43
    j, digits, end, marks, gap = i + plus, 0, i, 0, 0
    trunk = j < hi and (src[j] == 55 or (src[j] == 56 and not plus))
    while j < hi and gap < 3 and digits < 16:
        code = src[j]
        j += 1
        if class_of(code, table) == DIGIT:
            digits, gap = digits + 1, 0
            if j == hi or class_of(src[j], table) != DIGIT:
                abroad = plus and not trunk and 9 <= digits <= 15
                if abroad or (trunk and digits == 11) or (not plus and digits == 10 and marks >= 2):
                    end = j
        elif code == 45 or code == 40 or code == 41:
            marks, gap = marks + 1, gap + 1
        elif code == 32 or code == 160:
            gap += 1
        else:
            break
    return end


@compiled
def number_end(src: Symbols, i: int, hi: int, table: Table) -> tuple[int, int]:
    """End of a number at `i`, thousands groups and decimals included, and its count of digits."""
    j, digits, groups = i, 0, 1
    while j < hi:
        start = j
        while j < hi and class_of(src[j], table) == DIGIT:
            j += 1
        digits += j - start
        code = src[j] if j < hi else 0
        grouped = code == 32 or code == 160 or code == 44 or code == 46 or code == 39 or code == 0x202F
        group = 0
        while grouped and j + 1 + group < hi and class_of(src[j + 1 + group], table) == DIGIT:
            group += 1
        if (group == 3 and digits <= 3 * groups) or (group > 0 and (code == 44 or code == 46)):
            j, groups = j + 1, groups + 1
        else:
            return j, digits
    return j, digits


@compiled
def digits_at(src: Symbols, i: int, hi: int) -> int:
    """How many ASCII digits stand at `i`."""
    j = i
    while j < hi and 48 <= src[j] <= 57:
        j += 1
    return j - i


@compiled
def date_end(src: Symbols, i: int, hi: int) -> int:
    """End of a date at `i`, or `i`: 12.05.2024, 12/05/24, 2024-05-12."""
    first = digits_at(src, i, hi)
    if not (first == 1 or first == 2 or first == 4) or i + first >= hi:
        return i
    mark = src[i + first]
    if mark != 46 and mark != 47 and mark != 45:
        return i
    j = i + first + 1
    second = digits_at(src, j, hi)
    if not (second == 1 or second == 2) or j + second >= hi or src[j + second] != mark:
        return i
    j += second + 1
    third = digits_at(src, j, hi)
    fits = third == 2 or (third == 4 and first < 4) or (third == 1 and first == 4)
    return j + third if fits else i


@compiled
def unit_after(src: Symbols, j: int, hi: int, table: Table) -> int:
    """Packed first letters of the word that follows a number at once or after a blank; 0 for none."""
    if j < hi and (src[j] == 32 or src[j] == 160):
        j += 1
    code, place = 0, 0
    while j < hi and place < LETTERS_OF_UNIT:
        letter = src[j]
        if letter >= SIZE or table[letter, CLASS] != LETTER or letter >= 1 << 16:
            break
        if table[letter, CASE] == UPPER:  # of the letters that units are made of, small ones are 32 further
            letter += 80 if 0x400 <= letter < 0x410 else 32
        code |= letter << (16 * place)
        j, place = j + 1, place + 1
    return code


@compiled
def holds(codes: npt.NDArray[np.int64], code: int) -> bool:
    where = np.searchsorted(codes, code)
    return bool(where < len(codes) and codes[where] == code)


@compiled
def number_kind(src: Symbols, lo: int, i: int, j: int, hi: int, digits: int, table: Table) -> int:
    """What the number at `i`..`j` of the text at `lo`..`hi` counts: `SUM`, `YEARS` or just `NUMBER`."""
    k = j + 1 if j < hi and (src[j] == 32 or src[j] == 160) else j
    if (i > lo and is_currency(src[i - 1], table)) or (k < hi and is_currency(src[k], table)):
        return SUM
    unit = unit_after(src, j, hi, table)
    if not unit:
        return NUMBER
    if holds(MONEY_UNITS, unit):
        return SUM
    return YEARS if digits <= 2 and holds(YEAR_UNITS, unit) else NUMBER


@compiled
def is_currency(code: int, table: Table) -> bool:
    if code >= SIZE or table[code, CLASS] != SIGN:
        return False
    return bool(table[code, FIRST] == CURRENCY)
