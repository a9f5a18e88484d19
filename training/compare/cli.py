"""The command `compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.options import DropConflicts, Renamed


def compare(  # noqa: PLR0913, PLR0917 - one parameter per option of the command
    a: Annotated[Path, typer.Argument(metavar="A", help="directory of the bundle that runs")],
    b: Annotated[Path, typer.Argument(metavar="B", help="directory of the challenger")],
    files: Annotated[list[str], typer.Argument(help=".csv, .jsonl (also .gz) or .parquet with labelled posts")],
    text: Annotated[str, typer.Option("--text", help="column of the posts")] = "text",
    label: Annotated[str | None, typer.Option("--label", help="column of exclusive classes")] = None,
    profile: Annotated[str, typer.Option("--profile", help="whose thresholds decide, of each its own")] = "balanced",
    everything: Annotated[bool, typer.Option("--all", help="also posts whose `split` is train or blank")] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="of the intervals")] = 0,
    json_out: Annotated[str | None, typer.Option("--json", help="also write the figures as JSON to this file")] = None,
    changed: Annotated[
        str | None, typer.Option("--changed", help="also write the posts that change sides to this file")
    ] = None,
    show_text: Annotated[bool, typer.Option("--show-text", help="with --changed: also the text of the posts")] = False,
    renamed: Renamed = None,
    drop_conflicts: DropConflicts = False,
) -> None:
    """Say whether B is better than A on labelled posts, pair by pair, and where its thresholds have to move."""
    from classifier.terminal import needs

    with needs("training"):
        from training.compare.command import CompareJob, compare_bundles
        from training.schema import Schema, mapping
    schema = Schema(text=text, label=label, renamed=mapping(renamed or []))
    posts = tuple(files)
    job = CompareJob(a, b, posts, schema, profile, everything, seed, json_out, changed, show_text, drop_conflicts)
    compare_bundles(job)
