"""The console script `clarion`: the commands of every floor, and `serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

import classifier.cli
import service.review.cli
import service.security.cli
import service.store.cli
import training.cli
from classifier.errors import MissingExtraError
from classifier.terminal import run

app = typer.Typer(
    name="clarion",
    help="Flags posts that may recruit for a foreign war or call for secession, and shows why. A person decides.",
    no_args_is_help=True,
    add_completion=False,
)
for part in (training.cli, classifier.cli, service.review.cli, service.store.cli, service.security.cli):
    app.registered_commands += part.app.registered_commands
    app.registered_groups += part.app.registered_groups


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to bind to; 0 takes a free one [default: 8000]")] = None,
    bundle: Annotated[Path | None, typer.Option(help="Bundle to serve [default: models/current]")] = None,
    database: Annotated[str | None, typer.Option(help="Where posts for review are kept [default: nowhere]")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Put a demonstration into a database without posts")] = False,
    cues: Annotated[Path | None, typer.Option(help="Cue files in place of the bundle's copy")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error [default: info]")] = None,
) -> None:
    """Serve the API and the page. What is not given here comes from CLARION_* variables."""
    try:
        from service.serve import serve as serve_app
        from service.settings import read_settings
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), "service") from error
    serve_app(
        read_settings(
            host=host, port=port, bundle=bundle, database=database, demo=demo or None, cues=cues, log_level=log_level
        )
    )


def main() -> NoReturn:
    """Run the console script."""
    run(app)
