"""Figures and names as they stand in Markdown. Names come from files of strangers, and may not steer the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from classifier.visible import shown

LONGEST: Final = 64  # characters of a name: a digest is whole
DASH: Final = "–"


def code(name: object) -> str:
    """A name as code, on one line, with nothing that could end the code or the cell of a table."""
    text = " ".join(shown(str(name)).split())
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"`{text.replace('`', chr(39)).replace('|', '¦')}`" if text else "(blank)"


def cell(text: str) -> str:
    """A sentence of the maker's in the cell of a table."""
    return text.replace("|", "\\|")


def count(number: float) -> str:
    """A whole number with spaces between thousands."""
    return f"{number:,.0f}".replace(",", " ")


def share(value: float | None, decimals: int = 3) -> str:
    """A share with three decimals, or a dash."""
    return DASH if value is None else f"{value:.{decimals}f}"


def percent(part: float, whole: float) -> str:
    """A part of a whole in per cent, or a dash."""
    return f"{100 * part / whole:.1f} %" if whole else DASH


def bounded(figures: Mapping[str, Any], name: str) -> str:
    """A share with its 95 % interval, alone where it has none, or a dash."""
    low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
    if figures[name] is None or low is None or high is None:
        return share(figures[name])
    return f"{share(figures[name])} [{share(low)}{DASH}{share(high)}]"
