"""A study from the command line: read, measure, write the figures and the picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from classifier.cues import read_cues
from classifier.errors import InputError
from classifier.output import whole_file
from classifier.terminal import complain, progress
from training.check import read_cases
from training.posts import read_posts
from training.printing import plain_console
from training.schema import Schema
from training.settings import FitSettings
from training.shipped import checks_file, data_directory, hard_file, post_files
from training.study.plot import learning_curve
from training.study.run import Study, read_ordinary
from training.study.tables import all_tables, brought_up_to_date


@dataclass(frozen=True)
class StudyJob:
    """What `clarion study` was asked for."""

    files: tuple[str, ...]
    out: Path
    hard: str | None
    checks: str | None
    ordinary: str | None
    document: Path | None
    seed: int
    quick: bool


def study_posts(job: StudyJob) -> None:
    """Measure what posts are worth, write `data.json` and `curve.svg` to `out`, and bring a document up to date."""
    schema = Schema()
    study = Study(
        posts=read_posts(list(job.files) or post_files(), schema),
        hard=read_posts([job.hard or hard_file()], schema),
        cases=read_cases(job.checks or checks_file(), schema.labels),
        ordinary=read_ordinary(job.ordinary) if job.ordinary else None,
        cues=read_cues(data_directory() / "cues"),
        settings=FitSettings(seed=job.seed),
        quick=job.quick,
    )
    refuse_known(study)
    for _ in progress(study.run(), "studying"):
        pass
    job.out.mkdir(parents=True, exist_ok=True)
    with whole_file(str(job.out / "data.json")) as stream:
        stream.write((json.dumps(study.figures, indent=1, ensure_ascii=False) + "\n").encode())
    if "curve" in study.figures:
        with whole_file(str(job.out / "curve.svg")) as stream:
            stream.write(learning_curve(study.figures["curve"], schema.labels))
    tables = all_tables(study.figures, schema.labels)
    if job.document:
        text = brought_up_to_date(job.document.read_text("utf-8"), tables)
        with whole_file(str(job.document)) as stream:
            stream.write(text.encode())
    console = plain_console()
    for name, content in tables.items():
        console.print(f"{name}\n{content}")
    complain(f"figures in {job.out}")


def refuse_known(study: Study) -> None:
    """Refuse a hard set of which posts stand among those to learn from: its figures would flatter."""
    known = sorted(set(study.hard.texts) & set(study.posts.texts))
    if known:
        places = study.hard.frame["place"][study.hard.frame["text"].isin(known)]
        raise InputError(
            f"{len(known)} posts of the hard set are also learnt from; take them away:\n  " + "\n  ".join(places)
        )
