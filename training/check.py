"""Functional checks in the manner of HateCheck, identity pairs and disguises.

Röttger et al., "HateCheck: Functional Tests for Hate Speech Detection Models", ACL 2021: one short case
for each thing that a model must be able to do, and the pass rate of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console

from classifier.errors import InputError
from classifier.files import Row, open_source
from classifier.model import Classifier, Score
from classifier.terminal import DONE, FAILED
from classifier.text import unfit
from training.disguise import DISGUISES, disguise
from training.printing import plain_console
from training.rows import as_text
from training.shipped import checks_file

COLUMNS = ("id", "functionality", "text", "lang", "pair")


@dataclass(frozen=True)
class Case:
    """One check: what the flags of a text should be.

    Parameters
    ----------
    id, functionality, text, lang : str
        What it checks.
    pair : str
        Name shared by texts that differ only in an identity; empty elsewhere.
    wanted : mapping of str to bool
        By label, whether a flag is right.
    """

    id: str
    functionality: str
    text: str
    lang: str
    pair: str
    wanted: Mapping[str, bool]


def read_cases(name: str, labels: Sequence[str]) -> list[Case]:
    """Read functional checks; every fault is named with file, row and column."""
    faults, cases = [], []
    with open_source(name) as source:
        missing = [column for column in (*COLUMNS, *labels) if column not in source.columns]
        if missing:
            have = ", ".join(source.columns[:20])
            raise InputError(f"{name}: missing column {', '.join(map(repr, missing))}; it has: {have}")
        for row in source.rows:
            found = case_faults(row, labels)
            faults += found
            if not found:
                wanted = {label: row.values[label] in ("1", 1) for label in labels}
                named = {column: as_text(row.values.get(column)) for column in COLUMNS} | {"text": row.values["text"]}
                cases.append(Case(**named, wanted=wanted))
    if faults or not cases:
        raise InputError("faults in the functional checks:\n  " + "\n  ".join(faults or [f"{name}: no checks"]))
    return cases


def case_faults(row: Row, labels: Sequence[str]) -> list[str]:
    """What is wrong with one row, each fault with its place."""
    if row.fault:
        return [f"{row.place}: {row.fault}"]
    reason = unfit(row.values.get("text"))
    wrong = [label for label in labels if row.values.get(label) not in ("0", "1", 0, 1)]
    return ([f"{row.place}, column 'text': {reason}"] if reason else []) + [
        f"{row.place}, column {label!r}: write 0 or 1" for label in wrong
    ]


def passes(case: Case, score: Score) -> bool:
    """Whether every flag is as wanted."""
    return all(score.labels[label].flagged == wanted for label, wanted in case.wanted.items())


def flags(score: Score) -> tuple[bool, ...]:
    """The flags of all labels."""
    return tuple(one.flagged for one in score.labels.values())


def chances(score: Score) -> tuple[float, ...]:
    """The probabilities of all labels."""
    return tuple(one.probability for one in score.labels.values())


def pair_members(cases: Sequence[Case], scores: Sequence[Score]) -> dict[str, list[Score]]:
    """Scores of the members of every identity pair."""
    members: dict[str, list[Score]] = {}
    for case, score in zip(cases, scores, strict=True):
        if case.pair:
            members.setdefault(case.pair, []).append(score)
    return members


def flipping_pairs(cases: Sequence[Case], scores: Sequence[Score]) -> set[str]:
    """Names of the identity pairs whose members differ in a flag."""
    return {name for name, group in pair_members(cases, scores).items() if len(set(map(flags, group))) > 1}


def pair_changes(cases: Sequence[Case], scores: Sequence[Score]) -> tuple[int, int, float]:
    """Over identity pairs: pairs whose flags differ, pairs in all, median change of probability."""
    members = pair_members(cases, scores)
    changes = [
        max(found) - min(found) for group in members.values() for found in zip(*map(chances, group), strict=True)
    ]
    return len(flipping_pairs(cases, scores)), len(members), median(changes) if changes else 0.0


def check_bundle(directory: Path, checks: str | None, fail_under: float, profile: str) -> int:
    """Run all checks and print what failed; returns the exit code."""
    classifier = Classifier.load(directory)
    cases = read_cases(checks or checks_file(), classifier.labels)
    texts = [case.text for case in cases]
    scores = classifier.score(texts, profile=profile)
    console = plain_console()
    passed = [passes(case, score) for case, score in zip(cases, scores, strict=True)]
    print_functionalities(console, cases, passed)
    flips, pairs, change = pair_changes(cases, scores)
    console.print(f"identity pairs: {flips} of {pairs} change a flag, median change of probability {change:.3f}")
    for name in DISGUISES:
        disguised = classifier.score([disguise(text, name, 0) for text in texts], profile=profile)
        flips = sum(flags(one) != flags(other) for one, other in zip(disguised, scores, strict=True))
        kept = sum(chances(one) == chances(other) for one, other in zip(disguised, scores, strict=True))
        console.print(f"disguise {name}: {flips} of {len(cases)} change a flag, {kept} keep their very score")
    share = sum(passed) / len(passed)
    word = "enough" if share >= fail_under else "too few"
    console.print(f"{sum(passed)} of {len(passed)} checks pass ({share:.1%}); {word}: {fail_under:.0%} wanted")
    return DONE if share >= fail_under else FAILED


def print_functionalities(console: Console, cases: Sequence[Case], passed: Sequence[bool]) -> None:
    """Pass rate of each functionality, the worst first, with the ids that failed."""
    names = dict.fromkeys(case.functionality for case in cases)
    rows = []
    for name in names:
        results = [(case.id, ok) for case, ok in zip(cases, passed, strict=True) if case.functionality == name]
        failed = [case_id for case_id, ok in results if not ok]
        rows.append((1 - len(failed) / len(results), name, len(results), failed))
    for share, name, count, failed in sorted(rows):
        console.print(f"  {share:>4.0%} of {count:>3}  {name}{': ' + ', '.join(failed) if failed else ''}")
