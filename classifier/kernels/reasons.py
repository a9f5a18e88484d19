"""Take the margins of one post apart: what each word, and each kind of post, has to do with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from classifier.foldtable import Table
from classifier.kernels.compiled import Symbols, compiled
from classifier.kernels.fold import fold_into, room_for
from classifier.kernels.grams import SQUARE, SUMS, Doubles, Gram, add_up, share_out
from classifier.kernels.letters import SPACE, word_stop
from classifier.kernels.match import ROOM, find_cues
from classifier.kernels.odds import go_way, likelihoods_at, pull
from classifier.kernels.score import is_long, same_range
from classifier.kernels.verbatim import lay_out_verbatim, room_verbatim


@compiled
def explain_post(
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
        Whether cues do not count in the post as a whole, see `is_long`.
    """
    base, categories, scale, bias = model.base, model.category_weights, model.category_scale, model.category_bias
    of_label, weight, labels = model.category_labels, model.category_weight, len(windows)
    seen, touched, inside, occ, keys, rows = state.seen, state.touched, state.inside, state.occ, state.keys, state.rows
    room = room_for(src, 0, len(src), table)
    sym, places = np.empty(room, np.int32), np.empty((2, room), np.int32)
    n = fold_into(src, 0, len(src), sym, places[0], places[1], table)
    count, found = find_cues(sym, n, patterns, state.filled, np.empty(ROOM, np.int32))
    plain, begs, ends = room_verbatim(len(src), gram)
    m = lay_out_verbatim(src, 0, len(src), plain, begs, ends, table, lower) if gram.verbatim else 0
    sums, factors = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    part, plain_part = np.zeros((labels, n)), np.zeros((labels, m))
    add_up(sym, 0, n, gram, base, categories, seen, touched, inside, occ, keys, rows, sums)
    if m:
        add_up(plain, 0, m, gram, base, categories, seen, touched, inside, occ, keys, rows, sums)
    norm, first_label = np.sqrt(sums[SQUARE]), SUMS + categories.shape[1]
    way = np.empty(len(likeness))
    go_way(sums[SUMS:], norm, scale, way)
    likelihoods_at(way, 1.0, bias, likeness)
    a, b, c, d = 0, n, 0, m
    for label in range(labels):
        if windows[label, 0] != a or windows[label, 1] != b:
            a, b = windows[label, 0], windows[label, 1]
            sums[:] = 0.0
            add_up(sym, a, b, gram, base, categories, seen, touched, inside, occ, keys, rows, sums)
            if m:
                c, d = same_range(a, b, n, places[0], places[1], plain, begs, m)
                add_up(plain, c, d, gram, base, categories, seen, touched, inside, occ, keys, rows, sums)
            norm = np.sqrt(sums[SQUARE])
        if norm > 0:
            factors[:] = 0.0
            pull(sums[SUMS:], norm, scale, bias, of_label[:, label], weight, points, shares, factors[SUMS:])
            factors[first_label + label] = 1.0 / norm
            share_out(sym, a, b, factors, gram, base, categories, seen, touched, inside, occ, keys, rows, part[label])
            if m:
                mine = plain_part[label]
                share_out(plain, c, d, factors, gram, base, categories, seen, touched, inside, occ, keys, rows, mine)
    words, parts = gather(sym, n, part, places[0], places[1])
    plain_words, plain_parts = gather(plain, m, plain_part, begs, ends)
    return words, parts, plain_words, plain_parts, found[:count], places[:, :n], is_long(sym, n)


@compiled
def gather(sym: Symbols, n: int, part: Doubles, begs: Symbols, ends: Symbols) -> tuple[Symbols, Doubles]:
    """Words with their places, and the parts that stand at their first symbols."""
    number = 0
    for k in range(n):
        number += sym[k] == SPACE
    words, parts, w, i = np.empty((number, 4), np.int32), np.empty((len(part), number)), 0, 1
    while i < n:
        e = word_stop(sym, i)
        words[w, 0], words[w, 1], words[w, 2], words[w, 3] = i, e, begs[i], ends[e - 1]
        for label in range(len(part)):
            parts[label, w] = part[label, i]
        w, i = w + 1, e + 1
    return words[:w], parts[:, :w]
