"""A portrait from the command line: read, measure, write the figures and bring a document up to date."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from classifier.cues import read_cues
from classifier.output import whole_file
from classifier.terminal import complain, progress
from training.check import read_cases
from training.portrait.run import Portrait
from training.portrait.tables import all_tables
from training.posts import read_posts
from training.printing import plain_console
from training.schema import Schema
from training.settings import FitSettings
from training.shipped import checks_file, data_directory, post_files
from training.study.run import read_ordinary
from training.study.tables import brought_up_to_date


@dataclass(frozen=True)
class PortraitJob:
    """What `clarion portrait` was asked for."""

    files: tuple[str, ...]
    out: Path
    checks: str | None
    ordinary: str | None
    document: Path | None
    seed: int


def portray(job: PortraitJob) -> None:
    """Measure what each part of the pipeline is worth; writes `model.json` to `out`."""
    schema = Schema()
    portrait = Portrait(
        posts=read_posts(list(job.files) or post_files(), schema),
        cases=read_cases(job.checks or checks_file(), schema.labels),
        ordinary=read_ordinary(job.ordinary) if job.ordinary else None,
        cues=read_cues(data_directory() / "cues"),
        settings=FitSettings(seed=job.seed),
    )
    for _ in progress(portrait.run(), "measuring"):
        pass
    job.out.mkdir(parents=True, exist_ok=True)
    with whole_file(str(job.out / "model.json")) as stream:
        stream.write((json.dumps(portrait.figures, indent=1, ensure_ascii=False) + "\n").encode())
    tables = all_tables(portrait.figures, schema.labels)
    if job.document:
        text = brought_up_to_date(job.document.read_text("utf-8"), tables)
        with whole_file(str(job.document)) as stream:
            stream.write(text.encode())
    console = plain_console()
    for name, content in tables.items():
        console.print(f"{name}\n{content}")
    complain(f"figures in {job.out}")
