"""Disguises that people put on posts to pass a filter, applied to clean text by a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from classifier.foldtable import ROMAN
from classifier.shapes import cyrillic_pairs, latin_shapes

LOOK_ALIKE: Final = dict(cyrillic_pairs()) | {latin: cyrillic for cyrillic, latin in cyrillic_pairs()}
ZERO_WIDTH: Final = "\u200b"
MARKS: Final = "\u0301\u0323\u0336\u0308"
SIGNS: Final = {"о": "0", "o": "0", "а": "@", "a": "@", "з": "3", "e": "3", "с": "$", "s": "$", "i": "1", "т": "7"}
LONG: Final = 5  # letters of a word that is worth hiding

Dice = random.Random
Hide = Callable[[str, Dice], str]


def foreign_shapes() -> dict[str, list[str]]:
    """Letters of other scripts by the Latin or Cyrillic letter that they look like."""
    shapes: dict[str, list[str]] = {}
    back = {latin: cyrillic for cyrillic, latin in cyrillic_pairs()}
    for char, latin in latin_shapes().items():
        if char not in LOOK_ALIKE:
            shapes.setdefault(latin, []).append(char)
            if latin in back:
                shapes.setdefault(back[latin], []).append(char)
    return shapes


FOREIGN: Final = foreign_shapes()


def each_letter(share: float, hide: Hide) -> Hide:
    """A disguise of about a share of the letters, one by one."""
    return lambda text, dice: "".join(
        hide(char, dice) if char.isalpha() and dice.random() < share else char for char in text
    )


def each_word(share: float, hide: Hide) -> Hide:
    """A disguise of about a share of the longer words."""

    def disguised(text: str, dice: Dice) -> str:
        words = text.split(" ")
        return " ".join(
            hide(word, dice) if len(word) >= LONG and word.isalpha() and dice.random() < share else word
            for word in words
        )

    return disguised


def look_alike(char: str, _: Dice) -> str:
    """The twin of the same shape in the other script."""
    return LOOK_ALIKE.get(char, char)


def foreign(char: str, dice: Dice) -> str:
    """A letter of a third script of the same shape."""
    return dice.choice(FOREIGN[char]) if char in FOREIGN else char


def fancy(char: str, _: Dice) -> str:
    """A Latin letter in mathematical bold."""
    if "a" <= char <= "z":
        return chr(0x1D41A + ord(char) - ord("a"))
    return chr(0x1D400 + ord(char) - ord("A")) if "A" <= char <= "Z" else char


def sign(char: str, _: Dice) -> str:
    """A digit or sign for a letter."""
    return SIGNS.get(char.lower(), char)


def marked(char: str, dice: Dice) -> str:
    """A letter with a mark that does not belong to it."""
    return char + dice.choice(MARKS)


def stretched(char: str, dice: Dice) -> str:
    """A letter written several times."""
    return char * dice.randint(2, 4)


def signs_inside(word: str, dice: Dice) -> str:
    """Digits and signs for some of the inner letters."""
    inner = each_letter(0.6, sign)(word[1:-1], dice)
    return word[0] + inner + word[-1]


def starred(word: str, dice: Dice) -> str:
    """One inner letter hidden behind a star."""
    at = dice.randrange(1, len(word) - 1)
    return f"{word[:at]}*{word[at + 1 :]}"


def latin(text: str, _: Dice) -> str:
    """Cyrillic letters in their usual Latin spelling."""
    return "".join(spelt(char) for char in text)


def spelt(char: str) -> str:
    """A Cyrillic letter as it is spelt in Latin ones; all others as they are."""
    written = ROMAN.get(char.lower(), char) if "\u0400" <= char <= "\u052f" else char
    return written.capitalize() if char.isupper() else written


def hashtag(text: str, dice: Dice) -> str:
    """Runs of three words written as one hashtag."""
    words, parts = text.split(" "), []
    while words:
        head, words = words[:3], words[3:]
        tag = len(head) == 3 and all(word.isalpha() for word in head) and dice.random() < 0.5
        parts.append("#" + "".join(word.capitalize() for word in head) if tag else " ".join(head))
    return " ".join(parts)


DISGUISES: Final[Mapping[str, Hide]] = {
    "look_alikes": each_letter(0.5, look_alike),
    "foreign_letters": each_letter(0.5, foreign),
    "fancy_letters": each_letter(1.0, fancy),
    "signs_for_letters": each_word(0.5, signs_inside),
    "stars": each_word(0.5, starred),
    "zero_width": each_letter(0.3, lambda char, _: char + ZERO_WIDTH),
    "marks": each_letter(0.3, marked),
    "stretched": each_letter(0.15, stretched),
    "shouted": each_letter(0.5, lambda char, _: char.upper()),
    "apart": each_word(0.4, lambda word, _: " ".join(word)),
    "dotted": each_word(0.4, lambda word, _: ".".join(word)),
    "latin": latin,
    "hashtags": hashtag,
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
