"""Card and datasheet of a bundle on the terminal, and its figures as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from classifier.bundle import CARD, DATASHEET, Bundle, read_bundle
from classifier.errors import BundleError
from classifier.output import standard_output
from classifier.terminal import complain


def show_card(directory: Path, datasheet: bool, as_json: bool) -> None:
    """Print what a verified bundle says of itself: laid out on a terminal, plain Markdown in a pipe.

    Raises
    ------
    BundleError
        When the bundle cannot be read or carries no such document.
    """
    bundle = read_bundle(directory)
    if as_json:
        write(json.dumps(figures_of(bundle), indent=1, ensure_ascii=False) + "\n")
        return
    name = DATASHEET if datasheet else CARD
    if name not in bundle.documents:
        raise BundleError(f"{directory}: carries no {name}; train it anew, or see its figures with --json")
    text = bundle.documents[name]
    if sys.stdout.isatty():
        Console().print(Markdown(text))
    else:
        write(text)
    complain(f"bundle {directory} {bundle.sha256}")


def write(text: str) -> None:
    """Text as it is on standard output."""
    with standard_output() as stream:
        stream.write(text.encode())


def figures_of(bundle: Bundle) -> dict[str, Any]:
    """The manifest's figures and what is needed to read them."""
    manifest = bundle.manifest
    return {
        "name": manifest.name,
        "version": manifest.version,
        "sha256": bundle.sha256,
        "labels": manifest.labels,
        "exclusive": manifest.exclusive,
        "policy_version": manifest.policy_version,
        "training": manifest.training,
        "metrics": manifest.metrics,
        "profiles": manifest.profiles,
        "calibration": manifest.calibration,
        "libraries": manifest.libraries,
    }
