"""Score posts in one compiled call: fold, find cues, hash, add up, for the whole post and its windows."""

from __future__ import annotations

from typing import Final

import numpy as np

from classifier.foldtable import Folding
from classifier.kernels.ahead import fetch
from classifier.kernels.compiled import Symbols, allocating, compiled
from classifier.kernels.fold import fold_into
from classifier.kernels.grams import Doubles, Gram, add_up, list_buckets
from classifier.kernels.hashing import list_words, words_between
from classifier.kernels.kept import WAYS, Scratch, row_of
from classifier.kernels.letters import FULL_STOP, SPACE
from classifier.kernels.match import ROOM, START, Patterns, add_cues, find_cues
from classifier.kernels.odds import add_category_odds
from classifier.kernels.room import Room, make_room
from classifier.kernels.rows import KNOWN, SQUARE, SUMS, Weights
from classifier.kernels.tongue import Tongue, detect
from classifier.kernels.verbatim import lay_out_verbatim, place_of

WORDS, KNOWN_WORDS, LANGUAGE = range(3)  # columns of what is noted of a post besides its margins
QUESTION_MARK: Final = 63
# Windows of a long post, in folded symbols
LONG_POST, PIECE, WINDOW, LEAST_WINDOW = 600, 200, 400, 200


@compiled
def window_bounds(sym: Symbols, n: int, cuts: Symbols, bounds: Symbols) -> int:
    """Windows of a long post as rows (start, end) of `bounds`: overlapping runs of sentences; returns how many.

    There are none for a short post, and one counts as none. `cuts` is room for where sentences end.
    """
    if n <= LONG_POST:
        return 0
    count, last = 0, 0
    for i in range(n):
        if sym[i] != SPACE or i == n - 1:
            continue
        ended = i > 0 and (sym[i - 1] == FULL_STOP or sym[i - 1] == QUESTION_MARK)
        if i == 0 or (ended and i > last) or i - last >= PIECE:
            cuts[count], last = i, i
            count += 1
    cuts[count] = n - 1
    rows, p = 0, 0
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
    return rows if rows > 1 else 0


@allocating
def windows_of(sym: Symbols, n: int) -> Symbols:
    """Windows of one folded post, shape (windows, 2); see `window_bounds`."""
    bounds = np.empty((n // 2 + 1, 2), np.int32)
    return bounds[: window_bounds(sym, n, np.empty(n // 2 + 1, np.int32), bounds)]


@allocating
def is_long(sym: Symbols, n: int) -> bool:
    """Whether a folded post is scored in windows, and as a whole without its cues."""
    return len(windows_of(sym, n)) > 0


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
def read_post(
    src: Symbols, lo: int, hi: int, folding: Folding, gram: Gram, state: Scratch, room: Room
) -> tuple[int, int, int, int]:
    """Fold the post at `lo`..`hi`, list its words in `room`, and begin to fetch what is kept of them.

    Returns how many symbols and words there are, then how many of the post as it stands, where it is read so.
    """
    n, m, tokens, words = fold_into(src, lo, hi, room.sym, room.begs, room.ends, folding), 0, 0, room.words
    if gram.verbatim:
        m = lay_out_verbatim(src, lo, hi, room.plain, room.plain_begs, room.plain_ends, folding.table, folding.small)
        tokens = list_words(room.plain, m, room.tokens)
        list_buckets(room.plain, room.tokens, tokens, gram, state.counting, room.token_spots)
    count = list_words(room.sym, n, words)
    for w in range(count):
        fetch(state.keys, row_of(words.hashes[w], state.keys), 0)
        row = row_of(words.hashes[w], state.noted.keys)
        fetch(state.noted.keys, row, 0)
        fetch(state.noted.rows, WAYS * row, 0)
    list_buckets(room.sym, words, count, gram, state.counting, room.spots)
    return n, count, m, tokens


@compiled
def add_range(
    a: int, b: int, n: int, count: int, m: int, tokens: int, gram: Gram, model: Weights, state: Scratch, room: Room
) -> tuple[int, int]:
    """Add up the words in the symbols `a`..`b` in `room.sums`; returns how many there are, and how many are known.

    The post has `n` symbols and `count` words, and `m` and `tokens` where it is read as it stands too.
    """
    sums = room.sums
    sums[:] = 0.0
    first, last = words_between(a, b, room.words, count)
    words = add_up(room.sym, room.words, first, last, gram, model, state, room.spots, sums)
    known = int(sums[KNOWN])
    if gram.verbatim:
        c, d = same_range(a, b, n, room.begs, room.ends, room.plain, room.plain_begs, m)
        first, last = words_between(c, d, room.tokens, tokens)
        add_up(room.plain, room.tokens, first, last, gram, model, state, room.token_spots, sums)
    return words, known


@compiled
def score_post(
    n: int,
    count: int,
    m: int,
    tokens: int,
    found: Symbols,
    cues: int,
    gram: Gram,
    model: Weights,
    state: Scratch,
    room: Room,
    margins: Doubles,
    windows: Symbols,
) -> tuple[int, int]:
    """Highest margin of one post over the whole of it and its windows, per label; returns words and known words.

    A long text holds a few of every cue; put together from afar, they say nothing of it.
    """
    labels, head, best, sums = len(margins), SUMS + len(margins), room.best, room.sums
    rows, first, words, known = window_bounds(room.sym, n, room.cuts, room.bounds), 0, 0, 0
    for row in range(-1, rows):
        a, b = (0, n) if row < 0 else (room.bounds[row, 0], room.bounds[row, 1])
        some, learned = add_range(a, b, n, count, m, tokens, gram, model, state, room)
        if row < 0:
            words, known = some, learned
        norm = np.sqrt(sums[SQUARE])
        for label in range(labels):
            best[label] = model.bias[label] + (sums[SUMS + label] / norm if norm > 0 else 0.0)
        add_category_odds(sums[head:], norm, model, room.way, room.shares, best)
        while row >= 0 and first < cues and found[first, START] <= a:
            first += 1
        if cues > first and (row >= 0 or not rows):
            add_cues(a, b, found, first, cues, model.cue_weights, room.present, best)
        for label in range(labels):
            if row < 0 or best[label] > margins[label]:
                margins[label] = best[label]
                windows[label, 0], windows[label, 1] = a, b
    return words, known


@compiled
def score_some(
    post: int,
    src: Symbols,
    stops: Symbols,
    folding: Folding,
    patterns: Patterns,
    gram: Gram,
    model: Weights,
    state: Scratch,
    tongue: Tongue,
    room: Room,
    found: Symbols,
    margins: Doubles,
    windows: Symbols,
    notes: Symbols,
) -> tuple[int, int]:
    """Score posts from number `post` on; see `score_posts`.

    Returns the number of the post that has more cues than `found` has room for, and how many rows it needs; or how many
    posts there are, and 0.
    """
    sym, begs, ends, words = room.sym, room.begs, room.ends, room.words
    while post < len(stops):
        lo, hi = stops[post - 1] if post else 0, stops[post]
        n, count, m, tokens = read_post(src, lo, hi, folding, gram, state, room)
        notes[post, LANGUAGE] = detect(
            src, sym, begs, ends, words, count, tongue, state.voted, room.spoken, folding.table
        )
        cues = find_cues(sym, words, count, patterns, state.noted, room.fits, found)
        if cues > len(found):
            return post, cues
        notes[post, WORDS], notes[post, KNOWN_WORDS] = score_post(
            n, count, m, tokens, found, cues, gram, model, state, room, margins[post], windows[post]
        )
        post += 1
    return post, 0


@allocating
def score_posts(
    src: Symbols,
    stops: Symbols,
    folding: Folding,
    patterns: Patterns,
    gram: Gram,
    model: Weights,
    state: Scratch,
    tongue: Tongue,
    margins: Doubles,
    windows: Symbols,
    notes: Symbols,
) -> None:
    """Score posts laid end to end in `src`: highest margin over the whole post and its windows, per label.

    `margins` is (posts, labels); `windows` (posts, labels, 2) gets the symbols the highest margin came from, `notes`
    (posts, 3) the number of words, how many of them are known, and the language.
    """
    room = make_room(src, stops, folding.table, gram, model)
    found, post, more = np.empty(ROOM, np.int32), 0, 1
    while more:
        post, more = score_some(
            post, src, stops, folding, patterns, gram, model, state, tongue, room, found, margins, windows, notes
        )
        if more:
            found = np.empty((more, 3), np.int32)
