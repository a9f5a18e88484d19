"""Measure a bundle on labelled posts: the table on the terminal, the figures as JSON, the report as a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifier.errors import InputError
from classifier.model import Classifier
from classifier.output import STDOUT, whole_file
from classifier.terminal import complain, progress
from training.check import read_cases
from training.gathering import remaining_part
from training.intervals import RESAMPLES
from training.posts import LabelledPosts, read_posts
from training.printing import interval, plain_console, shown
from training.report.figures import Report
from training.report.judged import Judged
from training.report.page import page
from training.report.workload import Stream
from training.schema import Schema
from training.shipped import checks_file

TRAINED_ON = "these are the very posts that the bundle was trained on: the figures say nothing of new posts"


@dataclass(frozen=True)
class EvaluationJob:
    """What `clarion evaluate` was asked for."""

    directory: Path
    files: tuple[str, ...]
    report: str | None = None
    json_out: str | None = None
    text: str = "text"
    label: str | None = None
    everything: bool = False
    stream: Stream = field(default_factory=Stream)
    seed: int = 0
    resamples: int = RESAMPLES
    renamed: Mapping[str, str] = field(default_factory=dict)
    drop_conflicts: bool = False


def evaluate_bundle(job: EvaluationJob) -> None:
    """Read posts, measure, print, and write JSON and the report where asked for."""
    if job.report == STDOUT == job.json_out:
        raise InputError("--report - and --json - both ask for standard output; give one of them a file")
    classifier = Classifier.load(job.directory)
    posts = read_posts(job.files, schema_for(classifier, job.text, job.label, job.renamed), job.drop_conflicts)
    if not job.everything:
        posts = remaining_part(posts)
    if posts.frame.empty:
        raise InputError(
            f"{', '.join(job.files)}: every post is of split train or blank; pass --all to measure on them"
        )
    check_classes(posts, classifier)
    figures = measure(classifier, posts, job)
    if job.json_out:
        write(job.json_out, json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    if job.report:
        write(job.report, page(figures))
    if STDOUT not in {job.json_out, job.report}:
        print_figures(figures)
    for note in figures["notes"]:
        complain(note)


def write(name: str, text: str) -> None:
    """Write a whole file; halves of surrogate pairs, which UTF-8 cannot carry, as their code."""
    with whole_file(name) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))


def schema_for(
    classifier: Classifier, text: str, label: str | None, renamed: Mapping[str, str] | None = None
) -> Schema:
    """Columns that posts must have for this bundle."""
    if classifier.exclusive and label is None:
        raise InputError("the labels of this bundle are exclusive; name the column of classes with --label")
    return Schema(classifier.labels, text, label, renamed or {})


def check_classes(posts: LabelledPosts, classifier: Classifier) -> None:
    """Refuse classes that the bundle does not know."""
    unknown = sorted(set(posts.labels) - set(classifier.labels))
    if unknown:
        raise InputError(
            f"classes unknown to this bundle: {', '.join(unknown)}; it has: {', '.join(classifier.labels)}"
        )


def measure(classifier: Classifier, posts: LabelledPosts, job: EvaluationJob) -> dict[str, Any]:
    """Figures of a classifier on posts.

    Parameters
    ----------
    classifier : Classifier
        Whose scores are judged.
    posts : LabelledPosts
        Posts with labels; blank labels are left out of that label's figures.
    job : EvaluationJob
        With a report or JSON to be written, every look is taken.

    Returns
    -------
    dict
        `model`, `posts`, `notes`, `labels`, and what `Report` adds.
    """
    judged = Judged(classifier, posts, job.seed, job.resamples)
    report = Report(judged, job.stream, full=bool(job.report or job.json_out))
    return figures_of(report, notes_on(judged))


def figures_of(report: Report, notes: list[str]) -> dict[str, Any]:
    """What a report finds, with which bundle and posts it is about, and what to know of them."""
    classifier, posts = report.judged.classifier, report.judged.posts
    if report.by_guide and report.full:
        report.cases = read_cases(checks_file(), classifier.labels)
    for _ in progress(report.run(), "measuring"):
        pass
    return {
        "model": {"name": classifier.name, "version": classifier.version, "sha256": classifier.sha256},
        "posts": {"n": len(posts.frame), "sha256": posts.sha256, "left_out": posts.dropped},
        "notes": notes,
    } | report.figures


def notes_on(judged: Judged) -> list[str]:
    """What the reader of the figures must know of the posts."""
    notes, posts, bundle = [], judged.posts, judged.classifier.bundle
    if posts.sha256 == bundle.manifest.training.get("data_sha256"):
        notes.append(TRAINED_ON)
    elif bundle.nearest is not None:
        carried = {bundle.nearest.row(place)["text"] for place in range(len(bundle.nearest.row_at) - 1)}
        known = sum(text in carried for text in posts.texts)
        if known:
            notes.append(f"{known} of these posts are among the labelled posts that the bundle carries: it knows them")
    return notes


def print_figures(figures: dict[str, Any]) -> None:
    """The main figures for a person."""
    console = plain_console()
    model = figures["model"]
    console.print(f"{model['name']} {model['version']} on {figures['posts']['n']} posts")
    for reason, count in figures["posts"]["left_out"].items():
        console.print(f"left out: {count} posts, {reason}")
    if figures["classes"]:
        classes = figures["classes"]
        console.print(f"accuracy {ends(classes['accuracy'])}  macro-F1 {ends(classes['macro_f1'])}")
    for label, one in figures["labels"].items():
        for line in label_lines(label, one):
            console.print(line)
    if not figures["sampling"]["recall_measurable"]:
        console.print(f"recall and all that needs it: {figures['sampling']['reason']}")


def label_lines(label: str, one: dict[str, Any]) -> Iterator[str]:
    """The main figures of one label."""
    counts = f"{one['positives']} of {one['n']} posts positive"
    yield f"{label}: average precision {shown(one['average_precision'])}, {counts}"
    for name, profile in one["profiles"].items():
        shares = f"precision {interval(profile, 'precision')}  recall {interval(profile, 'recall')}"
        yield f"  {name:<15} from {profile['threshold']:.3f}  {shares}"
    curves, calibration = one["curves"], one["calibration"]
    precision, area = ends(curves["average_precision"]), ends(curves["auc"])
    yield f"  {'over groups':<15} average precision {precision}  area under ROC {area}"
    if calibration:
        error = f"calibration error {calibration['error']:.3f} (noise {calibration['floor']:.3f})"
        yield f"  {'probabilities':<15} {error}  Brier score {ends(calibration['brier'])}"
    for name, part in one["by_language"].items():
        precision = shown(part["average_precision"])
        yield f"  {name:<15} average precision {precision}, {part['positives']} of {part['n']} posts positive"


def ends(found: dict[str, Any] | None) -> str:
    """An estimate with its interval, or a dash."""
    if found is None or found["low"] is None:
        return shown(None if found is None else found["value"])
    return f"{found['value']:.3f} [{found['low']:.3f}–{found['high']:.3f}]"
