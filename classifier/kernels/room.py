"""Room for one post at a time: made once for many posts, for the longest of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from classifier.foldtable import Table
from classifier.kernels.compiled import Symbols, allocating
from classifier.kernels.fold import room_for
from classifier.kernels.grams import Doubles, Gram, Spots, room_for_spots
from classifier.kernels.hashing import Words, room_for_words
from classifier.kernels.match import Bools, Fits, room_for_fits
from classifier.kernels.rows import SPARE, SUMS, Weights, filled_up
from classifier.kernels.tongue import Spoken, room_to_speak
from classifier.kernels.verbatim import room_verbatim


class Room(NamedTuple):
    """What is found out about a post on the way to its margins.

    Parameters
    ----------
    sym, begs, ends : ndarray of int32
        See `fold_into`.
    words : Words
        Words of the folded post.
    plain, plain_begs, plain_ends : ndarray of int32
        See `lay_out_verbatim`; empty where posts are not read so.
    tokens : Words
        Words of the post as it stands.
    fits : Fits
        What its words may stand for in cues.
    spots, token_spots : Spots
        Where what words and tokens give stands.
    spoken : Spoken
        For the search for the language.
    cuts : ndarray of int32
        Where windows may begin and end.
    bounds : ndarray of int32, shape (windows, 2)
        See `window_bounds`.
    present : ndarray of bool, shape (cues,)
        See `add_cues`.
    way, shares : ndarray of float64, shape (categories,)
        See `add_category_odds`.
    best : ndarray of float64, shape (labels,)
        Margins.
    sums : ndarray of float64, shape (columns + SPARE,)
        See `add_up`.
    """

    sym: Symbols
    begs: Symbols
    ends: Symbols
    words: Words
    plain: Symbols
    plain_begs: Symbols
    plain_ends: Symbols
    tokens: Words
    fits: Fits
    spots: Spots
    token_spots: Spots
    spoken: Spoken
    cuts: Symbols
    bounds: Symbols
    present: Bools
    way: Doubles
    shares: Doubles
    best: Doubles
    sums: Doubles


@allocating
def make_room(
    src: Symbols,
    stops: Symbols,
    table: Table,
    gram: Gram,
    model: Weights,
) -> Room:
    """Room for the longest of the posts that are laid end to end in `src`."""
    kinds, labels = len(model.category_scale), len(model.bias)
    size, longest, lo = 0, 0, 0
    for post in range(len(stops)):
        size, longest = max(size, room_for(src, lo, stops[post], table)), max(longest, stops[post] - lo)
        lo = stops[post]
    plain, plain_begs, plain_ends = room_verbatim(longest, gram)
    return Room(
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        room_for_words(size),
        plain,
        plain_begs,
        plain_ends,
        room_for_words(len(plain)),
        room_for_fits(size),
        room_for_spots(size // 2),
        room_for_spots(len(plain) // 2),
        room_to_speak(size // 2),
        np.empty(size // 2 + 1, np.int32),
        np.empty((size // 2 + 1, 2), np.int32),
        np.zeros(len(model.cue_weights), np.bool_),
        np.empty(kinds),
        np.empty(kinds),
        np.empty(labels),
        np.empty(filled_up(SUMS + labels + kinds) + SPARE),
    )
