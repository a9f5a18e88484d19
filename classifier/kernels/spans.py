"""Evidence of one post in its text: the stretches that are worth showing, and where its cues stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.foldtable import Folding
from classifier.kernels.compiled import Symbols, allocating, compiled
from classifier.kernels.grams import Doubles, Gram
from classifier.kernels.reasons import explain_post

Places = npt.NDArray[np.int64]


@allocating
def explain_texts(
    src: Symbols,
    stops: Places,
    folding: Folding,
    patterns: Any,
    gram: Gram,
    model: Any,
    state: Any,
    windows: Symbols,
    points: Doubles,
    shares: Doubles,
    origin: Symbols,
    origin_ends: Symbols,
    mapped: Places,
    shown_from: float,
    likeness: Doubles,
) -> tuple[Symbols, Doubles, Places, Symbols, Places, Symbols]:
    """What `explain_post` finds in many posts, laid out as it is told.

    In one call: to hand over a post and take its arrays back costs as much as to explain a short one.

    Parameters
    ----------
    src : ndarray of uint32, shape (code points,)
        Composed texts end to end.
    stops : ndarray of int64, shape (posts,)
        Where each text stops.
    folding, patterns, gram, model, state, points, shares
        See `explain_post`.
    windows : ndarray of int32, shape (posts, labels, 2)
        See `explain_post`.
    origin, origin_ends : ndarray of int32
        For each code point of those texts that were composed, where what it was made of begins and ends in the text
        as given; end to end.
    mapped : ndarray of int64, shape (posts,)
        Where in `origin` a post's places begin; -1 for a text that was composed already.
    shown_from : float
        See `lay_out_spans`.
    likeness : ndarray of float64, shape (posts, categories)
        Gets the likelihood that each post as a whole belongs to each category.

    Returns
    -------
    spans : ndarray of int32, shape (n, 2)
        First and last + 1 code point of a stretch that is shown.
    values : ndarray of float64, shape (n,)
        Its part of the margin; parts of those not shown have no place in `spans`.
    rows : ndarray of int64, shape (posts, labels, 3)
        Where a label's values begin, how many are shown, and how many there are; those shown come first.
    stands : ndarray of int32, shape (cues, 5)
        Cue, first and last + 1 symbol, first and last + 1 code point.
    stand_stops : ndarray of int64, shape (posts,)
        Where each post's cues stop.
    covers : ndarray of int32, shape (posts, labels, 3)
        First and last + 1 code point of the window; for the whole post -1, -1. Then whether cues count there.
    """
    posts, labels = windows.shape[0], windows.shape[1]
    spans, values = np.empty((64 * posts + 1, 2), np.int32), np.empty(64 * posts + 1)
    stands, used, stood, start = np.empty((16 * posts + 1, 5), np.int32), 0, 0, 0
    rows, stand_stops = np.empty((posts, labels, 3), np.int64), np.empty(posts, np.int64)
    covers = np.empty((posts, labels, 3), np.int32)
    for post in range(posts):
        words, parts, plain, plain_parts, found, places, silent = explain_post(
            src[start : stops[post]], folding, patterns, gram, model, state, windows[post], points, shares,
            likeness[post],
        )  # fmt: skip
        start = stops[post]
        if stood + len(found) > len(stands):
            stands = longer(stands, stood + len(found))
        for k in range(len(found)):
            for column in range(3):
                stands[stood + k, column] = found[k, column]
            stands[stood + k, 3], stands[stood + k, 4] = places[0, found[k, 1]], places[1, found[k, 2] - 1]
        if mapped[post] >= 0:
            begs, ends = origin[mapped[post] :], origin_ends[mapped[post] :]
            to_text(words, 2, begs, ends)
            to_text(plain, 2, begs, ends)
            to_text(stands[stood : stood + len(found)], 3, begs, ends)
        stood += len(found)
        stand_stops[post] = stood
        most = labels * (len(words) + len(plain))
        if used + most > len(values):
            spans, values = longer(spans, used + most), longer_row(values, used + most)
        lay_out_spans(words, parts, plain, plain_parts, shown_from, spans, values, used, rows[post])
        used = rows[post, labels - 1, 0] + rows[post, labels - 1, 2]
        for label in range(labels):
            whole = windows[post, label, 0] == 0 and windows[post, label, 1] == places.shape[1]
            covers[post, label, 2] = not (whole and silent)
            covers[post, label, 0], covers[post, label, 1] = (
                (-1, -1) if whole else covered(words, windows[post, label, 0], windows[post, label, 1])
            )
    return spans[:used], values[:used], rows, stands[:stood], stand_stops, covers


@compiled
def covered(words: Symbols, a: int, b: int) -> tuple[int, int]:
    """First and last + 1 code point of the words inside a window of symbols."""
    beg, end = -1, 0
    for k in range(len(words)):
        if words[k, 0] > a and words[k, 1] < b:
            beg, end = words[k, 2] if beg < 0 else beg, words[k, 3]
    return max(beg, 0), end


@allocating
def longer(rows: Symbols, least: int) -> Symbols:
    """A copy with room for at least so many rows, and for as many again."""
    made = np.empty((2 * least, rows.shape[1]), np.int32)
    made[: len(rows)] = rows
    return made


@allocating
def longer_row(row: Doubles, least: int) -> Doubles:
    """A copy with room for at least so many values, and for as many again."""
    made = np.empty(2 * least)
    made[: len(row)] = row
    return made


@compiled
def to_text(rows: Symbols, column: int, begs: Symbols, ends: Symbols) -> None:
    """Let a column of first code points, and the next one of last ones, point into the text as given."""
    for k in range(len(rows)):
        rows[k, column], rows[k, column + 1] = begs[rows[k, column]], ends[rows[k, column + 1]]


@allocating
def lay_out_spans(
    words: Symbols,
    parts: Doubles,
    plain: Symbols,
    plain_parts: Doubles,
    shown_from: float,
    spans: Symbols,
    values: Doubles,
    first: int,
    rows: Places,
) -> None:
    """Merge words that stand on the same characters, and tell those worth showing from those too weak for it.

    Parameters
    ----------
    words, plain : ndarray of int32, shape (words, 4)
        First and last + 1 symbol, then first and last + 1 code point.
    parts, plain_parts : ndarray of float64, shape (labels, words)
        What each gives to each label's margin; words that give nothing are passed over.
    shown_from : float
        Share of the strongest part from which one is shown.
    spans, values, rows
        Filled as `explain_texts` gives them, from `first` on.
    """
    most = len(words) + len(plain)
    order = in_order(words, plain)
    begs, ends, merged = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most)
    for label in range(len(parts)):
        n, strongest, at = 0, 0.0, first
        for k in range(most):
            word = order[k]
            mine = word < len(words)
            part = parts[label, word] if mine else plain_parts[label, word - len(words)]
            if part == 0.0:
                continue
            beg = words[word, 2] if mine else plain[word - len(words), 2]
            end = words[word, 3] if mine else plain[word - len(words), 3]
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
                spans[at, 0], spans[at, 1], values[at] = begs[k], ends[k], merged[k]
                at += 1
        rows[label, 0], rows[label, 1], rows[label, 2] = first, at - first, n
        for k in range(n):
            if merged[k] == 0.0 or abs(merged[k]) < least:
                values[at] = merged[k]
                at += 1
        first = at


@allocating
def in_order(words: Symbols, plain: Symbols) -> Places:
    """Positions of words, and after them of `plain`, by their first and then their last code point."""
    keys = np.empty(len(words) + len(plain), np.int64)
    for k in range(len(words)):
        keys[k] = (np.int64(words[k, 2]) << 32) | np.int64(words[k, 3])
    for k in range(len(plain)):
        keys[len(words) + k] = (np.int64(plain[k, 2]) << 32) | np.int64(plain[k, 3])
    return np.argsort(keys, kind="mergesort")
