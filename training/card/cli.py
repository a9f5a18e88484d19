"""The command `card`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def card(
    bundle: Annotated[Path, typer.Argument(metavar="[DIR]", help="directory of the bundle")] = Path("models/current"),
    datasheet: Annotated[bool, typer.Option("--datasheet", help="the datasheet of its posts instead")] = False,
    json_out: Annotated[bool, typer.Option("--json", help="the manifest's figures instead, as JSON")] = False,
) -> None:
    """Show the card of a bundle: what it is for and not for, how good it is, what it was made from."""
    from training.card.show import show_card

    show_card(bundle, datasheet, json_out)
