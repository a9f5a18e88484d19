"""Fold a post to the Latin skeleton that is compared, remembering where each character came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier import foldtable
from classifier.kernels.compiled import Symbols
from classifier.kernels.fold import fold_into, room_for
from classifier.kernels.verbatim import lay_out_verbatim

BETWEEN: Final = f" {chr(foldtable.LINK)} "  # keeps words apart that are folded together
PIECE: Final = 256
MOST_MARKS: Final = 32  # on one letter; more are left as they are (Unicode calls 30 stream-safe)
CHUNK: Final = 1024  # posts per compiled call: enough to forget the cost of the call
TOGETHER: Final = 2**20  # characters per call, but for a single post: bounds memory
FOLD_VERSION: Final = 3  # grows when the same text folds to something else: bundles of another folding are refused


@dataclass(frozen=True)
class Folded:
    """A folded post.

    Parameters
    ----------
    symbols : ndarray of int32, shape (n,)
        Code points of the skeleton: words between single spaces, the first and last symbol a space.
    starts, ends : ndarray of int32, shape (n,)
        The code points of the original that each symbol stands for, end exclusive.
    """

    symbols: Symbols
    starts: Symbols
    ends: Symbols

    def __str__(self) -> str:
        return self.symbols.astype("<u4").tobytes().decode("utf-32-le")


def unfit(text: object, max_characters: int | None = None) -> str | None:
    """Say why a text cannot be scored.

    Parameters
    ----------
    text : object
        What was given as the text of a post.
    max_characters : int, optional
        Longest text allowed, in code points.

    Returns
    -------
    str or None
        The reason and the next step; None when the text can be scored.
    """
    if not isinstance(text, str):
        return f"the text must be a string, not {type(text).__name__}"
    if not text or text.isspace():
        return "the text is empty"
    if max_characters is not None and len(text) > max_characters:
        return f"the text has {len(text):,} characters, {max_characters:,} at most: cut it into parts"
    if "\0" in text:
        return f"the text holds a NUL character at {text.index(chr(0))}: remove it"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "the text holds half of a surrogate pair, which is no character: send it as valid Unicode"
    return None


def code_points(text: str) -> npt.NDArray[np.int32]:
    """Code points of a string, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)


def is_composed(text: str) -> bool:
    """Whether composing changes nothing; in pieces, since ordering marks takes the square of their number."""
    if len(text) <= PIECE or text.isascii():
        return text.isascii() or unicodedata.is_normalized("NFC", text)
    cuts = range(0, len(text), PIECE)
    return not any(unicodedata.combining(text[at]) for at in cuts[1:]) and all(
        unicodedata.is_normalized("NFC", text[at : at + PIECE]) for at in cuts
    )


def compose(text: str) -> tuple[str, npt.NDArray[np.int32] | None]:
    """Put letters and their marks together (NFC), so that both spellings of "й" fold alike.

    Returns
    -------
    text : str
        The composed text.
    origin : ndarray of int32 or None
        Where each of its characters started in the original, and its length at the end; None when unchanged.
    """
    if is_composed(text):
        return text, None
    parts: list[str] = []
    origin: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        ordered = min(end, start + MOST_MARKS)
        part = unicodedata.normalize("NFC", text[start:ordered])
        parts += part, text[ordered:end]
        origin += [start] * len(part)
        origin += range(ordered, end)
        start = end
    return "".join(parts), np.array([*origin, len(text)], np.int32)


def lay_out(texts: Sequence[str]) -> tuple[Symbols, npt.NDArray[np.int64]]:
    """Code points of composed texts end to end, and where each text stops."""
    whole = "".join(texts)
    if not is_composed(whole):  # asked once for all of them, since they mostly are
        texts = [compose(text)[0] for text in texts]
        whole = "".join(texts)
    return code_points(whole), np.array([len(text) for text in texts], np.int64).cumsum()


def parts_of(texts: Sequence[str]) -> Iterator[slice]:
    """Posts for one compiled call after another."""
    if len(texts) == 1:
        yield slice(0, 1)
        return
    first, stops = 0, np.cumsum([len(text) for text in texts])
    while first < len(texts):
        begun = stops[first - 1] if first else 0
        fitting = int(np.searchsorted(stops, begun + TOGETHER, "right"))
        last = max(first + 1, min(first + CHUNK, fitting))
        yield slice(first, last)
        first = last


def fold(text: str) -> Folded:
    """Fold a text: compatibility forms, case, marks, invisible and look-alike characters, script, spelling.

    Never raises on a string; folding a skeleton again changes nothing.

    Parameters
    ----------
    text : str
        Any string.

    Returns
    -------
    Folded
        The skeleton with the place of each symbol in `text`.

    Notes
    -----
    Forms and categories are those of Unicode Standard Annex 15 and 44; look-alikes follow the idea of
    Unicode Technical Standard 39, kept to the letters that Cyrillic, Latin and Greek share.
    """
    composed, origin = compose(text)
    source, folding = code_points(composed), foldtable.folding()
    room = room_for(source, 0, len(source), folding.table)
    symbols, starts, ends = (np.empty(room, np.int32) for _ in range(3))
    n = fold_into(source, 0, len(source), symbols, starts, ends, folding)
    return reading(symbols[:n], starts[:n], ends[:n], origin)


def verbatim(text: str) -> Folded:
    """Words and marks of a text as they stand, in small letters, each between single spaces.

    Parameters
    ----------
    text : str
        Any string.

    Returns
    -------
    Folded
        Symbols from `VERBATIM` on, with the place of each in `text`. Of a link stands its host.
    """
    composed, origin = compose(text)
    source = code_points(composed)
    symbols, starts, ends = (np.empty(2 * len(source) + 1, np.int32) for _ in range(3))
    folding = foldtable.folding()
    n = lay_out_verbatim(source, 0, len(source), symbols, starts, ends, folding.table, folding.small)
    return reading(symbols[:n], starts[:n], ends[:n], origin)


def reading(symbols: Symbols, starts: Symbols, ends: Symbols, origin: npt.NDArray[np.int32] | None) -> Folded:
    """Symbols with their places in the original instead of the composed text."""
    if origin is not None:
        # an end is the start of the next character, or of the character after a shared cluster
        starts, ends = origin[starts], cluster_ends(origin)[ends]
    return Folded(symbols, starts, ends)


def cluster_ends(origin: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """For an exclusive end in the composed text, the exclusive end in the original."""
    ends = origin.copy()
    for place in range(1, len(origin)):
        if origin[place] == origin[place - 1]:
            later = np.searchsorted(origin, origin[place], "right")
            ends[place] = origin[later]
    return ends


def skeleton_words(text: str) -> tuple[str, ...]:
    """Words of the skeleton of a text, as strings."""
    return tuple(str(fold(text)).split())


def skeletons(words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """`skeleton_words` of many single words at once, which is ten times faster than one by one.

    Parameters
    ----------
    words : collection of str
        Words; each is folded as if it stood alone.

    Returns
    -------
    dict
        By word.
    """
    simple = {word for word in words if word.isalpha()}
    found = {word: skeleton_words(word) for word in words if word not in simple}
    cyrillic = {word for word in simple if any("\u0410" <= char <= "\u044f" for char in word)}
    for group in (sorted(cyrillic), sorted(simple - cyrillic)):  # a Latin word is read otherwise among Cyrillic ones
        apart = str(fold(BETWEEN.join(group))).split(BETWEEN.strip()) if group else []
        found |= {word: tuple(part.split()) for word, part in zip(group, apart, strict=True)}
    return found
