"""Options that several commands take alike."""

from __future__ import annotations

from typing import Annotated

import typer

Renamed = Annotated[
    list[str] | None, typer.Option("--map", metavar="NAME=COLUMN", help="what FILES call a column; may be given often")
]
DropConflicts = Annotated[
    bool, typer.Option("--drop-conflicts", help="leave out posts whose text stands elsewhere with other labels")
]
