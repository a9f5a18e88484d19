"""Score posts in one compiled call: fold, find cues, hash, add up, for the whole post and its windows."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.fold import fold_into, room_for
from classifier.kernels.grams import FULL_STOP, Gram, add_up
from classifier.kernels.letters import SPACE
from classifier.kernels.match import find_cues
from classifier.kernels.odds import add_category_odds

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
def range_margins(
    sym: Symbols,
    a: int,
    b: int,
    found: Symbols,
    first: int,
    cues: int,
    gram: Gram,
    model: Any,
    state: Any,
    sums: Any,
    margins: Any,
) -> None:
    """Margins per label of the symbols `a`..`b`, cues lying wholly inside included; none before `first` does."""
    norm, labels = add_up(sym, a, b, gram, model, state, sums), len(margins)
    for label in range(labels):
        margins[label] = sums[label] / norm if norm > 0 else 0.0
        margins[label] += model.bias[label]
    add_category_odds(sums[labels:], norm, model, margins)
    present = np.zeros(model.cue_weights.shape[0], np.bool_)
    for k in range(first, cues):
        if found[k, 1] >= b:
            break
        if found[k, 1] > a and found[k, 2] < b and not present[found[k, 0]]:
            present[found[k, 0]] = True
            for label in range(len(margins)):
                margins[label] += model.cue_weights[found[k, 0], label]


@compiled
def score_posts(
    src: Symbols, stops: Any, table: Any, trie: Any, gram: Gram, model: Any, state: Any, margins: Any, windows: Any
) -> None:
    """Score posts laid end to end in `src`: highest margin over the whole post and its windows, per label.

    `margins` is (posts, labels); `windows` (posts, labels, 2) gets the symbols the highest margin came from.
    """
    room, lo = 0, 0
    for post in range(len(stops)):
        room, lo = max(room, room_for(src, lo, stops[post], table)), stops[post]
    sym, begs, ends = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    found = np.empty((64, 3), np.int32)
    best, sums = np.empty(margins.shape[1]), np.empty(margins.shape[1] + model.category_weights.shape[1])
    lo = 0
    for post in range(len(stops)):
        n = fold_into(src, lo, stops[post], sym, begs, ends, table)
        lo = stops[post]
        cues, found = find_cues(sym, n, trie, found)
        range_margins(sym, 0, n, found, 0, cues, gram, model, state, sums, margins[post])
        windows[post, :, 0], windows[post, :, 1] = 0, n
        bounds, first = window_bounds(sym, n), 0
        for row in range(len(bounds)):
            while first < cues and found[first, 1] <= bounds[row, 0]:
                first += 1
            range_margins(sym, bounds[row, 0], bounds[row, 1], found, first, cues, gram, model, state, sums, best)
            for label in range(len(best)):
                if best[label] > margins[post, label]:
                    margins[post, label] = best[label]
                    windows[post, label, 0], windows[post, label, 1] = bounds[row, 0], bounds[row, 1]
