"""Invented posts with known signals, as rows, files and tables."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from training.posts import LabelledPosts, digest
from training.schema import KEPT, NUMBERS

Row = dict[str, Any]
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
SIGNALS = ("join our squad", "a referendum for the region", "a warning about those who enlist")
CUES = """\
call_to_join:
  speaks: for
  labels: [recruitment]
  description: {en: calls on people to join, ru: зовёт вступить, kk: қосылуға шақырады}
  patterns: {en: ["join*", "enlist*"], ru: ["вступай*"]}
claim:
  speaks: for
  labels: [separatism]
  description: {en: claims a territory, ru: требует землю, kk: жерді талап етеді}
  patterns: {en: ["referendum*"]}
warns:
  speaks: against
  labels: [recruitment, separatism]
  description: {en: warns, ru: предупреждает, kk: ескертеді}
  patterns: {en: ["warning*"], ru: ["осторожн*"]}
wrong_way_round:
  speaks: against
  labels: [recruitment]
  description: {en: speaks the wrong way in these posts, ru: наоборот, kk: керісінше}
  patterns: {en: ["squad*"]}
"""


def rolling(seed: int) -> random.Random:
    """A die that falls the same way every time."""
    return random.Random(seed)  # noqa: S311 - no secret


def words(dice: random.Random, count: int) -> str:
    """Words that mean nothing and that no two posts share by design."""
    return " ".join("".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(count))


def invented(count: int, seed: int = 0) -> list[Row]:
    """Posts of which every fifth recruits, every fifth claims land, every fifth warns, and the rest chat."""
    dice = rolling(seed)
    rows = []
    for number in range(count):
        kind = number % 5
        signal = SIGNALS[kind] if kind < 3 and dice.random() < 0.8 else ""
        text = f"{words(dice, dice.randint(5, 9))} {signal} {words(dice, 3)}".replace("  ", " ")
        labels = {"recruitment": str(int(kind == 0)), "separatism": str(int(kind == 1))}
        rows.append({"id": f"p{number:03}", "text": text, **labels, "lang": ("ru", "kk", "en")[number % 3]})
    return rows


def classes(count: int, seed: int = 0) -> list[Row]:
    """Posts of three exclusive classes; one is named like a tag of rich text, to be printed as it is."""
    dice, rows = rolling(seed), []
    for number in range(count):
        topic, signal = (("[spam]", "buy cheap"), ("sport", "match goal"), ("weather", "rain cloud"))[number % 3]
        text = f"{words(dice, 5)} {signal if dice.random() < 0.9 else ''} {words(dice, 4)}".replace("  ", " ")
        rows.append({"id": f"c{number:03}", "text": text, "topic": topic})
    return rows


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Rows as a file of the kind that the suffix says."""
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def table(rows: Sequence[Mapping[str, Any]], *labels: str) -> LabelledPosts:
    """Rows as the reader would hand them on: labels of 0, 1 or None, other columns as text."""
    names = labels or ("recruitment", "separatism")
    full = [
        dict.fromkeys(KEPT, "")
        | dict.fromkeys(NUMBERS, float("nan"))
        | {"id": str(number), "place": f"row {number}", "text": f"text {number}"}
        | dict.fromkeys(names)
        | dict(row)
        for number, row in enumerate(rows)
    ]
    frame = pd.DataFrame(full)
    frame[list(names)] = frame[list(names)].replace("", None).astype(float)
    return LabelledPosts(frame, names, False, digest(frame, names))
