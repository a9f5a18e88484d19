"""Makes characters visible that would hide, reorder or fake the text around them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

HIDING_CATEGORIES = frozenset(("Cc", "Cf", "Zl", "Zp", "Co", "Cn"))
LAYOUT = frozenset("\n\t")
# Letters and marks by category, but drawn as nothing.
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
JOINER = "\u200d"
EMOJI_PARTS = frozenset(("So", "Sk", "Mn"))


@dataclass(frozen=True)
class Piece:
    """Some characters to show as they are, or one character to show as a badge."""

    text: str
    badge: str = ""
    name: str = ""


def hidden(text: str) -> frozenset[int]:
    """Positions of the characters that need a badge."""
    return frozenset(at for at, character in enumerate(text) if _hides(character) and not _joins_emoji(text, at))


def _hides(character: str) -> bool:
    if character in BLANK_LETTERS:
        return True
    return character not in LAYOUT and unicodedata.category(character) in HIDING_CATEGORIES


def _joins_emoji(text: str, at: int) -> bool:
    # A joiner between emoji makes one picture of them; a badge there would take the picture apart.
    if text[at] != JOINER or not 0 < at < len(text) - 1:
        return False
    return {unicodedata.category(text[at - 1]), unicodedata.category(text[at + 1])} <= EMOJI_PARTS


def pieces(text: str, start: int, end: int, badges: frozenset[int]) -> list[Piece]:
    """Cut a part of the text into runs to show as they are and badges.

    Parameters
    ----------
    text : str
        The whole post.
    start, end : int
        The part, end exclusive.
    badges : frozenset of int
        Positions in the whole post that need a badge, from `hidden`.
    """
    found: list[Piece] = []
    run = start
    for at in range(start, end):
        if at in badges:
            found += [Piece(text[run:at])] if run < at else []
            found.append(_badge(text[at]))
            run = at + 1
    return found + ([Piece(text[run:end])] if run < end else [])


def shown(text: str) -> str:
    """A text with codes in place of what would hide or reorder it."""
    return "".join(piece.badge or piece.text for piece in pieces(text, 0, len(text), hidden(text)))


def _badge(character: str) -> Piece:
    code = f"U+{ord(character):04X}"
    return Piece(character, f"[{code}]", f"{code} {unicodedata.name(character, 'control character')}")
