"""Whether a post is written in the script, and read as the language, that its `lang` says."""

from __future__ import annotations

import unicodedata
from typing import Final

from classifier import lang

CYRILLIC: Final = frozenset(("ru", "kk", "ky", "tg", "uz-Cyrl"))
LEAST_LETTERS: Final = 8  # a shorter post shows no script


def cyrillic_share(text: str) -> float | None:
    """Share of the letters that are Cyrillic; None where there are too few letters to say."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < LEAST_LETTERS:
        return None
    return sum("CYRILLIC" in unicodedata.name(char, "") for char in letters) / len(letters)


def other_script(text: str, stated: str) -> bool:
    """Whether most letters belong to another script than that of the stated language."""
    share = cyrillic_share(text)
    return share is not None and (share < 0.5) == (stated in CYRILLIC)


def other_language(text: str, stated: str) -> bool:
    """Whether the post reads as another of the languages; a post that reads as none is not held against it."""
    found = lang.detect(text)
    return found not in {lang.UNKNOWN, stated.split("-", maxsplit=1)[0]}
