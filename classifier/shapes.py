"""Letters of one shape: what a letter may be mistaken for, in Latin and in Cyrillic.

``confusables.csv`` holds the letters that Unicode Technical Standard 39 calls confusable with one Latin letter, without
those that compatibility forms already take back to it.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

PATH: Final = Path(__file__).with_name("confusables.csv")
# No confusables by the standard, but used as such.
ALSO: Final = {"к": "k", "ε": "e", "κ": "k", "τ": "t", "χ": "x"}
# Too far from the letter that is meant to be read back as it: Latin r is no Cyrillic г, Latin b no ь.
ONE_WAY: Final = "гЬҮүѡѠҽӀӏԌꙇ"
SMALL_CAPITAL: Final = "LATIN LETTER SMALL CAPITAL "


@cache
def latin_shapes() -> dict[str, str]:
    """Letters of any script by the Latin letter of their shape."""
    with PATH.open(encoding="utf-8", newline="") as lines:
        found = {chr(int(row["code"], 16)): row["latin"] for row in csv.DictReader(lines)}
    return found | ALSO


@cache
def cyrillic_pairs() -> tuple[tuple[str, str], ...]:
    """Cyrillic letters and the Latin letters of their shape, each readable as the other."""
    found = [(char, latin) for char, latin in latin_shapes().items() if is_cyrillic(char) and char not in ONE_WAY]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def is_cyrillic(char: str) -> bool:
    """Whether a letter belongs to the Cyrillic script."""
    return unicodedata.name(char, "").startswith("CYRILLIC")


def as_latin() -> dict[int, int]:
    """Latin letter of the shape of each letter that is none."""
    return {ord(char): ord(latin) for char, latin in latin_shapes().items() if not is_latin(char)}


def as_cyrillic() -> dict[int, int]:
    """Cyrillic letter of the shape of each letter that is none."""
    back = {latin: cyrillic for cyrillic, latin in reversed(cyrillic_pairs())}
    foreign = {
        ord(char): ord(back.get(latin, latin)) for char, latin in latin_shapes().items() if not is_cyrillic(char)
    }
    return foreign | {ord(latin): ord(cyrillic) for latin, cyrillic in back.items()}


def is_latin(char: str) -> bool:
    """Whether a letter belongs to the Latin script."""
    return unicodedata.name(char, "").startswith("LATIN")


def plain_latin(char: str) -> str | None:
    """ASCII letter that an odd Latin letter is a form of; None for all others."""
    name = unicodedata.name(char, "")
    if name.startswith(SMALL_CAPITAL) and len(name) == len(SMALL_CAPITAL) + 1:
        return name[-1].lower()
    return latin_shapes()[char].lower() if is_latin(char) and char in latin_shapes() else None
