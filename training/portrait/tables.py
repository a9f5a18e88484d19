"""The figures of a portrait as tables for docs/model.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from training.portrait.figures import shares
from training.study.tables import DASH, share, table

Figures = Mapping[str, Any]
EXCERPT: Final = 110  # characters of a mistaken post


def three(value: float | None) -> str:
    """A share with three decimals and no leading zero."""
    return DASH if value is None else f"{value:.3f}".removeprefix("0")


def ablation_table(figures: Figures, labels: Sequence[str]) -> str:
    """What each part is worth."""
    head = ["pipeline", *labels, "twins both right", "checks", "flags per 1 000 ordinary", "µs a post"]
    rows = [
        [
            name,
            *(three(one[label]) for label in labels),
            share(one["twins"]),
            share(one["checks"]),
            DASH if one["ordinary"] is None else str(one["ordinary"]),
            str(one["microseconds"]),
        ]
        for name, one in figures.items()
    ]
    return table(head, rows)


def disguise_table(figures: Figures, labels: Sequence[str]) -> str:
    """Average precision and false flags in each disguise, and the drop."""
    head = ["disguise", *(part for label in labels for part in (label, "drop", "harmless flagged per 1 000"))]
    rows = []
    for name, one in figures.items():
        row = [f"**{name}**" if name == "plain" else name.replace("_", " ")]
        for label in labels:
            value, before = one[label]["average_precision"], figures["plain"][label]["average_precision"]
            row += [three(value), f"{before - value:+.3f}".replace("-", "−"), str(one[label]["false_flags"])]
        rows.append(row)
    return table(head, rows)


def calibration_table(figures: Figures) -> str:
    """Calibration error beside its noise floor."""
    rows = [
        [label, name, three(one["error"]), three(one["floor"]), three(one["brier"]), str(one["n"])]
        for label, by_language in figures.items()
        for name, one in by_language.items()
    ]
    return table(["label", "language", "error", "noise floor", "Brier", "posts"], rows)


def languages_table(figures: Figures) -> str:
    """How often the language is told."""
    kinds = ("right", "unknown", "wrong")
    rows = [
        [name, str(counts["n"]), *(share(value) for value in shares(counts, kinds)), *short_part(figures, name, kinds)]
        for name, counts in figures["all"].items()
    ]
    return table(["language", "posts", *kinds, "short posts", *kinds], rows)


def short_part(figures: Figures, name: str, kinds: Sequence[str]) -> list[str]:
    """The same of short posts."""
    counts = figures["short"].get(name)
    return [str(counts["n"]), *(share(value) for value in shares(counts, kinds))] if counts else [DASH] * 4


def hidden_table(figures: Figures, labels: Sequence[str]) -> str:
    """Appeals found among harmless posts."""
    head = ["harmless posts around", *(part for label in labels for part in (f"{label} found", "flagged without one"))]
    rows = [
        [around, *(share(one[label][kind]) for label in labels for kind in ("found", "false"))]
        for around, one in figures.items()
    ]
    return table(head, rows)


def categories_table(figures: Figures) -> str:
    """Posts flagged rightly, by category, the weakest first."""
    ordered = sorted(figures.items(), key=lambda item: (item[1]["right"] / item[1]["n"], item[0]))
    rows = [[name, f"{one['right']} of {one['n']}", share(one["right"] / one["n"])] for name, one in ordered]
    return table(["category", "right", "share"], rows)


def mistakes_table(figures: Figures) -> str:
    """The worst mistakes of each kind."""
    rows = [
        [label, kind.replace("_", " "), one["category"], share(one["probability"]), excerpt(one["text"])]
        for label, kinds in figures.items()
        for kind in ("false_flags", "missed")
        for one in kinds[kind]
    ]
    return table(["label", "mistake", "category", "probability", "post"], rows)


def excerpt(text: str) -> str:
    """The beginning of a post on one line of a table."""
    line = " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
    return line if len(line) <= EXCERPT else line[:EXCERPT] + "…"


def all_tables(figures: Figures, labels: Sequence[str]) -> dict[str, str]:
    """Every table by its name."""
    return {
        "ablation": ablation_table(figures["ablation"], labels),
        "disguises": disguise_table(figures["disguises"], labels),
        "calibration": calibration_table(figures["calibration"]),
        "languages": languages_table(figures["languages"]),
        "hidden": hidden_table(figures["hidden"], labels),
        "kinds": categories_table(figures["categories"]),
        "mistakes": mistakes_table(figures["worst"]),
    }
