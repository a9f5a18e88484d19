"""Figures of labelled posts that the bundle has not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from training.compare.figures import enough
from training.compare.sides import Side, paired
from training.gate.findings import Figure, plain, share
from training.guide import LABELS
from training.posts import LabelledPosts
from training.reliability import calibration_of
from training.report.curves import average_precision_of
from training.report.judged import Judged
from training.report.lawful import members_of, read_speech
from training.study.figures import twins_right

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class HeldOut:
    """Labelled posts beside what a bundle says of them.

    Parameters
    ----------
    side : Side
        The bundle and the posts.
    """

    side: Side

    @property
    def judged(self) -> Judged:
        """The posts beside what the bundle says of them."""
        return self.side.judged

    @property
    def posts(self) -> LabelledPosts:
        """The posts."""
        return self.judged.posts

    @cached_property
    def wrongly_flagged(self) -> Bools:
        """Posts flagged for a label that they do not have; a blank label is nobody's mistake."""
        flags = np.stack([self.side.flagged(label) for label in self.side.labels], axis=1)
        found: Bools = np.any(flags & (self.judged.labels == 0), axis=1)
        return found

    @cached_property
    def harmless(self) -> Bools:
        """Posts without any label, which no reader is in doubt about."""
        found: Bools = np.all(self.judged.labels == 0, axis=1)
        return found

    def figures(self) -> dict[str, list[Figure]]:
        """By limit."""
        lawful = self.lawful_speech()
        together = np.any([np.zeros_like(self.harmless), *lawful.values()], axis=0) & self.harmless
        return {
            "average_precision": list(self.rankings()),
            "false_flags": self.false_flags({"": self.harmless}),
            "false_flags_category": self.false_flags(self.categories()),
            "lawful_false_flags": self.false_flags({"": together}),
            "lawful_false_flags_slice": self.false_flags(lawful),
            "calibration": list(self.calibrations()),
            **self.twins(),
        }

    def categories(self) -> dict[str, Bools]:
        """Harmless posts of each category."""
        names = self.posts.frame["category"].to_numpy(object)
        return {str(name): (names == name) & self.harmless for name in sorted(set(names[self.harmless]) - {""})}

    def lawful_speech(self) -> dict[str, Bools]:
        """Posts of each kind of lawful speech; those kinds are of the guide's labels."""
        return members_of(self.judged, read_speech()) if self.side.labels == LABELS else {}

    def false_flags(self, slices: Mapping[str, Bools]) -> list[Figure]:
        """Share of each slice's posts that are flagged for a label that they do not have."""
        wrong = self.wrongly_flagged
        return [
            share(name, int(wrong[inside].sum()), int(inside.sum())) for name, inside in slices.items() if inside.any()
        ]

    def rankings(self) -> Iterator[Figure]:
        """Average precision of every label with enough posts of both kinds."""
        for label in self.side.labels:
            pair = paired(label, self.side, self.side)
            found = average_precision_of(pair.a) if enough(pair) else None
            if found:
                value, low, high = found["value"], found["low"], found["high"]  # no bounds where samples never differ
                counts = f"{int(pair.truth.sum())} of {len(pair.truth)} positive"
                yield Figure(label, value, value if low is None else low, value if high is None else high, counts)

    def calibrations(self) -> Iterator[Figure]:
        """Calibration error of every label beyond what a perfect model has by chance."""
        for label in self.side.labels:
            one = self.side.one(label)
            if len(one.truth):
                found = calibration_of(one.truth, one.chance, self.judged.seed)
                counts = f"{found['error']:.3f}, by chance {found['floor']:.3f}"
                yield plain(label, max(0.0, found["error"] - found["floor"]), counts)

    def twins(self) -> dict[str, list[Figure]]:
        """How often twins are told, and how often they are in the right order."""
        labels = self.posts.labels
        chances = np.stack([self.side.chance(label) for label in labels], axis=1)
        thresholds = [self.side.threshold(label) for label in labels]
        found = twins_right(self.posts, chances, thresholds, self.judged.groups, self.judged.seed)
        names = {"twins_right": "both_right", "twins_in_order": "in_order"}
        return {limit: twin_figure(found, name) for limit, name in names.items()}


def twin_figure(found: Mapping[str, Any], name: str) -> list[Figure]:
    """One share of the twins; none where there are none."""
    if name not in found:
        return []
    low, high = found[name]["interval"]
    return [Figure("", found[name]["share"], low, high, f"{found['pairs']} pairs")]
