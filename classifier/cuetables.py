"""Patterns of cues as the tables that the compiled search reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.blocks import together
from classifier.kernels.compiled import Symbols
from classifier.kernels.kept import Hashes
from classifier.kernels.lookup import addresses
from classifier.kernels.match import ALONE, ANY, BITS, PLACE, Bits, Patterns

Places = npt.NDArray[np.int64]
KINDS: Final = {  # dtype and dimensions of what a file holds of `Patterns`
    "keys": ("uint64", 1),
    "entries": ("int32", 1),
    "stem_keys": ("uint64", 1),
    "stem_entries": ("int32", 1),
    "spans": ("int32", 2),
    "neighbours": ("uint64", 2),
    "choices": ("int32", 2),
    "members": ("int32", 1),
}
SPANS, NEIGHBOURS = 4, 4  # columns


class Word(NamedTuple):
    """One word of a pattern in the skeleton; `stem` when any ending may follow."""

    symbols: tuple[int, ...]
    stem: bool


Pattern = tuple[frozenset[Word], ...]


class Laid(NamedTuple):
    """Patterns one after another, with a place for each of their words.

    Parameters
    ----------
    firsts, lasts : ndarray of int64, shape (places,)
        First and last place of the pattern that a place belongs to.
    cues : ndarray of int64, shape (places,)
        The cue that it belongs to.
    choices : ndarray of int64, shape (places,)
        Which set of entries may stand at a place.
    starts, sizes : ndarray of int64, shape (sets,)
        Where the entries of each set begin in `members`, and how many they are.
    members : ndarray of int64
        Entries.
    """

    firsts: Places
    lasts: Places
    cues: Places
    choices: Places
    starts: Places
    sizes: Places
    members: Places


def build_patterns(cues: Sequence[Sequence[Pattern]]) -> Patterns:
    """Tables of the patterns of each cue; see there."""
    entries, laid = lay_out(cues)
    entry, place = anchored(laid, rarest(laid, len(entries)))
    alone, others = apart(laid, entry, place, len(entries))
    spans = np.stack([*spans_of(entry[others], len(entries)), alone, np.zeros(len(entries), np.int64)], 1)
    held = np.stack([laid.starts, laid.starts + laid.sizes], 1)[laid.choices]
    whole, stems = ({word.symbols: at for word, at in entries.items() if word.stem == stem} for stem in (False, True))
    narrow = (table.astype(np.int32) for table in (held, laid.members))
    *tables, records, held, members = together(
        (*hashed(whole), *hashed(stems), spans.astype(np.int32), records_of(laid, place[others]), *narrow)
    )
    keys, numbers, stem_keys, stem_numbers, spans = tables
    return Patterns(keys, numbers, stem_keys, stem_numbers, spans, records, records.view(np.int32), held, members)


def packed_patterns(patterns: Patterns) -> dict[str, npt.NDArray[Any]]:
    """The tables as arrays for a file; what is the same memory once."""
    return {name: getattr(patterns, name) for name in KINDS}


def unpacked_patterns(arrays: Mapping[str, npt.NDArray[Any]], cues: int) -> Patterns:
    """The tables of so many cues from the arrays of a file.

    Raises
    ------
    ValueError
        When they are not what the compiled search, which checks nothing, may be given.
    """
    if {name: (str(array.dtype), array.ndim) for name, array in arrays.items()} != KINDS:
        raise ValueError("other arrays")
    tables = dict(zip(KINDS, together(tuple(arrays[name] for name in KINDS)), strict=True))
    neighbours = tables["neighbours"]
    if neighbours.shape[1] != NEIGHBOURS:
        raise ValueError("neighbours")
    patterns = Patterns(**tables, anchors=neighbours.view(np.int32))
    check_words(patterns)
    check_places(patterns, cues)
    return patterns


def check_words(patterns: Patterns) -> None:
    """Raise ValueError unless every search for a word ends, and at an entry."""
    for keys, entries in (patterns.keys, patterns.entries), (patterns.stem_keys, patterns.stem_entries):
        size = len(keys)
        if entries.shape != (size,) or not size or size & (size - 1) or keys.all():
            raise ValueError("words")
        if not inside(entries[keys != 0], len(patterns.spans)):
            raise ValueError("entries")


def check_places(patterns: Patterns, cues: int) -> None:
    """Raise ValueError unless entries lead to anchors, anchors to places and cues, and places to entries."""
    spans, choices, anchors = patterns.spans, patterns.choices, patterns.anchors
    if spans.shape[1] != SPANS or not rising(spans[:, :2], len(anchors)) or not inside(spans[:, ALONE] + 1, cues + 1):
        raise ValueError("spans")
    if choices.shape[1] != 2 or not rising(choices, len(patterns.members)):
        raise ValueError("choices")
    place, before, after, cue = anchors[:, PLACE:].astype(np.int64).T
    around = inside(before, len(choices)) and inside(after, len(choices))
    if not around or not inside(place - before, len(choices)) or not inside(place + after, len(choices)):
        raise ValueError("anchors")
    if not inside(cue, cues):
        raise ValueError("cues")


def inside(numbers: npt.NDArray[Any], stop: int) -> bool:
    """Whether all of them are at least 0 and below `stop`."""
    return bool(((numbers >= 0) & (numbers < stop)).all())


def rising(pairs: npt.NDArray[Any], stop: int) -> bool:
    """Whether all pairs are the begin and end of a range within `stop`."""
    return inside(pairs, stop + 1) and bool((pairs[:, 0] <= pairs[:, 1]).all())


def lay_out(cues: Sequence[Sequence[Pattern]]) -> tuple[dict[Word, int], Laid]:
    """Number the entries, and lay the patterns out."""
    patterns = [(cue, pattern) for cue, several in enumerate(cues) for pattern in dict.fromkeys(several)]
    length = np.array([len(pattern) for _, pattern in patterns], np.int64)
    firsts = np.repeat(np.cumsum(length) - length, length)
    sets: dict[frozenset[Word], int] = {}
    choices = [sets.setdefault(choice, len(sets)) for _, pattern in patterns for choice in pattern]
    entries: dict[Word, int] = {}
    members = [entries.setdefault(word, len(entries)) for one in sets for word in one]
    sizes = np.array([len(one) for one in sets], np.int64)
    laid = Laid(
        firsts,
        firsts + np.repeat(length, length) - 1,
        np.repeat(np.array([cue for cue, _ in patterns], np.int64), length),
        np.array(choices, np.int64),
        np.cumsum(sizes) - sizes,
        sizes,
        np.array(members, np.int64),
    )
    return entries, laid


def rarest(laid: Laid, entries: int) -> Places:
    """In every pattern, the place whose entries are in the fewest places of all patterns; the first of equals."""
    times = np.bincount(laid.choices, minlength=len(laid.sizes))
    places = np.bincount(laid.members, np.repeat(times, laid.sizes), entries)
    costs = np.bincount(np.repeat(np.arange(len(laid.sizes)), laid.sizes), places[laid.members], len(laid.sizes))
    order = np.lexsort((np.arange(len(laid.choices)), costs[laid.choices], laid.firsts))
    found: Places = order[np.unique(laid.firsts, return_index=True)[1]]
    return found


def anchored(laid: Laid, places: Places) -> tuple[Places, Places]:
    """Pairs of an entry and a place of `places` at which it may stand, by entry."""
    sizes = laid.sizes[laid.choices[places]]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    entry = laid.members[np.repeat(laid.starts[laid.choices[places]], sizes) + within]
    order = np.argsort(entry, kind="stable")
    return entry[order], np.repeat(places, sizes)[order]


def apart(laid: Laid, entry: Places, place: Places, entries: int) -> tuple[Places, Places]:
    """The first cue that each entry speaks without other words, -1 for none; and the pairs that say anything else."""
    alone = np.full(entries, -1, np.int64)
    single = np.flatnonzero(laid.firsts[place] == laid.lasts[place])
    named, which = np.unique(entry[single], return_index=True)
    alone[named] = laid.cues[place[single[which]]]
    return alone, np.setdiff1d(np.arange(len(entry)), single[which], assume_unique=True)


def spans_of(entry: Places, entries: int) -> tuple[Places, Places]:
    """Where the pairs of each entry begin and end, of pairs by entry."""
    stops = np.cumsum(np.bincount(entry, minlength=entries))
    return stops - np.bincount(entry, minlength=entries), stops


def records_of(laid: Laid, place: Places) -> Bits:
    """The rows of `Patterns.neighbours`."""
    bits = np.zeros(len(laid.sizes), np.uint64)
    one = np.uint64(1) << (laid.members % BITS).astype(np.uint64)
    np.bitwise_or.at(bits, np.repeat(np.arange(len(laid.sizes)), laid.sizes), one)
    at_place = np.concatenate([[ANY], bits[laid.choices], [ANY]]).astype(np.uint64)
    records = np.empty((len(place), 4), np.uint64)
    records[:, 0] = np.where(place > laid.firsts[place], at_place[place], ANY)
    records[:, 1] = np.where(place < laid.lasts[place], at_place[place + 2], ANY)
    columns = place, place - laid.firsts[place], laid.lasts[place] - place, laid.cues[place]
    records.view(np.int32)[:, PLACE:] = np.stack(columns, 1)
    return records


def hashed(entries: Mapping[tuple[int, ...], int]) -> tuple[Hashes, Symbols]:
    """A table of words, and their entries at its slots."""
    keys, slots = addresses(entries)
    numbers = np.zeros(len(keys), np.int32)
    numbers[slots] = list(entries.values())
    return keys, numbers
