"""Every figure of a report, made step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from training.check import Case
from training.disguise import DISGUISES
from training.guide import LABELS
from training.measure import at_threshold, by_slice
from training.report.calibration import calibration_figures, histogram_of
from training.report.curves import curves_of
from training.report.drift import drift_of
from training.report.exclusive import class_figures
from training.report.identity import identity_figures, read_names
from training.report.judged import Judged, One
from training.report.lawful import lawful_figures, read_speech
from training.report.mistakes import mistakes_of
from training.report.rates import profile_rates
from training.report.robust import check_figures, disguise_figures
from training.report.slices import category_figures, slice_figures, slices_of
from training.report.workload import Stream, workload_of

OTHER_LABELS: Final = "the labels of this bundle are not those of the labelling guide"
NOT_RECORDED: Final = "this bundle carries no reference of its training posts; train it anew"
SEEN: Final = "these are the posts that the bundle was trained on; measure it on others with `clarion evaluate`"
FLAGGED_ONLY: Final = (
    "not measurable from these posts: some were shown to a reviewer because they were flagged, with no probability of "
    "being chosen, so nothing is known of the appeals among those that were not"
)


@dataclass
class Report:
    """One run of measuring.

    Parameters
    ----------
    judged : Judged
        Posts and what a bundle says of them.
    stream : Stream
        To which the costs of a threshold are scaled.
    cases : list of Case
        Functional checks; none for labels that are not the guide's.
    full : bool
        Whether to take the looks that take time: slices, checks, disguises, names, drift, mistakes.
    """

    judged: Judged
    stream: Stream = field(default_factory=Stream)
    cases: list[Case] = field(default_factory=list)
    full: bool = True
    figures: dict[str, Any] = field(default_factory=dict)

    def run(self) -> Iterator[tuple[int, int]]:
        """Measure, yielding (steps done, steps in all); `figures` is complete at the end."""
        labels = self.judged.classifier.labels
        looks = 2 + len(labels) + (0 if self.judged.how else 2 + len(DISGUISES))
        steps = 1 + len(labels) + (looks if self.full else 0)
        for done, _ in enumerate(self.stages(), 1):
            yield done, steps

    @property
    def by_guide(self) -> bool:
        """Whether the labels are those of the labelling guide."""
        return not self.judged.classifier.exclusive and self.judged.classifier.labels == LABELS

    def stages(self) -> Iterator[None]:
        """The stages of `run`."""
        ones = {label: self.judged.one(label) for label in self.judged.classifier.labels}
        self.figures |= self.about() | {"labels": {}, "classes": class_figures(self.judged)}
        yield
        for label, one in ones.items():
            self.figures["labels"][label] = self.of_label(one)
            yield
        if self.full:
            yield from self.further(ones)
            yield from self.scored_anew()

    def about(self) -> dict[str, Any]:
        """What was asked and how it can be read."""
        weights, measurable = self.judged.sampling
        return {
            "held_out": self.judged.how,
            "seed": self.judged.seed,
            "resamples": self.judged.resamples,
            "groups": len(self.judged.draws.counts[0]),
            "profile": self.judged.profile,
            "stream": {name: getattr(self.stream, name) for name in ("volume", "prevalence", "seconds")},
            "sampling": {
                "weighted": int((weights != 1).sum()),
                "recall_measurable": measurable,
                "reason": None if measurable else FLAGGED_ONLY,
            },
        }

    def of_label(self, one: One) -> dict[str, Any]:
        """Figures of one label on all of its posts."""
        curves, rates = curves_of(one), profile_rates(one)
        precision = curves["average_precision"]
        return {
            "n": len(one.truth),
            "positives": int(one.truth.sum()),
            "average_precision": precision and precision["value"],
            "profiles": {name: table_row(one, name, found) for name, found in rates.items()},
            "by_language": self.by_language(one),
            "curves": curves,
            "rates": rates,
            "calibration": calibration_figures(one, self.judged.seed),
            "histogram": histogram_of(one),
            "workload": workload_of(one, self.stream),
        }

    def by_language(self, one: One) -> dict[str, dict[str, Any]]:
        """Counts and average precision of each language, the largest first."""
        found = by_slice(one.truth, one.chance, self.judged.languages[one.rows])
        if one.measurable and not one.weighted:
            return found
        return {name: {**part, "average_precision": None} for name, part in found.items()}

    def further(self, ones: dict[str, One]) -> Iterator[None]:
        """The looks that take time."""
        slices = slices_of(self.judged)
        for label, one in ones.items():
            self.figures["labels"][label]["slices"] = slice_figures(one, slices)
            self.figures["labels"][label]["mistakes"] = mistakes_of(self.judged, label)
            yield
        self.figures["categories"] = category_figures(self.judged, ones)
        yield
        checks = check_figures(self.judged, self.cases) if self.cases else None
        self.figures["checks"] = checks or {"skipped": OTHER_LABELS}
        lawful = lawful_figures(self.judged, ones, read_speech(), checks) if self.by_guide else None
        self.figures["lawful"] = {"skipped": OTHER_LABELS} if lawful is None else lawful
        yield

    def scored_anew(self) -> Iterator[None]:
        """The looks for which the bundle scores the posts or the like of them anew; none of posts it has seen."""
        if self.judged.how:
            self.figures |= {name: {"skipped": SEEN} for name in ("disguises", "identities", "drift")}
            return
        self.figures["disguises"] = {}
        for name, found in disguise_figures(self.judged):
            self.figures["disguises"][name] = found
            yield
        self.figures["identities"] = identity_figures(self.judged, read_names())
        yield
        self.figures["drift"] = drift_of(self.judged) or {"skipped": NOT_RECORDED}
        yield


def table_row(one: One, profile: str, rates: dict[str, Any]) -> dict[str, Any]:
    """One profile as the table on the terminal and the manifest of a bundle have it, where each post counts as one.

    With posts that stand for several, or of which only flagged ones are known, shares and bounds are those of `rates`.
    """
    if one.measurable and not one.weighted:
        return at_threshold(one.truth, one.chance, one.thresholds[profile])
    row = {name: rates[name] for name in ("threshold", "n", "positives", "flagged")}
    for name in ("precision", "recall"):
        ends = rates[name] or dict.fromkeys(("value", "low", "high"))
        row |= {name: ends["value"], f"{name}_low": ends["low"], f"{name}_high": ends["high"]}
    return row
