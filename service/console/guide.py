"""The labelling guide on the pages: what a label means and what it does not, beside the post that is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from training.shipped import data_directory

GUIDE: Final = "labelling-guide.md"
EXCEPTIONS: Final = "Does not count"
BORDERLINE: Final = "Borderline, decided:"


@dataclass(frozen=True)
class Clause:
    """What the guide says of one label, as HTML.

    Parameters
    ----------
    meaning : Markup
        What counts.
    exceptions : Markup
        What does not.
    borderline : Markup
        Cases that were decided.
    """

    meaning: Markup
    exceptions: Markup
    borderline: Markup


@cache
def guide() -> Markup:
    """The whole guide."""
    return _html(_text())


@cache
def clause(label: str) -> Clause | None:
    """What the guide says of a label; None for a label that it does not know."""
    found = re.search(rf"^## `{re.escape(label)}`\n(.*?)(?=^## )", _text(), re.MULTILINE | re.DOTALL)
    if found is None:
        return None
    meaning, _, rest = found[1].partition(EXCEPTIONS)
    exceptions, _, borderline = rest.partition(BORDERLINE)
    return Clause(_html(meaning), _html(EXCEPTIONS + exceptions), _html(borderline))


def passages(words: str) -> list[str]:
    """Paragraphs, points and rows of the guide in which some words stand, as plain text."""
    parts = re.split(r"\n(?=- |\| |#)|\n\n", _text())
    plain = [" ".join(part.strip("-#| \n").replace("**", "").replace("`", "").split()) for part in parts]
    return [part for part in plain if words.casefold() in part.casefold()]


def _text() -> str:
    return (data_directory() / GUIDE).read_text("utf-8")


def _html(text: str) -> Markup:
    # The guide is a file of this project, and what it holds of HTML is shown as text all the same.
    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return Markup(made)  # noqa: S704
