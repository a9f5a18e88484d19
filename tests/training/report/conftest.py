"""A small bundle judged on other invented posts, with every column that a report can slice by."""

from __future__ import annotations

from typing import Any

import pytest

from classifier import Classifier
from tests.training.making import Row, invented, table
from training.check import Case
from training.report.figures import Report
from training.report.judged import Judged

HOSTILE = '<script>alert(1)</script>\u202e\u200b join our squad & "quote" <b>bold</b> {{ 7*7 }}'


def rows_with_columns() -> list[Row]:
    rows = invented(100, seed=7)
    for number, row in enumerate(rows):
        row["source"] = ("forum", "chat")[number % 2]
        row["batch"] = f"b{number % 3}"
        row["created_at"] = f"2026-0{1 + number % 4}-05T10:00:00"
        row["category"] = ("state_contract", "slogan", "protest_or_strike", "chatter", "religion")[number % 5]
        row["means"] = "peaceful" if row["separatism"] == "1" else ""
    for number in range(2, 100, 9):
        rows[number]["separatism"] = ""
    rows[3] |= {"text": HOSTILE, "id": "<i>x</i>", "category": "<u>odd</u>"}
    return rows


def cases() -> list[Case]:
    """Two checks that differ in a name, and one that fails."""
    wanted = {"recruitment": True, "separatism": False}
    chat = {"recruitment": False, "separatism": False}
    return [
        Case("c1", "offer", "join our squad zuba", "en", "pair-1", wanted),
        Case("c2", "offer", "join our squad tona", "en", "pair-1", wanted),
        Case("c3", "protest_or_strike_call", "join our squad", "en", "", chat),
    ]


@pytest.fixture(scope="session")
def judged(tiny_classifier: Classifier) -> Judged:
    return Judged(tiny_classifier, table(rows_with_columns()), seed=0, resamples=50)


@pytest.fixture(scope="session")
def figures(judged: Judged) -> dict[str, Any]:
    """Every figure of a report, with what `clarion evaluate` says of model and posts."""
    report = Report(judged, cases=cases())
    steps = list(report.run())
    assert steps == [(done, len(steps)) for done in range(1, len(steps) + 1)]
    about = {
        "model": {"name": "tiny", "version": "1", "sha256": "0" * 64},
        "posts": {"n": len(judged.posts.frame), "sha256": "1" * 64, "left_out": {}},
        "notes": ["a note <here>"],
    }
    return about | report.figures
