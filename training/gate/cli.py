"""The command `gate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.options import DropConflicts, Renamed


def gate(  # noqa: PLR0913, PLR0917 - one parameter per option of the command
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="directory of the bundle that would be released")],
    files: Annotated[
        list[str] | None, typer.Argument(help="labelled posts that it has not seen; none: the frozen hard set")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="directory of the bundle that it would replace")
    ] = None,
    limits: Annotated[str | None, typer.Option("--limits", help="file of limits; default: those that ship")] = None,
    checks: Annotated[str | None, typer.Option("--checks", help="functional checks; default: those that ship")] = None,
    text: Annotated[str, typer.Option("--text", help="column of the posts")] = "text",
    label: Annotated[str | None, typer.Option("--label", help="column of exclusive classes")] = None,
    profile: Annotated[str, typer.Option("--profile", help="whose thresholds decide")] = "balanced",
    json_out: Annotated[str | None, typer.Option("--json", help="also write the findings as JSON to this file")] = None,
    renamed: Renamed = None,
    drop_conflicts: DropConflicts = False,
) -> None:
    """Hold a bundle against what must hold to release it; exit 1 with the reasons when a limit is broken."""
    from classifier.terminal import needs

    with needs("training"):
        from training.gate.command import GateJob, gate_bundle
        from training.schema import Schema, mapping
    schema = Schema(text=text, label=label, renamed=mapping(renamed or []))
    posts = tuple(files or ())
    job = GateJob(bundle, posts, against, limits, checks, schema, profile, json_out, drop_conflicts)
    raise typer.Exit(gate_bundle(job))
