"""Hold everything that is measured against the limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from classifier.model import Classifier
from training.check import Case
from training.compare.figures import WORSE
from training.compare.run import Comparison
from training.compare.sides import Side
from training.gate.cases import case_figures
from training.gate.findings import Figure, Finding, plain
from training.gate.heldout import HeldOut
from training.gate.limits import COUNTS, Limit
from training.intervals import RESAMPLES
from training.posts import LabelledPosts
from training.report.judged import Judged

NO_CASES = "no functional checks for these labels; name a file with --checks"
NO_OLD = "no bundle to compare with; name one with --against"
NO_POSTS = "these posts or checks have nothing to hold against it"
OF_CASES = ("functional_checks", "functionality", "harmless_functionality", "identity_flips", "identity_change")


@dataclass
class Gate:
    """A bundle before its release.

    Parameters
    ----------
    classifier : Classifier
        Of the bundle.
    limits : mapping of str to Limit
        What it must hold.
    posts : LabelledPosts
        That it has not seen.
    cases : sequence of Case
        Functional checks; empty where there are none for its labels.
    old : Classifier or None
        The bundle that it would replace.
    shared : LabelledPosts or None
        The posts with the labels that both have.
    profile : str
        Whose thresholds decide.
    seed, resamples : int
        Of the intervals.
    """

    classifier: Classifier
    limits: Mapping[str, Limit]
    posts: LabelledPosts
    cases: Sequence[Case] = ()
    old: Classifier | None = None
    shared: LabelledPosts | None = None
    profile: str = "balanced"
    seed: int = 0
    resamples: int = RESAMPLES
    figures: dict[str, list[Figure]] = field(default_factory=dict)

    def run(self) -> Iterator[tuple[int, int]]:
        """Measure, yielding (steps done, steps in all); `findings` are complete at the end."""
        if self.cases:
            self.figures |= case_figures(self.classifier, self.cases, self.profile)
        yield 1, 3
        judged = Judged(self.classifier, self.posts, self.seed, self.resamples)
        self.figures |= HeldOut(Side(judged, self.profile)).figures()
        yield 2, 3
        if self.old is not None and self.shared is not None:
            self.figures |= self.against(self.old, self.shared)
        yield 3, 3

    def against(self, old: Classifier, shared: LabelledPosts) -> dict[str, list[Figure]]:
        """How many labels and slices are told to be worse than with the old bundle, and which."""
        comparison = Comparison(old, self.classifier, shared, self.profile, self.seed, self.resamples)
        for _ in comparison.run():
            pass
        labels = [label for label, one in comparison.figures["by_label"].items() if one["verdict"] == WORSE]
        slices = [
            f"{one['kind']} {one['slice']} ({one['label']}, {one['figure']})"
            for one in comparison.figures["slices"]
            if one["verdict"] == WORSE
        ]
        found = zip(COUNTS, (labels, slices), strict=True)
        return {name: [plain("", len(worse), ", ".join(worse))] for name, worse in found}

    @property
    def findings(self) -> list[Finding]:
        """Every limit with the figures held against it, in the order of the limits."""
        found = []
        for name, limit in self.limits.items():
            figures = self.figures.get(name, [])
            found.append(Finding(limit, figures, "" if figures else self.why_not(name)))
        return found

    def why_not(self, name: str) -> str:
        """Why a limit was not applied."""
        if name in COUNTS:
            return NO_OLD
        return NO_CASES if name in OF_CASES and not self.cases else NO_POSTS

    @property
    def passed(self) -> bool:
        """Whether no limit is broken."""
        return not any(finding.broken for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """As an object."""
        one, old = self.classifier, self.old
        return {
            "model": {"name": one.name, "version": one.version, "sha256": one.sha256},
            "against": {"name": old.name, "version": old.version, "sha256": old.sha256} if old else None,
            "profile": self.profile,
            "posts": {"n": len(self.posts.frame), "sha256": self.posts.sha256, "left_out": self.posts.dropped},
            "checks": len(self.cases),
            "passed": self.passed,
            "limits": [finding.to_dict() for finding in self.findings],
        }
