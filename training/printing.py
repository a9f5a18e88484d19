"""Figures for a person, on standard output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console

WIDTH: Final = 120


def plain_console() -> Console:
    """Standard output for text as it is: names of models, classes and checks may look like rich markup."""
    return Console(highlight=False, markup=False, emoji=False, width=WIDTH, soft_wrap=True)


def shown(figure: float | None) -> str:
    """A share with three decimals, or a dash."""
    return "–" if figure is None else f"{figure:.3f}"


def interval(figures: Mapping[str, Any], name: str) -> str:
    """A share with its 95 % interval; a dash where it cannot be had."""
    if figures[f"{name}_low"] is None:
        return shown(figures[name])
    return f"{shown(figures[name])} [{figures[f'{name}_low']:.2f}–{figures[f'{name}_high']:.2f}]"
