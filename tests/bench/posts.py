"""What is scored: the same posts for everybody, made from those that ship, and long ones that are nasty."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from classifier.files import open_source

SHORTEST: Final = 130
LONGEST: Final = 200
PART: Final = 90  # characters at most from one post, fewer than SHORTEST so that every post mixes at least two
SEED: Final = 20

# What long posts are made of; a character is drawn at a time. Some are slow where work grows with the length of a word,
# some where marks pile up on a letter, some where nothing is left after folding.
ALPHABETS: Final[dict[str, Sequence[str]]] = {
    "letters without spaces": "абвгдежзийклмнопрстуфхцчшщыэюяabcdefghijklmnopqrstuvwxyz",
    "one letter": "а",
    "digits": "0123456789",
    "combining marks": [chr(code) for code in range(0x300, 0x370)],
    "@": "@",
    "single letters": "аб \n",
    "emoji": ["😀", "🔥", "👍🏽", "👩‍💻", "🇰🇿", "❤️", "🪖"],
    "zero-width": "\u200b\u200c\u200d\u2060\ufeff",
    "mixed scripts": "aбγдעبभก漢한აჰąқңұ",
    "words full of stars": "аб*вг*де*ж ",
}
WORDS: Final = "words of posts"


def shipped(files: Sequence[str]) -> list[list[str]]:
    """Words of each post of the files."""
    found: list[list[str]] = []
    for name in files:
        with open_source(name) as source:
            found += [row.values["text"].split() for row in source.rows]
    return [words for words in found if words]


def made(posts: Sequence[Sequence[str]], count: int) -> list[str]:
    """Posts of SHORTEST to LONGEST characters, joined from parts of different posts and cut at words."""
    chance = random.Random(SEED)  # noqa: S311 - the same posts every time is the point
    texts: dict[str, None] = {}
    while len(texts) < count:
        texts[_joined(posts, chance)] = None
    return list(texts)


def _joined(posts: Sequence[Sequence[str]], chance: random.Random) -> str:
    most, text = chance.randint(SHORTEST + 10, LONGEST), ""
    while len(text) < max(SHORTEST, most - 15):
        words = chance.choice(posts)
        text = f"{text} {_part(words[chance.randrange(len(words)) :], min(PART, most - len(text) - 1))}".strip()
    return text


def _part(words: Sequence[str], room: int) -> str:
    text = ""
    for word in words:
        if len(text) + 1 + len(word) > room:
            break
        text += f" {word}"
    return text.strip()


def long_post(kind: str, size: int, posts: Sequence[str]) -> str:
    """One post of `size` characters of a kind."""
    if kind == WORDS:
        return " ".join(islice(cycle(posts), size // SHORTEST + 1))[:size]
    chance = random.Random(SEED)  # noqa: S311
    return "".join(chance.choices(ALPHABETS[kind], k=size))[:size]


def write_posts(texts: Sequence[str], path: Path) -> None:
    """Write posts for the processes that measure."""
    path.write_text(json.dumps(texts), encoding="utf-8")


def read_posts(path: str) -> list[str]:
    """Read what `write_posts` wrote."""
    texts: list[str] = json.loads(Path(path).read_text("utf-8"))
    return texts


def write_table(texts: Sequence[str], rows: int, path: Path) -> None:
    """Write a CSV file of so many rows, numbered from the second time round so that no two are alike."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows(_numbered(texts, rows))


def _numbered(texts: Sequence[str], rows: int) -> Iterator[tuple[int, str]]:
    for row in range(rows):
        turn, place = divmod(row, len(texts))
        yield row, texts[place] + (f" {turn}" if turn else "")
