"""Try cue files beside those of a bundle before they go live: checks, identity pairs, flags in posts of one's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from classifier.bundle import read_cue_directory
from classifier.model import Classifier, Score
from classifier.output import STDOUT, whole_file
from classifier.terminal import DONE, FAILED, progress
from training.check import Case, flipping_pairs, passes, read_cases
from training.dryrun import Change, DryRun
from training.printing import plain_console
from training.shipped import checks_file

SHOWN: Final = 20  # flags listed of each kind; --json has them all


@dataclass(frozen=True)
class CueCheckJob:
    """What `clarion cues check` was asked for."""

    directory: Path
    model: Path
    checks: str | None
    posts: tuple[str, ...]
    text: str
    profile: str
    json_out: str | None
    show_text: bool


@dataclass(frozen=True)
class CheckResults:
    """Functional checks and identity pairs with the old cues and with the new ones.

    Parameters
    ----------
    cases : sequence of Case
        The checks.
    before, after : sequence of Score
        Of the cases.
    """

    cases: Sequence[Case]
    before: Sequence[Score]
    after: Sequence[Score]

    @cached_property
    def passed(self) -> tuple[set[int], set[int]]:
        """Positions of the checks that pass, before and after; ids need not be unique."""
        old, new = (
            {at for at, (case, score) in enumerate(zip(self.cases, scores, strict=True)) if passes(case, score)}
            for scores in (self.before, self.after)
        )
        return old, new

    @cached_property
    def flipping(self) -> tuple[set[str], set[str]]:
        """Identity pairs that change a flag, before and after."""
        return flipping_pairs(self.cases, self.before), flipping_pairs(self.cases, self.after)

    @property
    def worse(self) -> bool:
        """Whether a check stops passing or an identity pair starts to change a flag."""
        return bool(self.passed[0] - self.passed[1] or self.flipping[1] - self.flipping[0])

    def to_dict(self) -> dict[str, Any]:
        """As an object."""
        (passed, passes_now), (flipped, flips_now) = self.passed, self.flipping
        return {
            "checks": {
                "of": len(self.cases),
                "before": len(passed),
                "after": len(passes_now),
                "starts_passing": [self.cases[at].id for at in sorted(passes_now - passed)],
                "stops_passing": [self.cases[at].id for at in sorted(passed - passes_now)],
            },
            "identity_pairs": {
                "of": len({case.pair for case in self.cases if case.pair}),
                "before": len(flipped),
                "after": len(flips_now),
                "starts_to_flip": sorted(flips_now - flipped),
                "stops_to_flip": sorted(flipped - flips_now),
            },
        }


def check_cues(job: CueCheckJob) -> int:
    """Compare cues with those of the bundle and print what they would change; returns the exit code."""
    before = Classifier.load(job.model)
    after = Classifier(before.bundle, read_cue_directory(job.directory, before.bundle))
    cases = read_cases(job.checks or checks_file(), before.labels)
    texts = [case.text for case in cases]
    results = CheckResults(cases, *(one.score(texts, profile=job.profile) for one in (before, after)))
    dry = DryRun(before, after, job.text, job.profile)
    for _ in progress(dry.run(job.posts), "scoring"):
        pass
    if job.json_out:
        write_json(job, results, dry)
    if job.json_out != STDOUT:
        console = plain_console()
        print_cues(console, before, after)
        print_checks(console, results)
        if job.posts:
            print_flags(console, dry, job.show_text)
    return FAILED if results.worse else DONE


def write_json(job: CueCheckJob, results: CheckResults, dry: DryRun) -> None:
    """Everything that was found, as one object."""
    found = {
        "cues_sha256": {"before": dry.before.cues_sha256, "after": dry.after.cues_sha256},
        "profile": job.profile,
        "passed": not results.worse,
        **results.to_dict(),
        "posts": {
            "rows": dry.rows,
            "scored": dry.scored,
            "flagged_before": dict(dry.flagged),
            "changes": [change.to_dict(show_text=job.show_text) for change in dry.changes],
        },
    }
    with whole_file(job.json_out or STDOUT) as stream:
        stream.write((json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))


def print_cues(console: Console, before: Classifier, after: Classifier) -> None:
    """Which cues have other patterns; one that is left out has none any more."""
    old, new = ({name: set(patterns) for name, patterns in one.cues.written.items()} for one in (before, after))
    changed = {name: (new.get(name, set()), old.get(name, set())) for name in sorted(old | new)}
    console.print(f"cues {before.cues_sha256[:12]} → {after.cues_sha256[:12]}")
    for name, (now, then) in changed.items():
        if now != then:
            console.print(f"  {name}: patterns added {len(now - then)}, taken away {len(then - now)}")


def print_checks(console: Console, results: CheckResults) -> None:
    """Which checks start or stop passing, and which identity pairs start or stop to change a flag."""
    found = results.to_dict()
    checks, pairs = found["checks"], found["identity_pairs"]
    console.print(f"checks: {checks['after']} of {checks['of']} pass, {checks['before']} before")
    print_names(console, "start passing", checks["starts_passing"])
    print_names(console, "stop passing", checks["stops_passing"])
    console.print(f"identity pairs: {pairs['after']} of {pairs['of']} change a flag, {pairs['before']} before")
    print_names(console, "start to change a flag", pairs["starts_to_flip"])
    print_names(console, "no longer do", pairs["stops_to_flip"])


def print_names(console: Console, what: str, names: Sequence[str]) -> None:
    """One line of names, where there are any."""
    if names:
        console.print(f"  {what}: {', '.join(names)}")


def print_flags(console: Console, dry: DryRun, show_text: bool) -> None:
    """How many flags each label would gain and lose, and which."""
    console.print(f"posts: {dry.rows:,} rows, {dry.scored:,} scored")
    for label in dry.before.labels:
        changes = [change for change in dry.changes if change.label == label]
        added, lost = ([one for one in changes if one.added is way] for way in (True, False))
        console.print(f"  {label}: flags added {len(added)}, lost {len(lost)}, before {dry.flagged[label]}")
        for sign, listed in (("+", added), ("-", lost)):
            for one in listed[:SHOWN]:
                console.print(f"    {sign} {shown(one, show_text)}")
            if len(listed) > SHOWN:
                console.print(f"    {sign} and {len(listed) - SHOWN} more; --json FILE names them all")


def shown(one: Change, show_text: bool) -> str:
    """One changed flag on one line."""
    name = f"{one.id} ({one.place})" if one.id else one.place
    text = f": {' '.join(one.text.split())}" if show_text else ""
    return f"{one.before:.3f} → {one.after:.3f}  {name}{text}"
