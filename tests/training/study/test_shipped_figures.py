"""What docs/data.md says of the shipped posts was measured on them, and stands there as it was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from training.guide import LABELS
from training.posts import read_posts
from training.schema import Schema
from training.shipped import hard_file, post_files
from training.study.plot import learning_curve
from training.study.tables import all_tables, brought_up_to_date

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def figures() -> Any:
    return json.loads((DOCS / "figures" / "data.json").read_text("utf-8"))


def test_the_figures_are_those_of_the_shipped_posts(figures: Any) -> None:
    assert figures["posts"]["sha256"] == read_posts(post_files(), Schema()).sha256, "run `make figures`"
    assert figures["posts"]["hard_sha256"] == read_posts([hard_file()], Schema()).sha256, "run `make figures`"


def test_every_part_was_measured(figures: Any) -> None:
    assert {"hard", "functional", "ordinary", "batches", "regions", "curve"} <= set(figures)
    assert figures["ordinary"]["either"]["posts"] > 6000


def test_the_document_shows_them(figures: Any) -> None:
    document = (DOCS / "data.md").read_text("utf-8")
    tables = all_tables(figures, LABELS)
    assert brought_up_to_date(document, tables) == document
    assert all(content in document for content in tables.values())


def test_the_picture_is_drawn_from_them(figures: Any) -> None:
    assert (DOCS / "figures" / "curve.svg").read_bytes() == learning_curve(figures["curve"], LABELS)
