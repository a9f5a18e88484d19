"""Disguises that people put on posts to pass a filter, applied to clean text by a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from classifier.foldtable import SHAPES

LOOK_ALIKE: Final = dict(SHAPES) | {latin: cyrillic for cyrillic, latin in SHAPES}
ZERO_WIDTH: Final = "\u200b"


def look_alikes(text: str, dice: random.Random) -> str:
    """About half of the letters that have a twin of the same shape in the other script, swapped."""
    return "".join(LOOK_ALIKE[char] if char in LOOK_ALIKE and dice.random() < 0.5 else char for char in text)


def zero_width(text: str, dice: random.Random) -> str:
    """Invisible characters inside words."""
    return "".join(char + ZERO_WIDTH if char.isalpha() and dice.random() < 0.3 else char for char in text)


def stretched(text: str, dice: random.Random) -> str:
    """Some letters written several times."""
    return "".join(char * dice.randint(2, 4) if char.isalpha() and dice.random() < 0.15 else char for char in text)


def shouted(text: str, dice: random.Random) -> str:
    """Capitals at random."""
    return "".join(char.upper() if dice.random() < 0.5 else char for char in text)


DISGUISES: Final[Mapping[str, Callable[[str, random.Random], str]]] = {
    "look_alikes": look_alikes,
    "zero_width": zero_width,
    "stretched": stretched,
    "shouted": shouted,
}


def disguise(text: str, name: str, seed: int) -> str:
    """A text in a disguise.

    Parameters
    ----------
    text : str
        Clean text.
    name : str
        One of `DISGUISES`.
    seed : int
        The same seed gives the same disguise.

    Returns
    -------
    str
        The text as a filter would meet it.
    """
    dice = random.Random(f"{seed} {name} {text}")  # noqa: S311 - a reproducible die, not a secret
    return DISGUISES[name](text, dice)
