"""Commands of the ground floor: score files, explain posts on the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

MODEL = Path("models/current")
Files = Annotated[
    list[str], typer.Argument(help=".csv, .jsonl (also .gz) or .parquet; - for JSON lines on standard input")
]
Model = Annotated[Path, typer.Option("--model", help="directory of the bundle")]
Profile = Annotated[str, typer.Option("--profile", help="balanced, high_precision or high_recall")]
Cues = Annotated[Path | None, typer.Option("--cues", help="directory of cue files to use instead of the bundle's")]


@app.callback()
def commands() -> None:
    """Score social-media posts and explain the scores. A flag is a request for review, never a verdict."""


@app.command()
def score(
    files: Files,
    out: Annotated[str, typer.Option("--out", help="output file; - for JSON lines on standard output")],
    model: Model = MODEL,
    profile: Profile = "balanced",
    cues: Cues = None,
    text: Annotated[str, typer.Option("--text", help="column that holds the posts")] = "text",
    explain: Annotated[bool, typer.Option("--explain", help="add the evidence behind each score")] = False,
) -> None:
    """Score every post of FILES and write the rows, with scores added, to one file."""
    from classifier.errors import InputError
    from classifier.frames import Job, Report, score_files
    from classifier.model import Classifier
    from classifier.output import STDOUT
    from classifier.terminal import complain, progress, put_off_interruptions

    if out != STDOUT and any(Path(name).exists() and Path(out).exists() and Path(name).samefile(out) for name in files):
        raise InputError(f"{out}: is also an input; give another --out")
    job = Job(Classifier.load(model, cues=cues), text, profile, explain)
    with put_off_interruptions():
        job.classifier.score(["ready"], profile=profile, explain=explain)
    report = Report()
    for _ in progress(score_files(job, files, out, report), "scoring"):
        pass
    for fault in report.faults:
        complain(f"  {fault}")
    bad = report.rows - report.scored
    flags = ", ".join(f"{label} {count:,}" for label, count in report.flagged.items()) or "none"
    complain(
        f"{report.rows:,} rows, {report.scored:,} scored, {bad:,} left without a score; flagged at {profile}: {flags}"
    )


@app.command()
def explain(
    texts: Annotated[list[str], typer.Argument(help="posts, each in quotes; - reads one from standard input")],
    model: Model = MODEL,
    profile: Profile = "balanced",
    cues: Cues = None,
) -> None:
    """Show on the terminal why posts score as they do."""
    from classifier.errors import InputError
    from classifier.model import Classifier
    from classifier.output import standard_output
    from classifier.reading import reading

    try:
        posts = [sys.stdin.buffer.read().decode("utf-8-sig") if text == "-" else text for text in texts]
    except UnicodeDecodeError as fault:
        raise InputError("-: what came on standard input is not UTF-8; convert it first") from fault
    classifier = Classifier.load(model, cues=cues)
    scores = classifier.score(posts, explain="full", profile=profile)
    with standard_output():
        for post, result in zip(posts, scores, strict=True):
            reading(classifier, post, result)
