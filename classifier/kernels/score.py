"""Score posts in one compiled call: fold, find cues, hash, add up, for the whole post and its windows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from classifier.foldtable import Table
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.fold import fold_into, room_for
from classifier.kernels.grams import KNOWN, SQUARE, SUMS, Gram, add_up
from classifier.kernels.letters import FULL_STOP, SPACE
from classifier.kernels.match import ROOM, START, add_cues, find_cues
from classifier.kernels.odds import add_category_odds
from classifier.kernels.tongue import detect
from classifier.kernels.verbatim import lay_out_verbatim, place_of, room_verbatim

WORDS, KNOWN_WORDS, LANGUAGE = range(3)  # columns of what is noted of a post besides its margins
QUESTION_MARK: Final = 63
# Windows of a long post, in folded symbols
LONG_POST, PIECE, WINDOW, LEAST_WINDOW = 600, 200, 400, 200


@compiled
def window_bounds(sym: Symbols, n: int) -> Symbols:
    """Windows of a long post as rows (start, end): overlapping runs of sentences, none for a short post."""
    if n <= LONG_POST:
        return np.empty((0, 2), np.int32)
    cuts, count, last = np.empty(n, np.int32), 0, 0
    for i in range(n):
        if sym[i] != SPACE or i == n - 1:
            continue
        ended = i > 0 and (sym[i - 1] == FULL_STOP or sym[i - 1] == QUESTION_MARK)
        if i == 0 or (ended and i > last) or i - last >= PIECE:
            cuts[count], last = i, i
            count += 1
    cuts[count] = n - 1
    bounds, rows, p = np.empty((count, 2), np.int32), 0, 0
    while p < count:
        q = p + 1
        while q < count and cuts[q + 1] - cuts[p] <= WINDOW:
            q += 1
        if rows and cuts[q] - cuts[p] < LEAST_WINDOW:
            bounds[rows - 1, 1] = cuts[q] + 1
        else:
            bounds[rows, 0], bounds[rows, 1] = cuts[p], cuts[q] + 1
            rows += 1
        if q == count:
            break
        middle = cuts[p] + (cuts[q] - cuts[p]) // 2
        p += 1
        while cuts[p] < middle:
            p += 1
    return bounds[:rows]


@compiled
def is_long(sym: Symbols, n: int) -> bool:
    """Whether a folded post is scored in windows, and as a whole without its cues.

    A long text holds a few of every cue; put together from afar, they say nothing of it.
    """
    return len(window_bounds(sym, n)) > 1


@compiled
def same_range(
    a: int, b: int, n: int, begs: Symbols, ends: Symbols, plain: Symbols, plain_begs: Symbols, m: int
) -> tuple[int, int]:
    """Where the tokens stand that are laid out verbatim in the first `m` of `plain` and folded in `a`..`b` of `n`."""
    if a == 0 and b == n:
        return 0, m
    start, end = place_of(begs[a + 1], plain, plain_begs, m), place_of(ends[b - 2], plain, plain_begs, m)
    return start, end + 1


@compiled
def score_posts(
    src: Symbols,
    stops: Any,
    table: Table,
    lower: Symbols,
    patterns: Any,
    gram: Gram,
    model: Any,
    state: Any,
    tongue: Any,
    margins: Any,
    windows: Any,
    notes: Symbols,
) -> None:
    """Score posts laid end to end in `src`: highest margin over the whole post and its windows, per label.

    `margins` is (posts, labels); `windows` (posts, labels, 2) gets the symbols the highest margin came from, `notes`
    (posts, 3) the number of words, how many of them are known, and the language.
    """
    base, categories, bias, labels = model.base, model.category_weights, model.bias, margins.shape[1]
    scale, category_bias, of_label = model.category_scale, model.category_bias, model.category_labels
    weight, cue_weights = model.category_weight, model.cue_weights
    seen, touched, inside, occ, keys, rows = state.seen, state.touched, state.inside, state.occ, state.keys, state.rows
    first_label, room, longest, lo = SUMS + categories.shape[1], 0, 0, 0
    for post in range(len(stops)):
        room, longest = max(room, room_for(src, lo, stops[post], table)), max(longest, stops[post] - lo)
        lo = stops[post]
    plain, plain_begs, plain_ends = room_verbatim(longest, gram)
    sym, begs, ends = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    found, best, sums = np.empty(ROOM, np.int32), np.empty(labels), np.empty(rows.shape[1])
    lo, filled = 0, state.filled
    for post in range(len(stops)):
        n, m = fold_into(src, lo, stops[post], sym, begs, ends, table), 0
        if gram.verbatim:
            m = lay_out_verbatim(src, lo, stops[post], plain, plain_begs, plain_ends, table, lower)
        lo = stops[post]
        cues, found = find_cues(sym, n, patterns, filled, found)
        notes[post, LANGUAGE] = detect(src, sym, begs, ends, n, tongue, table)
        bounds, first = window_bounds(sym, n), 0
        long = len(bounds) > 1
        for row in range(-1, len(bounds) if long else 0):
            a, b = (0, n) if row < 0 else (bounds[row, 0], bounds[row, 1])
            sums[:] = 0.0
            words = add_up(sym, a, b, gram, base, categories, seen, touched, inside, occ, keys, rows, sums)
            known = int(sums[KNOWN])
            if gram.verbatim:
                c, d = same_range(a, b, n, begs, ends, plain, plain_begs, m)
                add_up(plain, c, d, gram, base, categories, seen, touched, inside, occ, keys, rows, sums)
            norm = np.sqrt(sums[SQUARE])
            for label in range(labels):
                best[label] = bias[label] + (sums[first_label + label] / norm if norm > 0 else 0.0)
            add_category_odds(sums[SUMS:], norm, scale, category_bias, of_label, weight, best)
            while row >= 0 and first < cues and found[first, START] <= a:
                first += 1
            if cues > first and (row >= 0 or not long):
                add_cues(a, b, found, first, cues, cue_weights, best)
            if row < 0:
                notes[post, WORDS], notes[post, KNOWN_WORDS] = words, known
            for label in range(labels):
                if row < 0 or best[label] > margins[post, label]:
                    margins[post, label] = best[label]
                    windows[post, label, 0], windows[post, label, 1] = a, b
