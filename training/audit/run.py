"""One audit from the command line: read, judge out of fold, print and write what looks wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from classifier import visible
from classifier.cues import CueSet, read_cues
from classifier.errors import InputError
from classifier.output import STDOUT, open_writer, whole_file
from classifier.terminal import progress
from classifier.text import fold
from training.audit.contradictions import Contradiction, contradictions
from training.audit.readers import agreement, read_readers
from training.audit.suspects import Suspect, suspects
from training.fit import Fitter
from training.posts import LabelledPosts, read_posts
from training.printing import plain_console, shown
from training.schema import Schema
from training.settings import settings_for
from training.shipped import data_directory, post_files
from training.streamed import LARGE

COLUMNS: Final = ("rank", "id", "place", "label", "given", "probability", "self_confidence", "cues")
SHOWN: Final = 20  # lines on the terminal
DOUBTED: Final = 0.5  # self-confidence below which a label is counted as doubtful


@dataclass(frozen=True)
class AuditJob:
    """What `clarion audit` was asked for."""

    files: tuple[str, ...]
    schema: Schema = field(default_factory=Schema)
    out: str | None = None
    json_out: str | None = None
    readings: str | None = None
    most: int = 200
    show_text: bool = False
    drop_conflicts: bool = False
    seed: int = 0


def audit_posts(job: AuditJob) -> None:
    """Judge every label by models that have not seen its post, and say which look wrong."""
    posts = read_posts(list(job.files) or post_files(), job.schema, job.drop_conflicts)
    if len(posts.frame) >= LARGE:
        raise InputError(
            f"{len(posts.frame):,} posts; an audit keeps all n-grams in memory: give it fewer than {LARGE:,}"
        )
    readers = agreement(read_readers(job.readings, posts.labels)) if job.readings else {}
    cues = read_cues(data_directory() / "cues")
    fitter = Fitter(posts, cues, settings_for(posts, bool(job.files), seed=job.seed), "audit")
    for _ in progress(fitter.run(), "judging out of fold"):
        pass
    ranked, pairs = suspects(posts, fitter.chances), contradictions(posts)
    rows = [listed(posts, cues, rank, one, job.show_text) for rank, one in enumerate(ranked[: job.most], 1)]
    if job.out:
        with open_writer(job.out, [*COLUMNS, "text"] if job.show_text else list(COLUMNS)) as writer:
            for row in rows:
                writer.write(row)
    found = summary(posts, ranked, pairs, readers)
    if job.json_out:
        with whole_file(job.json_out) as stream:
            stream.write((json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
    if STDOUT not in {job.out, job.json_out}:
        show(posts, found, rows, pairs)


def listed(posts: LabelledPosts, cues: CueSet, rank: int, one: Suspect, show_text: bool) -> dict[str, Any]:
    """A label that looks wrong, with the cues that speak against what is given."""
    frame = posts.frame
    text, against = frame["text"][one.row], "against" if one.given else "for"
    present = (cues.cues[number] for number in set(cues.find(fold(text))[:, 0].tolist()))
    named = sorted(cue.name for cue in present if cue.speaks == against and one.label in cue.labels)
    row = {
        "rank": rank,
        "id": frame["id"][one.row],
        "place": frame["place"][one.row],
        "label": one.label,
        "given": one.given,
        "probability": round(one.probability, 6),
        "self_confidence": round(one.confidence, 6),
        "cues": " ".join(named),
    }
    return row | ({"text": text} if show_text else {})


def summary(
    posts: LabelledPosts, ranked: Sequence[Suspect], pairs: Sequence[Contradiction], readers: Mapping[str, Any]
) -> dict[str, Any]:
    """Counts, contradictions and agreement, without any text."""
    places, doubted = posts.frame["place"], [one for one in ranked if one.confidence < DOUBTED]
    return {
        "posts": {"n": len(posts.frame), "sha256": posts.sha256, "left_out": posts.dropped},
        "labels": {
            label: {
                "judged": sum(one.label == label for one in ranked),
                "doubted": sum(one.label == label for one in doubted),
            }
            for label in posts.labels
        },
        "contradictions": [
            {"place": places[one.row], "other": places[one.other], "labels": list(one.labels)} for one in pairs
        ],
        "readers": dict(readers),
    }


def show(
    posts: LabelledPosts, found: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], pairs: Sequence[Contradiction]
) -> None:
    """The findings for a person."""
    console = plain_console()
    console.print(f"{found['posts']['n']} posts, each judged by a model that has not seen it or its group")
    for reason, count in found["posts"]["left_out"].items():
        console.print(f"left out: {count} posts, {reason}")
    for label, counts in found["labels"].items():
        console.print(f"{label}: {counts['doubted']} of {counts['judged']} labels are believed less than the other")
    for row in rows[:SHOWN]:
        said = f"{row['label']} is {row['given']}, probability {row['probability']:.3f}"
        cues = f"; {row['cues'].replace(' ', ', ')}" if row["cues"] else ""
        console.print(f"  {row['rank']:>3} {row['id']} ({row['place']}): {said}{cues}")
        if "text" in row:
            console.print(f"      {visible.shown(row['text'])}")
    console.print(f"{len(pairs)} pairs of near-copies have different labels")
    for one in pairs[:SHOWN]:
        here, there = posts.frame["place"][one.row], posts.frame["place"][one.other]
        console.print(f"  {here} and {there}: {', '.join(one.labels)}")
    for label, figures in found["readers"].items():
        console.print(f"{label}: Krippendorff's alpha {shown(figures['alpha'])} over {figures['posts']} posts")
        for pair in figures["pairs"]:
            same = f"{pair['same']} of {pair['posts']} alike"
            console.print(f"  {pair['readers'][0]} and {pair['readers'][1]}: kappa {shown(pair['kappa'])}, {same}")
