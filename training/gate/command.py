"""`clarion gate`: read, measure, print what holds and what does not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import InputError
from classifier.model import Classifier
from classifier.output import STDOUT, whole_file
from classifier.terminal import DONE, FAILED, complain, progress
from training.check import Case, read_cases
from training.compare.sides import known_to, read_shared, trained_on
from training.evaluate import check_classes, schema_for
from training.gate.limits import read_limits
from training.gate.run import Gate
from training.gate.show import print_gate
from training.gathering import remaining_part
from training.guide import LABELS
from training.posts import LabelledPosts, read_posts
from training.printing import plain_console
from training.report.judged import Judged
from training.schema import Schema
from training.shipped import checks_file, gate_file, hard_file


@dataclass(frozen=True)
class GateJob:
    """What `clarion gate` was asked for; the labels of `schema` are those of the bundle."""

    bundle: Path
    files: tuple[str, ...]
    against: Path | None
    limits: str | None
    checks: str | None
    schema: Schema
    profile: str
    json_out: str | None
    drop_conflicts: bool


def gate_bundle(job: GateJob) -> int:
    """Hold a bundle against the limits and say which it breaks; returns the exit code."""
    gate = read_gate(job)
    for _ in progress(gate.run(), "measuring"):
        pass
    if not any(finding.figures for finding in gate.findings):
        raise InputError(
            f"{job.bundle}: none of the limits can be applied to these posts; give posts that can break one"
        )
    for note in known_to(Judged(gate.classifier, gate.posts)):
        complain(note)
    if job.json_out:
        with whole_file(job.json_out) as stream:
            stream.write((json.dumps(gate.to_dict(), indent=1, ensure_ascii=False) + "\n").encode())
    if job.json_out != STDOUT:
        print_gate(plain_console(), gate)
    return DONE if gate.passed else FAILED


def read_gate(job: GateJob) -> Gate:
    """Read everything that is needed; refuses posts that a bundle was trained on."""
    limits = read_limits(job.limits or gate_file())
    classifier = Classifier.load(job.bundle)
    classifier.thresholds(job.profile)
    posts = unseen_posts(classifier, job)
    cases = cases_for(classifier, job.checks)
    if job.against is None:
        return Gate(classifier, limits, posts, cases, profile=job.profile)
    old = Classifier.load(job.against)
    old.thresholds(job.profile)
    shared = read_shared(old, classifier, post_files_for(classifier, job), job.schema, False, job.drop_conflicts)
    refuse_seen(old, shared, job.against)
    return Gate(classifier, limits, posts, cases, old, shared, job.profile)


def of_the_guide(classifier: Classifier) -> bool:
    """Whether the labels are those of the guide, so that what ships can judge them."""
    return not classifier.exclusive and set(classifier.labels) <= set(LABELS)


def post_files_for(classifier: Classifier, job: GateJob) -> list[str]:
    """Files of posts that judge a bundle: those named, or the frozen hard set."""
    if not job.files and not of_the_guide(classifier):
        raise InputError(
            f"the labels of {job.bundle} ({', '.join(classifier.labels)}) are not the guide's: "
            "name files of labelled posts that it was not trained on"
        )
    return list(job.files) or [hard_file()]


def unseen_posts(classifier: Classifier, job: GateJob) -> LabelledPosts:
    """Labelled posts that the bundle has not seen; of a column `split`, what `train` leaves."""
    files = post_files_for(classifier, job)
    schema = schema_for(classifier, job.schema.text, job.schema.label, job.schema.renamed)
    every = read_posts(files, schema, job.drop_conflicts)
    check_classes(every, classifier)
    posts = remaining_part(every)
    if posts.frame.empty:
        raise InputError(f"{', '.join(files)}: every post is of split train or blank; the gate needs others")
    refuse_seen(classifier, posts, job.bundle)
    return posts


def refuse_seen(classifier: Classifier, posts: LabelledPosts, bundle: Path) -> None:
    """Refuse posts that a bundle was trained on: it would pass by heart."""
    if trained_on(classifier, posts):
        raise InputError(f"{bundle} was trained on these very posts; name files of posts that it has not seen")


def cases_for(classifier: Classifier, checks: str | None) -> list[Case]:
    """Functional checks: of the file named, or those that ship where they have the labels; else none."""
    if checks is None and not of_the_guide(classifier):
        return []
    return read_cases(checks or checks_file(), classifier.labels)
