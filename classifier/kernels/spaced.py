"""Letters written apart, "в с т у п а й" or "в.с.т.у.п.а.й": joined again in the skeleton."""

from __future__ import annotations

from typing import Final

from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.letters import (
    FULL_STOP,
    MAX_WORD,
    close_word,
    is_one_letter,
    is_plain,
    push,
    put_space,
    word_stop,
)

LEAST_APART: Final = 4  # fewer single letters in a row are words of one letter, or initials


@compiled
def letters_apart(at: int, n: int, out: Symbols) -> tuple[int, int]:
    """End of the run of single letters at `at`, single full stops between them skipped, and their number."""
    count, stop = 0, at
    while at < n:
        end = word_stop(out, at)
        if count and end - at == 1 and out[at] == FULL_STOP:
            at = end + 1
            if at >= n:
                break
            end = word_stop(out, at)
        if not is_one_letter(at, end, out) or not is_plain(out[at]):
            break
        count, stop = count + 1, end
        at = end + 1
    return stop, count


@compiled
def join_letters(n: int, out: Symbols, begs: Symbols, ends: Symbols) -> tuple[int, bool]:
    """Join single letters that stand apart, in place; returns the new length and whether there were any.

    Where some gaps are wider than the narrowest, words end there.
    """
    at, to, joined = 1, 1, False
    while at < n:
        stop, count = letters_apart(at, n, out)
        if count < LEAST_APART:
            end = word_stop(out, at)
            while at <= end and at < n:
                out[to], begs[to], ends[to] = out[at], begs[at], ends[at]
                to, at = to + 1, at + 1
            continue
        joined = True
        narrow = narrowest(at, stop, out, begs, ends)
        first, before = to, -1
        while at < stop:
            end = word_stop(out, at)
            if out[at] != FULL_STOP:
                if (before >= 0 and begs[at] - before > narrow) or to - first + 2 > MAX_WORD:
                    to = put_space(begs[at], close_word(first, to, out, begs, ends), out, begs, ends)
                    first = to
                before = ends[end - 1]
                for k in range(at, end):
                    to = push(out[k], begs[k], ends[k], first, to, out, begs, ends)
            at = end + 1
        to = put_space(before, close_word(first, to, out, begs, ends), out, begs, ends)
    return to, joined


@compiled
def narrowest(at: int, stop: int, out: Symbols, begs: Symbols, ends: Symbols) -> int:
    """The smallest distance in the text between neighbouring letters of a run."""
    least, before = 1 << 30, -1
    while at < stop:
        end = word_stop(out, at)
        if out[at] != FULL_STOP:
            if before >= 0:
                least = min(least, begs[at] - before)
            before = ends[end - 1]
        at = end + 1
    return least
