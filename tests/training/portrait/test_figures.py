"""Figures of a portrait are those that counting by hand gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from classifier import lang
from tests.training.making import table
from training.portrait import figures
from training.portrait.figures import (
    languages_of,
    shares,
    worst,
)

Floats = npt.NDArray[np.float64]


def array(*values: float) -> Floats:
    return np.array(values, float)


# Languages.


def test_languages_are_counted_by_outcome_and_short_posts_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * figures.SHORT
    told = {"a": "ru", "b": "kk", "c": lang.UNKNOWN, "d": "kk", long: "ru", f"{long}y": "en"}
    monkeypatch.setattr(lang, "detect", told.__getitem__)
    stated = {"a": "ru", "b": "ru", "c": "ru", "d": "kk-Latn", long: "ru", f"{long}y": "kk"}
    found = languages_of(table([{"text": text, "lang": name} for text, name in stated.items()]))
    assert found == {
        "all": {
            "ru": {"n": 4, "right": 2, "unknown": 1, "wrong": 1},
            "kk": {"n": 2, "right": 1, "unknown": 0, "wrong": 1},
        },
        "short": {
            "ru": {"n": 3, "right": 1, "unknown": 1, "wrong": 1},
            "kk": {"n": 1, "right": 1, "unknown": 0, "wrong": 0},
        },
    }


def test_counts_become_shares() -> None:
    assert shares({"n": 8, "right": 6, "wrong": 2}, ("wrong", "right")) == [0.25, 0.75]


# Mistakes.


def test_the_worst_mistakes_are_the_furthest_from_the_threshold() -> None:
    rows: list[dict[str, Any]] = [
        {"id": name, "text": f"text {name}", "recruitment": value, "separatism": 0, "category": f"kind {name}"}
        for name, value in (("a", 0), ("b", 0), ("c", 0), ("d", 1), ("e", 1), ("f", 1), ("g", None), ("h", 0))
    ]
    chance = array(0.7, 0.9, 0.4999, 0.5, 0.1, 0.3, 0.99, 0.5)
    found = worst(table(rows), "recruitment", chance, 0.5)
    assert [one["id"] for one in found["false_flags"]] == ["b", "a", "h"]
    assert [one["id"] for one in found["missed"]] == ["e", "f"]
    assert (found["false_flags_n"], found["missed_n"]) == (3, 2)
    assert found["missed"][0] == {"id": "e", "category": "kind e", "probability": 0.1, "text": "text e"}


def test_only_so_many_mistakes_are_named_and_all_are_counted() -> None:
    posts = table([{"recruitment": 0, "separatism": 0}] * 30)
    found = worst(posts, "recruitment", np.linspace(0.6, 0.9, 30), 0.5, most=4)
    assert [one["id"] for one in found["false_flags"]] == ["29", "28", "27", "26"]
    assert (found["false_flags_n"], found["missed"], found["missed_n"]) == (30, [], 0)
