"""One selection from the command line: read posts, choose, write them with why and how likely each was chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.calibration import logit
from classifier.errors import InputError
from classifier.files import Row, open_source
from classifier.model import Classifier
from classifier.output import open_writer
from classifier.terminal import complain
from classifier.text import unfit
from training.corpus.copies import shared
from training.rows import as_text
from training.select.choose import Choice, choose

ADDED: Final = ("rank", "sampled_by", "inclusion_probability")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SelectionJob:
    """What `clarion select` was asked for."""

    files: tuple[str, ...]
    out: str
    n: int
    model: Path | None
    labelled: tuple[str, ...] = ()
    text: str = "text"
    random_share: float = 0.2
    seed: int = 0
    profile: str = "balanced"


def select_posts(job: SelectionJob) -> None:
    """Choose posts of the files and write them."""
    rows, columns = read_rows(job.files, job.text)
    fit = [row for row in rows if not fault_of(row, job.text)]
    left_out = Counter({"bad rows": len(rows) - len(fit)})
    if job.labelled:
        known, _ = read_rows(job.labelled, job.text)
        fresh = without(fit, [row for row in known if not fault_of(row, job.text)], job.text)
        left_out["already labelled"], fit = len(fit) - len(fresh), fresh
    if not fit:
        raise InputError(f"{', '.join(job.files)}: no posts to choose from")
    texts = [row.values[job.text] for row in fit]
    choice = choose(texts, *judged(job, texts), job.n, job.random_share, job.seed)
    left_out["nearly the same as another"] = choice.copies
    write_choice(job.out, columns, fit, choice)
    say(choice, len(texts), left_out)


def read_rows(files: Sequence[str], text: str) -> tuple[list[Row], list[str]]:
    """Rows of all files and the columns of all."""
    rows: list[Row] = []
    columns: dict[str, None] = {}
    for name in files:
        with open_source(name) as source:
            if text not in source.columns:
                have = ", ".join(source.columns[:20])
                raise InputError(f"{name}: missing column {text!r}; it has: {have}")
            columns |= dict.fromkeys(source.columns)
            rows += source.rows
    return rows, list(columns)


def fault_of(row: Row, text: str) -> str | None:
    """Why a row cannot be chosen."""
    return row.fault or unfit(row.values.get(text))


def without(rows: Sequence[Row], known: Sequence[Row], text: str) -> list[Row]:
    """Rows whose id and text nearly stand in none of the known ones."""
    ids = {as_text(row.values.get("id")) for row in known} - {""}
    alike = {place for place, _ in shared([row.values[text] for row in rows], [row.values[text] for row in known])}
    kept = enumerate(rows)
    return [row for place, row in kept if place not in alike and as_text(row.values.get("id")) not in ids]


def judged(job: SelectionJob, texts: list[str]) -> tuple[Floats | None, Floats | None]:
    """How far the nearest label of each post is from its threshold in log odds, and the highest probability."""
    if job.model is None:
        return None, None
    classifier = Classifier.load(job.model)
    chances = np.clip(classifier.probabilities(classifier.margins(texts)[0]), 1e-6, 1 - 1e-6)
    if classifier.exclusive:  # unsure between the two likeliest
        two = np.sort(chances, axis=1)[:, -2:]
        return np.log(two[:, 1] / two[:, 0]), 1 - two[:, 1]
    cuts = np.array([logit(min(max(cut, 1e-6), 1 - 1e-6)) for cut in classifier.thresholds(job.profile).values()])
    return np.abs(np.log(chances / (1 - chances)) - cuts).min(axis=1), chances.max(axis=1)


def write_choice(out: str, columns: Sequence[str], rows: Sequence[Row], choice: Choice) -> None:
    """Write the chosen rows with all their columns, and why each was chosen."""
    with open_writer(out, [*(column for column in columns if column not in ADDED), *ADDED]) as writer:
        picked = zip(choice.rows.tolist(), choice.sampled_by, choice.inclusion.tolist(), strict=True)
        for rank, (place, reason, inclusion) in enumerate(picked, 1):
            added: dict[str, Any] = {"rank": rank, "sampled_by": reason}
            known = None if np.isnan(inclusion) else round(inclusion, 9)
            writer.write(rows[place].values | added | {"inclusion_probability": known})


def say(choice: Choice, posts: int, left_out: Counter[str]) -> None:
    """Count what was chosen and what was left out."""
    kinds = ", ".join(f"{number} {kind}" for kind, number in Counter(choice.sampled_by).items())
    complain(f"{len(choice.rows)} of {posts} posts chosen: {kinds}")
    for reason, number in left_out.items():
        if number:
            complain(f"left out: {number} posts, {reason}")
