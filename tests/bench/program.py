"""Pieces of work: the program as a whole, over files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from classifier import Classifier
from classifier.cues import read_cues
from classifier.frames import Job, Report, score_files
from tests.bench.machine import ROOT, resident
from tests.bench.posts import read_posts, write_table
from tests.bench.rounds import Measured, Repeat, seconds
from training.shipped import data_directory


def command(bundle: str, posts: str, directory: str) -> Repeat:
    """`clarion score` of one post, from the start of its process to its end."""
    source, out = Path(directory) / "one.csv", Path(directory) / "one-out.csv"
    write_table(read_posts(posts), 1, source)
    # As a module: the console script of an editable installation may belong to another checkout.
    words = [sys.executable, "-m", "service", "score", str(source), "--out", str(out), "--model", bundle]
    return lambda: {"seconds": seconds(lambda: subprocess.run(words, cwd=ROOT, capture_output=True, check=True))}


def score_file(bundle: str, source: str, rows: int, directory: str) -> Repeat:
    """Score a CSV file into another, as `clarion score` does, and look at the memory after every batch."""
    job = Job(Classifier.load(bundle))
    job.classifier.score(["warm up"])

    def repeat() -> Measured:
        report, held = Report(), [(0, resident())]

        def work() -> None:
            batches = score_files(job, [source], str(Path(directory) / "out.csv"), report)
            held.extend((report.rows, resident()) for _ in batches)

        rate = rows / seconds(work)
        shares = {f"at {share} %": _held(held, rows * share / 100) for share in (10, 50, 100)}
        return shares | {"peak": resident(peak=True), "rate": rate}

    return repeat


def _held(held: Sequence[tuple[int, float]], rows: float) -> float:
    return next(megabytes for done, megabytes in held if done >= rows)


def train(files: Sequence[str]) -> Repeat:
    """Train on the files, calibration included."""
    from training.fit import Fitter
    from training.posts import read_posts as read_labelled
    from training.schema import Schema
    from training.settings import FitSettings

    labelled, cues = read_labelled(files, Schema()), read_cues(data_directory() / "cues")

    def repeat() -> Measured:
        taken = seconds(lambda: list(Fitter(labelled, cues, FitSettings(), "bench").run()))
        return {"seconds": taken, "posts": len(labelled.frame)}

    return repeat
