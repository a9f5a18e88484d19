"""Look at labelled posts from the command line, and say what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console

from classifier.files import open_source
from classifier.output import STDOUT, open_writer, whole_file
from classifier.terminal import DONE, FAILED, progress
from training.agreement import agreement, read_readings
from training.corpus.findings import Finding, Inspection
from training.corpus.topics import read_topics
from training.posts import read_posts
from training.printing import plain_console
from training.rows import as_text
from training.schema import Schema
from training.shipped import check_files, post_files, topics_file

WORD_COLUMNS: Final = ("label", "lang", "word", "posts", "positives", "share", "score")
SHOWN: Final = 8  # places named for each fault; --json has them all


@dataclass(frozen=True)
class InspectionJob:
    """What `clarion inspect` was asked for."""

    files: tuple[str, ...]
    checks: tuple[str, ...]
    topics: str | None
    words: str | None
    json_out: str | None
    readings: str | None = None


def inspect_posts(job: InspectionJob) -> int:
    """Look at posts and print what was found; returns the exit code."""
    inspection = Inspection(
        read_posts(list(job.files) or post_files(), Schema()),
        list(read_checks(list(job.checks) or check_files())),
        read_topics(job.topics or topics_file()),
    )
    readings = read_readings(job.readings, inspection.posts.labels) if job.readings else {}
    agreed = agreement(inspection.posts, readings, inspection.seed) if readings else []
    findings: list[Finding] = []
    for _ in progress(counted(inspection, findings), "inspecting"):
        pass
    if job.words:
        write_words(job.words, inspection)
    if job.json_out:
        with whole_file(job.json_out) as stream:
            stream.write((json.dumps(as_json(findings), indent=1, ensure_ascii=False) + "\n").encode())
    if STDOUT not in {job.json_out, job.words}:
        print_findings(plain_console(), len(inspection.ids), findings)
        for one in agreed:
            shown = f"κ {one.kappa:.3f} [{one.low:.3f}–{one.high:.3f}]"
            plain_console().print(
                f"{one.label}: {shown}, {one.same} of {one.posts} posts judged alike by a second reader"
            )
    return DONE if all(one.passed for one in findings) else FAILED


def counted(inspection: Inspection, findings: list[Finding]) -> Iterator[tuple[int, int]]:
    """Run an inspection into `findings`, yielding (looks done, looks in all)."""
    for done, found in enumerate(inspection.run(), 1):
        findings += found
        yield done, len(inspection.steps())


def read_checks(files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Id and text of every row of files of checks."""
    for name in files:
        with open_source(name) as source:
            for row in source.rows:
                yield as_text(row.values.get("id")) or row.place, as_text(row.values.get("text"))


def as_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as objects."""
    return [
        {
            "what": one.what,
            "value": one.value,
            "limit": one.limit,
            "limit_is": "at most" if one.at_most else "at least",
            "passed": one.passed,
            "where": list(one.where),
        }
        for one in findings
    ]


def write_words(name: str, inspection: Inspection) -> None:
    """The words that speak most for each label and language, as a table."""
    with open_writer(name, WORD_COLUMNS) as writer:
        for label, lang, word in inspection.telling():
            share = f"{word.positives / word.posts:.3f}"
            cells = (label, lang, word.word, word.posts, word.positives, share, f"{word.score:.2f}")
            writer.write(dict(zip(WORD_COLUMNS, cells, strict=True)))


def print_findings(console: Console, posts: int, findings: Sequence[Finding]) -> None:
    """One line a finding, with the places of what is wrong."""
    console.print(f"{posts} posts")
    for one in findings:
        side = "at most" if one.at_most else "at least"
        console.print(f"  {'ok   ' if one.passed else 'FAULT'}  {one.value:7.3f}  {side} {one.limit:g}: {one.what}")
        shown = one.where[:SHOWN] if not one.passed else ()
        for place in shown:
            console.print(f"           {place}")
        if len(shown) < len(one.where) and not one.passed:
            console.print(f"           and {len(one.where) - len(shown)} more; --json FILE names them all")
    faults = sum(not one.passed for one in findings)
    console.print(f"{faults} of {len(findings)} limits are broken" if faults else "all limits are kept")
