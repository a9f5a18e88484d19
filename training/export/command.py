"""A pipeline from the command line: read the bundle, write the file, warn of what such files can do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import joblib

from classifier.bundle import read_bundle
from classifier.errors import InputError
from classifier.output import whole_file
from classifier.terminal import complain
from training.export.pipeline import pipeline_of

SUFFIX: Final = ".joblib"
COMPRESSION: Final = 3
WARNING: Final = (
    "a .joblib file runs code when it is loaded: load only what you, or somebody whom you trust, wrote. "
    "To hand a model on, give the bundle, which holds no code"
)


def export_bundle(directory: Path, out: Path) -> None:
    """Write a bundle as a scikit-learn pipeline.

    Parameters
    ----------
    directory : Path
        Of the bundle.
    out : Path
        File to write; its name ends in ``.joblib``.

    Raises
    ------
    InputError
        For another name, or a place that cannot be written.
    BundleError
        When the bundle cannot be used.
    """
    if out.suffix != SUFFIX:
        raise InputError(f"{out}: give it a name that ends in {SUFFIX}, so that nobody takes it for something harmless")
    pipeline = pipeline_of(read_bundle(directory))
    with whole_file(str(out)) as stream:
        joblib.dump(pipeline, stream, compress=COMPRESSION)
    complain(f"pipeline {out}, of bundle {directory}")
    complain(WARNING)
