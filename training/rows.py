"""Rows of labelled posts as plain values; every fault is noted with its place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from classifier.files import Row
from classifier.text import unfit
from training.guide import BOTH, LABELS, LANGUAGES, MEANS, NEGATIVE, POSITIVE
from training.schema import KEPT, NUMBERS, Faults, Schema

GARBLED: Final = re.compile("(?:[ÐÑ][\x80-\xbf\u0152-\u0192\u2013-\u2122]){3}")  # Cyrillic in UTF-8, read as Latin
LABEL_VALUES: Final[Mapping[object, float | None]] = {
    "0": 0.0, "1": 1.0, "": None, None: None, 0: 0.0, 1: 1.0, "0.0": 0.0, "1.0": 1.0,
}  # fmt: skip
DATES: Final = ("created_at", "decided_at")
MOST: Final = {"weight": math.inf, "inclusion_probability": 1.0}


def clean(row: Row, schema: Schema, faults: Faults) -> dict[str, Any]:
    """One row as plain values; faults are noted, not raised."""
    if row.fault:
        faults.add(row.place, None, row.fault)
        return {}
    text = row.values.get(schema.text)
    reason = unfit(text) or damage(str(text))
    if reason:
        faults.add(row.place, schema.text, reason)
    values: dict[str, Any] = {"id": as_text(row.values.get("id")), "text": text, "place": row.place}
    values |= {column: as_text(row.values.get(column)) for column in KEPT}
    values["disguised"], values["uncertain"] = (
        as_text(row.values.get("disguised")),
        as_text(row.values.get("uncertain")),
    )
    values |= {column: clean_number(row, column, faults) for column in NUMBERS}
    check_dates(row.place, values, faults)
    if schema.label:
        values["class"] = as_text(row.values.get(schema.label))
        if not values["class"]:
            faults.add(row.place, schema.label, "no class; every post needs one")
    else:
        values |= clean_labels(row, schema, faults)
    if schema.by_guide:
        check_by_guide(row.place, values, faults)
        if "category" in row.values:
            check_words(row.place, values, bool(values["uncertain"]), faults)
        if "means" in row.values and values.get("separatism") == 1 and not values["means"]:
            faults.add(row.place, "means", f"separatism is 1; say by what means: {', '.join(MEANS)}")
    return values


def damage(text: str) -> str | None:
    """What a wrong decoding did to a text; None where it is whole."""
    if "\ufffd" in text:
        return f"the character at {text.index(chr(0xFFFD))} was lost in a wrong decoding; take the post anew"
    if GARBLED.search(text):
        return "UTF-8 that was read as another encoding; take the post anew"
    return None


def as_text(value: Any) -> str:
    """A value of a column as text; lists are joined."""
    if value is None or value != value:  # noqa: PLR0124 - NaN, a missing number
        return ""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def check_dates(place: str, values: Mapping[str, Any], faults: Faults) -> None:
    """A date is blank or written as ISO 8601 has it; any other way could be read in two ways."""
    for column in (column for column in DATES if values[column]):
        try:
            datetime.fromisoformat(values[column])
        except ValueError:
            faults.add(place, column, f"{values[column][:40]!r} is no date; write 2026-11-27 or 2026-11-27T10:00:00Z")


def clean_number(row: Row, column: str, faults: Faults) -> float:
    """A weight or a probability above 0; NaN where blank."""
    written = as_text(row.values.get(column))
    if not written:
        return math.nan
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not 0 < value <= MOST[column] or math.isinf(value):
        most = "" if math.isinf(MOST[column]) else f", at most {MOST[column]:g}"
        faults.add(row.place, column, f"{written[:40]!r}: write a number above 0{most}, or leave it blank")
    return value


def clean_labels(row: Row, schema: Schema, faults: Faults) -> dict[str, float | None]:
    """Labels as 0, 1 or None; a blank is no 0."""
    values: dict[str, float | None] = {}
    for label in schema.labels:
        written = row.values.get(label)
        key = written.strip() if isinstance(written, str) else written
        if isinstance(key, (dict, list)) or key not in LABEL_VALUES:
            faults.add(row.place, label, f"{str(written)[:40]!r} is no label; write 0, 1 or leave it blank")
            continue
        values[label] = LABEL_VALUES[key]
    return values


def check_by_guide(place: str, values: Mapping[str, Any], faults: Faults) -> None:
    """Hold the guide's columns against the labels."""
    uncertain = set(values["uncertain"].replace(",", " ").split())
    for label in LABELS:
        if label in values and label in uncertain and values[label] is not None:
            faults.add(place, label, "has a value, but `uncertain` says that readers would split; leave it blank")
    for name in sorted(uncertain - set(LABELS)):
        faults.add(place, "uncertain", f"{name!r} is no label")
    if values["means"] and (values["means"] not in MEANS or values.get("separatism") != 1):
        faults.add(place, "means", f"{values['means']!r}: one of {', '.join(MEANS)}, and only where separatism is 1")
    if values["disguised"] not in {"", "0", "1"}:
        faults.add(place, "disguised", f"{values['disguised']!r}: write 0, 1 or leave it blank")


def check_words(place: str, values: Mapping[str, Any], uncertain: bool, faults: Faults) -> None:
    """Language and category are words of the guide, and a positive category needs a positive label."""
    if values["lang"] and values["lang"] not in LANGUAGES:
        faults.add(place, "lang", f"{values['lang']!r} is none of {', '.join(LANGUAGES)}")
    category, positives = values["category"], [label for label in LABELS if values.get(label) == 1]
    if not category:
        return
    if category not in POSITIVE | NEGATIVE:
        faults.add(place, "category", f"{category!r} is not in the labelling guide")
    elif not uncertain and bool(positives) != (category in POSITIVE):
        faults.add(place, "category", f"{category!r} does not go with the labels of this post")
    elif not uncertain and (len(positives) == len(LABELS)) != (category == BOTH):
        faults.add(place, "category", f"{BOTH!r} is for posts with both labels, and for no others")
