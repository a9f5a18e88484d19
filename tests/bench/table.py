"""Figures and how they are shown: a line each, with the aim beside it. Nothing passes or fails here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """A figure, what is aimed at, and further figures that belong to it."""

    name: str
    value: float
    unit: str
    aim: str = ""
    more: Mapping[str, float] = field(default_factory=dict)

    def line(self) -> str:
        """The row as it is printed."""
        more = "   ".join(f"{name} {figure(value)}" for name, value in self.more.items())
        aim = f"aim {self.aim}" if self.aim else ""
        return f"  {self.name:<46} {figure(self.value):>9} {self.unit:<13} {aim:<13} {more}".rstrip()


def figure(value: float) -> str:
    """A number with as many digits as tell something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"


def show(text: str) -> None:
    """Print at once: some figures take minutes."""
    print(text, flush=True)


def write_json(path: Path, machine: Mapping[str, Any], parts: Mapping[str, Sequence[Row]]) -> None:
    """Write all figures for programs to read."""
    rows = {name: [asdict(row) for row in found] for name, found in parts.items()}
    path.write_text(json.dumps({"machine": machine, "parts": rows}, indent=2, ensure_ascii=False) + "\n", "utf-8")
