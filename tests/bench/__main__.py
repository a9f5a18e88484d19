"""`python -m tests.bench [FILES...]`: speed and memory beside scikit-learn on the same posts.

Without FILES it uses the posts that ship; files must have the columns of the labelling guide.
Every figure comes from a process of its own; seconds are the median of the repetitions.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from classifier.bundle import write_bundle
from classifier.cues import read_cues
from training.fit import FitSettings, Fitter
from training.posts import Schema, read_posts
from training.shipped import data_directory, post_files


def measure(what: str, **options: Any) -> dict[str, Any]:
    """Run one piece of work in its own process."""
    command = [sys.executable, "-m", "tests.bench.work", what, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{what}: {done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def show(name: str, result: dict[str, Any], base: float | None = None) -> float:
    """Print one line; returns posts per second."""
    seconds = median(result["seconds"])
    rate = result["posts"] / seconds
    times = f"{rate / base:6.1f} x" if base else " " * 8
    print(
        f"{name:<46} {rate:>10,.0f} posts/s {times} {1e6 / rate:>9,.0f} µs/post {result['megabytes']:>6} MB peak",
        flush=True,
    )
    return rate


def make_bundle(files: list[str], directory: Path) -> str:
    """Train the bundle that is measured."""
    cues = read_cues(data_directory() / "cues")
    fitter = Fitter(read_posts(files, Schema()), cues, FitSettings(), "bench")
    list(fitter.run())
    if fitter.bundle is None:
        sys.exit("training ended without a bundle")
    write_bundle(directory, fitter.bundle.manifest, fitter.bundle.arrays, cues)
    return str(directory)


def main() -> None:
    """Measure everything and print it."""
    files = sys.argv[1:] or post_files()
    with tempfile.TemporaryDirectory() as directory:
        bundle = make_bundle(files, Path(directory) / "bundle")
        baseline = show("scikit-learn char_wb 2-5 + logistic regression", measure("scikit_learn", files=files))
        show("clarion, batch", measure("clarion", bundle=bundle, files=files, explain=False), baseline)
        show("clarion, batch, with evidence", measure("clarion", bundle=bundle, files=files, explain=True), baseline)
        show("clarion, one post a call", measure("single", bundle=bundle, files=files), baseline)
        for rows in (10_000, 100_000):
            result = measure("score_file", bundle=bundle, files=files, rows=rows, directory=directory)
            show(f"clarion score, CSV of {rows:,} rows", result, baseline)
        result = measure("train", files=files)
        print(f"training on {result['posts']} posts: {median(result['seconds']):.1f} s, {result['megabytes']} MB peak")


if __name__ == "__main__":
    main()
