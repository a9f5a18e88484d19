"""`python -m tests.bench [FILES...]`: speed and memory, beside what others would use, on the same posts.

Trains on FILES, which must have the columns of the labelling guide (without any: on the posts that ship), and scores
20 000 posts made from them. Every figure comes from a process of its own on one core, and is the median of repetitions
during which the pieces that are compared take turns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from classifier import Classifier
from classifier.bundle import write_bundle
from classifier.cues import read_cues
from tests.bench.machine import describe
from tests.bench.parts import PARTS, Bench
from tests.bench.posts import made, shipped, write_posts
from tests.bench.rounds import PieceError
from tests.bench.table import Row, show, write_json
from training.fit import Fitter
from training.posts import read_posts
from training.schema import Schema
from training.settings import FitSettings
from training.shipped import data_directory, post_files

POSTS = 20_000


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("files", nargs="*", help="labelled posts [default: those that ship]")
    parser.add_argument("--only", choices=PARTS, help="run one part")
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the file for memory [default: 200000]")
    parser.add_argument("--queued", type=int, default=100_000, help="posts that wait for readers [default: 100000]")
    parser.add_argument("--database", help="an empty database for them [default: a file of SQLite, thrown away]")
    parser.add_argument("--bundle", help="a bundle that there is already, instead of training one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


def make_bundle(files: list[str], directory: Path) -> str:
    """Train the bundle that is measured."""
    cues = read_cues(data_directory() / "cues")
    fitter = Fitter(read_posts(files, Schema()), cues, FitSettings(), "bench")
    list(fitter.run())
    if fitter.bundle is None:
        sys.exit("training ended without a bundle")
    write_bundle(directory, fitter.bundle.manifest, fitter.bundle.arrays, cues)
    return str(directory)


def prepare(asked: argparse.Namespace, directory: Path) -> Bench:
    """Make what the parts work with, and compile once so that no part has to."""
    files = [str(Path(name).resolve()) for name in asked.files] or post_files()
    bundle = str(Path(asked.bundle).resolve()) if asked.bundle else make_bundle(files, directory / "bundle")
    Classifier.load(bundle).score(["ready"], explain=True)
    write_posts(made(shipped(files), POSTS), directory / "posts.json")
    return Bench(files, bundle, str(directory / "posts.json"), str(directory), asked.rows, asked.queued, asked.database)


def run(name: str, bench: Bench) -> list[Row]:
    """Measure one part, showing each figure as it comes."""
    show(name)
    rows = []
    try:
        for row in PARTS[name](bench):
            show(row.line())
            rows.append(row)
    except PieceError as error:
        show(f"  not measured: {error}")
    return rows


def main() -> None:
    """Measure everything, or the part that was asked for."""
    asked, machine = read_arguments(), describe()
    show("   ".join(f"{name} {value}" for name, value in machine.items()))
    with tempfile.TemporaryDirectory() as directory:
        bench = prepare(asked, Path(directory))
        parts = {name: run(name, bench) for name in ([asked.only] if asked.only else PARTS)}
    if asked.json:
        write_json(asked.json, machine, parts)


if __name__ == "__main__":
    main()
