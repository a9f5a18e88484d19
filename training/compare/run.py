"""A comparison from beginning to end: everything that `clarion compare` says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from classifier.model import Classifier
from training.compare.classes import compared_classes
from training.compare.figures import FIGURES, differences, drawn_figures, label_verdict, macro
from training.compare.mapping import mapping_of
from training.compare.sides import Paired, Side, paired, shared_labels
from training.compare.significance import mcnemar
from training.compare.slices import Look, judged_together, looks_at, names_of
from training.intervals import RESAMPLES
from training.posts import LabelledPosts
from training.report.judged import Judged

PREPARING = 3  # steps before the labels: each bundle scores, posts are grouped


@dataclass
class Comparison:
    """Two bundles on the same labelled posts.

    Parameters
    ----------
    a, b : Classifier
        What runs, and the challenger.
    posts : LabelledPosts
        Posts that neither has learned from.
    profile : str
        Whose thresholds decide the flags, of each bundle its own.
    seed, resamples : int
        Of the intervals.
    """

    a: Classifier
    b: Classifier
    posts: LabelledPosts
    profile: str = "balanced"
    seed: int = 0
    resamples: int = RESAMPLES
    sides: tuple[Side, Side] = field(init=False)
    figures: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        one, other = (Judged(side, self.posts, self.seed, self.resamples) for side in (self.a, self.b))
        self.sides = Side(one, self.profile), Side(other, self.profile)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that both have."""
        return shared_labels(self.a, self.b)

    def run(self) -> Iterator[tuple[int, int]]:
        """Compare, yielding (steps done, steps in all); `figures` is complete at the end."""
        steps = PREPARING + len(self.labels)
        one, other = self.sides
        for done, prepare in enumerate((lambda: one.judged.chances, lambda: other.judged.chances, self.head), 1):
            prepare()
            yield done, steps
        looks: list[Look] = []
        drawn = []
        names = names_of(self.posts)
        for done, label in enumerate(self.labels, PREPARING + 1):
            pair = paired(label, one, other)
            drawn.append((drawn_figures(pair.a), drawn_figures(pair.b)))
            self.figures["by_label"][label] = label_figures(pair, differences(*drawn[-1]))
            for kind, mine in names.items():
                looks += looks_at(pair, kind, mine[pair.a.rows])
            yield done, steps
        self.figures["macro"] = differences(*(macro([both[side] for both in drawn]) for side in (0, 1)))
        self.figures["slices"] = judged_together(looks)

    def head(self) -> None:
        """Which bundles are compared, on what; figures of classes; room for the rest."""
        one, other = self.sides
        self.figures = {
            "a": one.to_dict(self.labels),
            "b": other.to_dict(self.labels),
            "profile": self.profile,
            "posts": {
                "n": len(self.posts.frame),
                "groups": one.judged.draws.counts.shape[1],
                "sha256": self.posts.sha256,
                "left_out": self.posts.dropped,
            },
            "labels": list(self.labels),
            "only_a": [label for label in self.a.labels if label not in self.labels],
            "only_b": [label for label in self.b.labels if label not in self.labels],
            "recall_measurable": one.judged.sampling[1],
            "classes": compared_classes(one, other) if self.exclusive else None,
            "macro": {},
            "by_label": {},
            "slices": [],
        }

    @property
    def exclusive(self) -> bool:
        """Whether both bundles give every post exactly one class."""
        return self.a.exclusive and self.b.exclusive


def label_figures(pair: Paired, found: dict[str, Any]) -> dict[str, Any]:
    """What is said of one label."""
    a, b = pair.a.flagged, pair.b.flagged
    return {
        "n": len(pair.truth),
        "positives": int(pair.truth.sum()),
        "flags_a": int(a.sum()),
        "flags_b": int(b.sum()),
        "changed": int(np.not_equal(a, b).sum()),
        "verdict": label_verdict(pair, found),
        **{name: found[name] for name in FIGURES},
        "mcnemar": mcnemar(*pair.right),
        "thresholds": mapping_of(pair),
    }
