"""`clarion compare`: read, compare, write, print."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from classifier.model import Classifier
from classifier.output import STDOUT, whole_file
from classifier.terminal import complain, progress
from training.compare.changed import changed_rows, write_changed
from training.compare.run import Comparison
from training.compare.show import print_comparison, sentences
from training.compare.sides import known_to, read_shared
from training.printing import plain_console
from training.schema import Schema


@dataclass(frozen=True)
class CompareJob:
    """What `clarion compare` was asked for; the labels of `schema` are those that the bundles share."""

    a: Path
    b: Path
    files: tuple[str, ...]
    schema: Schema
    profile: str
    everything: bool
    seed: int
    json_out: str | None
    changed: str | None
    show_text: bool
    drop_conflicts: bool


def compare_bundles(job: CompareJob) -> None:
    """Compare two bundles on labelled posts and say whether the challenger is better."""
    a, b = Classifier.load(job.a), Classifier.load(job.b)
    for one in (a, b):
        one.thresholds(job.profile)  # an unknown profile is said before posts are read
    posts = read_shared(a, b, job.files, job.schema, job.everything, job.drop_conflicts)
    comparison = Comparison(a, b, posts, job.profile, job.seed)
    for _ in progress(comparison.run(), "comparing"):
        pass
    figures = comparison.figures | {"verdict": sentences(comparison.figures)}
    if job.changed:
        rows = changed_rows(comparison.labels, *comparison.sides, job.show_text)
        write_changed(job.changed, rows, job.show_text)
    if job.json_out:
        with whole_file(job.json_out) as stream:
            stream.write((json.dumps(figures, indent=1, ensure_ascii=False) + "\n").encode())
    if STDOUT not in {job.json_out, job.changed}:
        print_comparison(plain_console(), figures)
    for note in notes(comparison):
        complain(note)


def notes(comparison: Comparison) -> list[str]:
    """What makes these figures worth less than they look."""
    found = [
        f"{name}: {note}" for name, side in zip("AB", comparison.sides, strict=True) for note in known_to(side.judged)
    ]
    if comparison.a.sha256 == comparison.b.sha256:
        found.append("A and B are the same bundle")
    if not comparison.figures["recall_measurable"]:
        found.append("some of these posts were seen because they were flagged: nothing is said of what is missed")
    return found
