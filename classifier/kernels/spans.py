"""Evidence of one post in its text: the stretches that are worth showing, and where its cues stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.foldtable import Table
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.grams import Doubles, Gram
from classifier.kernels.reasons import explain_post

Places = npt.NDArray[np.int64]


@compiled
def explain_text(
    src: Symbols,
    table: Table,
    lower: Symbols,
    patterns: Any,
    gram: Gram,
    model: Any,
    state: Any,
    windows: Symbols,
    points: Doubles,
    shares: Doubles,
    likeness: Doubles,
    begs: Symbols,
    ends: Symbols,
    shown_from: float,
) -> tuple[Symbols, Symbols, Doubles, Symbols, Symbols, int, bool]:
    """What `explain_post` finds, laid out as it is told; one call, since each costs as much as some words.

    Parameters
    ----------
    src, table, lower, patterns, gram, model, state, windows, points, shares, likeness
        See `explain_post`.
    begs, ends : ndarray of int32
        For each code point of `src`, where what it was made of begins and ends in the text as given; empty when `src`
        is the text as given.
    shown_from : float
        See `lay_out_spans`.

    Returns
    -------
    words : ndarray of int32, shape (words, 4)
        First and last + 1 symbol, then first and last + 1 code point of the text.
    spans, values, counts
        See `lay_out_spans`.
    stands : ndarray of int32, shape (cues, 5)
        Cue, first and last + 1 symbol, first and last + 1 code point of the text.
    symbols : int
        Of the whole post.
    silent : bool
        Whether cues do not count in the post as a whole.
    """
    words, parts, plain, plain_parts, found, places, silent = explain_post(
        src, table, lower, patterns, gram, model, state, windows, points, shares, likeness
    )
    stands = np.empty((len(found), 5), np.int32)
    for k in range(len(found)):
        stands[k, :3] = found[k]
        stands[k, 3], stands[k, 4] = places[0, found[k, 1]], places[1, found[k, 2] - 1]
    if len(begs):
        to_text(words, 2, begs, ends)
        to_text(plain, 2, begs, ends)
        to_text(stands, 3, begs, ends)
    spans, values, counts = lay_out_spans(words, parts, plain, plain_parts, shown_from)
    return words, spans, values, counts, stands, places.shape[1], silent


@compiled
def to_text(rows: Symbols, column: int, begs: Symbols, ends: Symbols) -> None:
    """Let a column of first code points, and the next one of last ones, point into the text as given."""
    for k in range(len(rows)):
        rows[k, column], rows[k, column + 1] = begs[rows[k, column]], ends[rows[k, column + 1]]


@compiled
def lay_out_spans(
    words: Symbols, parts: Doubles, plain: Symbols, plain_parts: Doubles, shown_from: float
) -> tuple[Symbols, Doubles, Symbols]:
    """Merge words that stand on the same characters, and tell those worth showing from those too weak for it.

    Parameters
    ----------
    words, plain : ndarray of int32, shape (words, 4)
        First and last + 1 symbol, then first and last + 1 code point.
    parts, plain_parts : ndarray of float64, shape (labels, words)
        What each gives to each label's margin; words that give nothing are passed over.
    shown_from : float
        Share of the strongest part from which one is shown.

    Returns
    -------
    spans : ndarray of int32, shape (labels, words, 2)
        First and last + 1 code point of those shown, in the order of the text.
    values : ndarray of float64, shape (labels, words)
        Parts of those shown, and after them those of the others.
    counts : ndarray of int32, shape (labels, 2)
        How many are shown, and how many there are; the rest of each row is not filled.
    """
    labels, most = len(parts), len(words) + len(plain)
    order = in_order(words, plain)
    spans, counts = np.empty((labels, most, 2), np.int32), np.zeros((labels, 2), np.int32)
    values = np.empty((labels, most))
    begs, ends, merged = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most)
    for label in range(labels):
        n, strongest, shown = 0, 0.0, 0
        for k in range(most):
            at = order[k]
            mine = at < len(words)
            part = parts[label, at] if mine else plain_parts[label, at - len(words)]
            if part == 0.0:
                continue
            beg = words[at, 2] if mine else plain[at - len(words), 2]
            end = words[at, 3] if mine else plain[at - len(words), 3]
            if n and beg < ends[n - 1]:  # another reading of the same characters
                ends[n - 1] = max(end, ends[n - 1])
                merged[n - 1] += part
            else:
                begs[n], ends[n], merged[n] = beg, end, part
                n += 1
        for k in range(n):
            strongest = max(strongest, abs(merged[k]))
        least = shown_from * strongest
        for k in range(n):
            if merged[k] != 0.0 and abs(merged[k]) >= least:
                spans[label, shown, 0], spans[label, shown, 1], values[label, shown] = begs[k], ends[k], merged[k]
                shown += 1
        counts[label, 0], counts[label, 1] = shown, n
        for k in range(n):
            if merged[k] == 0.0 or abs(merged[k]) < least:
                values[label, shown] = merged[k]
                shown += 1
    return spans, values, counts


@compiled
def in_order(words: Symbols, plain: Symbols) -> Places:
    """Positions of words, and after them of `plain`, by their first and then their last code point."""
    keys = np.empty(len(words) + len(plain), np.int64)
    for k in range(len(words)):
        keys[k] = (np.int64(words[k, 2]) << 32) | np.int64(words[k, 3])
    for k in range(len(plain)):
        keys[len(words) + k] = (np.int64(plain[k, 2]) << 32) | np.int64(plain[k, 3])
    return np.argsort(keys, kind="mergesort")
