"""Typed things in a post: links, handles, phone numbers, numbers. They become one symbol each."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.foldtable import DIGIT, HANDLE, LINK
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.letters import class_of

MAX_LINK: Final = 300  # how far a link is looked for: bounds the time on text without blanks
# Top-level domains that make a link of "name.xx" without a scheme or a path, letters packed by five bits
NAMES: Final = "com org net info ru su ua by kz kg uz tj tm me gg io ly cc tv biz site shop club link"
DOMAINS = np.array(
    sorted(sum((ord(c) - 96) << (5 * place) for place, c in enumerate(name)) for name in NAMES.split()), np.int64
)


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
    where = np.searchsorted(DOMAINS, packed)
    return 2 if where < len(DOMAINS) and DOMAINS[where] == packed else 1


@compiled
def typed_end(src: Symbols, i: int, hi: int) -> tuple[int, int]:
    """Recognise a link or a mail address at `i`: (end, token), or (i, 0)."""
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
def phone_end(src: Symbols, i: int, hi: int, klass: npt.NDArray[np.uint8]) -> int:
    """End of a phone number at `i`, or `i`: 9 to 15 digits after a plus, or 10 and 11 in a phone's shape.

    A number may follow after a blank, so the phone ends after the last group of digits that fits.
    """
    plus = src[i] == 43
    j, digits, end, marks, gap = i + plus, 0, i, 0, 0
    trunk = j < hi and (src[j] == 55 or (src[j] == 56 and not plus))
    while j < hi and gap < 3 and digits < 16:
        code = src[j]
        j += 1
        if class_of(code, klass) == DIGIT:
            digits, gap = digits + 1, 0
            if j == hi or class_of(src[j], klass) != DIGIT:
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
def number_end(src: Symbols, i: int, hi: int, klass: npt.NDArray[np.uint8]) -> tuple[int, int]:
    """End of a number at `i`, thousands groups and decimals included, and its count of digits."""
    j, digits = i, 0
    while j < hi:
        start = j
        while j < hi and class_of(src[j], klass) == DIGIT:
            j += 1
        digits += j - start
        code = src[j] if j < hi else 0
        grouped = code == 32 or code == 160 or code == 44 or code == 46 or code == 39 or code == 0x202F
        group = 0
        while grouped and j + 1 + group < hi and class_of(src[j + 1 + group], klass) == DIGIT:
            group += 1
        if group == 3 or (group > 0 and (code == 44 or code == 46)):
            j += 1
        else:
            return j, digits
    return j, digits
