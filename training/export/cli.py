"""The command `export-sklearn`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export_sklearn(
    bundle: Annotated[Path, typer.Argument(metavar="DIR", help="directory of the bundle")],
    out: Annotated[Path, typer.Option("--out", help="the .joblib file to write")],
) -> None:
    """Write a bundle as a scikit-learn pipeline for notebooks. Loading one runs code: a bundle is safer."""
    from classifier.terminal import needs

    with needs("training"):
        from training.export.command import export_bundle
    export_bundle(bundle, out)
