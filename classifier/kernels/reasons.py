"""Take the margins of one post apart: what each word, and each kind of post, has to do with them."""

from __future__ import annotations

import numpy as np

from classifier.foldtable import Folding
from classifier.kernels.compiled import Symbols, allocating
from classifier.kernels.grams import Doubles, Gram, share_out
from classifier.kernels.hashing import Words, words_between
from classifier.kernels.kept import Scratch
from classifier.kernels.match import Patterns, find_all
from classifier.kernels.odds import go_way, likelihoods_at, pull
from classifier.kernels.room import make_room
from classifier.kernels.rows import SPARE, SQUARE, SUMS, Weights
from classifier.kernels.score import add_range, read_post, same_range, window_bounds


@allocating
def explain_post(
    src: Symbols,
    folding: Folding,
    patterns: Patterns,
    gram: Gram,
    model: Weights,
    state: Scratch,
    windows: Symbols,
    points: Doubles,
    shares: Doubles,
    likeness: Doubles,
) -> tuple[Symbols, Doubles, Symbols, Doubles, Symbols, Symbols, bool]:
    """Parts of the margins that come from the words of a post's windows, one for each label.

    Parameters
    ----------
    windows : ndarray of int32, shape (labels, 2)
        Symbols from space to space that each label's margin came from.
    points, shares : ndarray of float64
        Rule of the integral along the way from an empty post, see `pull`.
    likeness : ndarray of float64, shape (categories,)
        Gets the likelihood that the post as a whole belongs to each category.

    Returns
    -------
    words : ndarray of int32, shape (words, 4)
        First and last + 1 symbol, then first and last + 1 code point of `src`.
    parts : ndarray of float64, shape (labels, words)
        What each word gives to each label's margin; 0 outside of the window.
    plain_words, plain_parts
        The same of the tokens that are laid out verbatim; none where posts are not read so.
    found : ndarray of int32, shape (cues, 3)
        The cues, see `find_cues`; places are symbols.
    places : ndarray of int32, shape (2, symbols)
        First and last + 1 code point of `src` that each symbol stands for.
    long : bool
        Whether cues do not count in the post as a whole, see `score_post`.
    """
    scale, bias = model.category_scale, model.category_bias
    of_label, weight = model.category_labels, model.category_weight
    labels, head, columns = len(windows), SUMS + len(windows), state.rows.shape[1]
    room = make_room(src, np.array([len(src)]), folding.table, gram, model)
    sym, words, plain, tokens = room.sym, room.words, room.plain, room.tokens
    n, count, m, some = read_post(src, 0, len(src), folding, gram, state, room)
    found = find_all(sym, words, count, patterns, state.noted, room.fits)
    factors, norm, sums, spare = np.zeros(columns), 0.0, room.sums, np.empty(columns + SPARE)
    part, plain_part = np.zeros((labels, count)), np.zeros((labels, some))
    a, b = -1, -1
    for label in range(-1, labels):
        if label < 0 or windows[label, 0] != a or windows[label, 1] != b:
            a, b = (0, n) if label < 0 else (windows[label, 0], windows[label, 1])
            add_range(a, b, n, count, m, some, gram, model, state, room)
            norm = np.sqrt(sums[SQUARE])
        if label < 0:
            go_way(sums[head:], norm, scale, room.way)
            likelihoods_at(room.way, 1.0, bias, likeness)
        elif norm > 0:
            factors[:] = 0.0
            pull(sums[head:], norm, scale, bias, of_label[:, label], weight, points, shares, factors[head:])
            factors[SUMS + label] = 1.0 / norm
            first, last = words_between(a, b, words, count)
            share_out(sym, words, first, last, factors, gram, model, state, room.spots, spare, part[label])
            if m:
                c, d = same_range(a, b, n, room.begs, room.ends, plain, room.plain_begs, m)
                first, last = words_between(c, d, tokens, some)
                share_out(
                    plain, tokens, first, last, factors, gram, model, state, room.token_spots, spare, plain_part[label]
                )
    places = np.empty((2, n), np.int32)
    places[0], places[1] = room.begs[:n], room.ends[:n]
    silent = window_bounds(sym, n, room.cuts, room.bounds) > 0
    plain_words = gather(tokens, some, room.plain_begs, room.plain_ends)
    return gather(words, count, room.begs, room.ends), part, plain_words, plain_part, found, places, silent


@allocating
def gather(words: Words, count: int, begs: Symbols, ends: Symbols) -> Symbols:
    """Words with the code points that they stand for."""
    rows = np.empty((count, 4), np.int32)
    for w in range(count):
        i, e = words.begins[w], words.stops[w]
        rows[w, 0], rows[w, 1], rows[w, 2], rows[w, 3] = i, e, begs[i], ends[e - 1]
    return rows
