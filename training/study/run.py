"""One study of labelled posts: everything that docs/data.md says of how good they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from classifier.cues import CueSet
from classifier.files import open_source
from classifier.model import Classifier
from training.check import Case, chances, flags, passes
from training.fit import Fitter
from training.posts import LabelledPosts
from training.rows import as_text
from training.settings import FitSettings
from training.study.bench import FOLDS, Bench
from training.study.figures import (
    ALL,
    DECIMALS,
    best_threshold,
    by_category,
    by_language,
    per_thousand,
    precision_of,
    recall_at,
    scored,
    twins_right,
)

SIZES: Final = (625, 1250, 2500, 5000, 10000)
DRAWS: Final = 3  # random orders of the batches for the learning curve
LEAST_REGION: Final = 100  # posts of a region that is left out
BACKGROUND_LANGUAGES: Final = ("ru", "kk", "en")


@dataclass(frozen=True)
class Ordinary:
    """Posts of everyday life without labels, nearly all of them harmless.

    Parameters
    ----------
    texts, languages : tuple of str
        Of the posts.
    """

    texts: tuple[str, ...]
    languages: tuple[str, ...]


def read_ordinary(name: str) -> Ordinary:
    """Read a file with the columns `text` and `lang`."""
    with open_source(name) as source:
        rows = [(as_text(row.values.get("text")), as_text(row.values.get("lang"))) for row in source.rows]
    return Ordinary(tuple(text for text, _ in rows), tuple(language for _, language in rows))


@dataclass
class Study:
    """Figures of the current pipeline on labelled posts.

    Parameters
    ----------
    posts : LabelledPosts
        To learn from, in batches.
    hard : LabelledPosts
        The frozen hard set.
    cases : list of Case
        Functional checks.
    ordinary : Ordinary or None
        Posts among which flags are counted.
    cues : CueSet
        Features beside n-grams.
    settings : FitSettings
        How models are fitted.
    quick : bool
        Leave out what needs many models: the learning curve and the regions.
    """

    posts: LabelledPosts
    hard: LabelledPosts
    cases: list[Case]
    ordinary: Ordinary | None
    cues: CueSet
    settings: FitSettings = field(default_factory=FitSettings)
    quick: bool = False
    figures: dict[str, Any] = field(default_factory=dict)

    def run(self) -> Iterator[tuple[int, int]]:
        """Take every look, yielding (looks done, looks in all); `figures` is complete at the end."""
        bench = Bench(self.posts, self.cues, self.settings)
        model = self.model()
        looks: dict[str, Any] = {
            "hard": lambda: self.on_hard(model),
            "functional": lambda: self.on_cases(model),
            "ordinary": lambda: self.on_ordinary(model),
            "batches": lambda: self.over_batches(bench),
        }
        if not self.quick:
            looks |= {"regions": lambda: self.without_regions(bench), "curve": lambda: self.curve(bench)}
        self.figures["posts"] = self.counts()
        for done, (name, look) in enumerate(looks.items(), 1):
            self.figures[name] = look()
            yield done, len(looks)

    def model(self) -> Classifier:
        """The bundle that training makes of all the posts."""
        fitter = Fitter(self.posts, self.cues, self.settings, "study")
        for _ in fitter.run():
            pass
        if fitter.bundle is None:
            raise RuntimeError("training ended without a bundle")
        return Classifier(fitter.bundle, self.cues)

    def counts(self) -> dict[str, Any]:
        """How many posts there are, and the digests of what was measured on what."""
        frame, labels = self.posts.frame, list(self.posts.labels)
        return {
            "n": len(frame),
            "positive": round(float((frame[labels] == 1).any(axis=1).mean()), DECIMALS),
            "sha256": self.posts.sha256,
            "hard_n": len(self.hard.frame),
            "hard_sha256": self.hard.sha256,
            "seed": self.settings.seed,
        }

    def thresholds(self, model: Classifier) -> dict[str, float]:
        """Probability of each label from which `balanced` flags."""
        return dict(model.thresholds("balanced"))

    def on_hard(self, model: Classifier) -> dict[str, Any]:
        """The frozen hard set: by label and language, by category, twins."""
        margins = model.margins(self.hard.texts)[0]
        probability = model.probabilities(margins)
        groups = groups_of(self.hard)
        limits = self.thresholds(model)
        flagged = {label: probability[:, place] >= limits[label] for place, label in enumerate(self.hard.labels)}
        figures: dict[str, Any] = {
            label: by_language(scored(self.hard, place, margins, groups), self.settings.seed)
            for place, label in enumerate(self.hard.labels)
        }
        for label in self.hard.labels:
            figures[label]["balanced"] = at_balanced(self.hard, label, flagged[label])
        figures["twins"] = twins_right(
            self.hard, probability, [limits[label] for label in self.hard.labels], groups, self.settings.seed
        )
        figures["categories"] = by_category(self.hard, flagged)
        return figures

    def on_cases(self, model: Classifier) -> dict[str, Any]:
        """Functional checks that pass, by language and functionality, and identity pairs that change a flag."""
        scores = model.score([case.text for case in self.cases])
        right = np.array([passes(case, score) for case, score in zip(self.cases, scores, strict=True)])
        languages = np.array([case.lang.split("-")[0] for case in self.cases], object)
        kinds = np.array([case.functionality for case in self.cases], object)
        members: dict[str, list[Any]] = {}
        for case, score in zip(self.cases, scores, strict=True):
            if case.pair:
                members.setdefault(case.pair, []).append(score)
        flips = sum(len({flags(score) for score in group}) > 1 for group in members.values())
        changes = [
            max(found) - min(found) for group in members.values() for found in zip(*map(chances, group), strict=True)
        ]
        return {
            "languages": tally(right, languages),
            "functionalities": tally(right, kinds),
            "pairs": {
                "n": len(members),
                "flips": flips,
                "median_change": round(float(np.median(changes)), DECIMALS) if changes else None,
            },
        }

    def on_ordinary(self, model: Classifier) -> dict[str, Any]:
        """Flags among ordinary posts, and recall on the hard set where they are held to one or three in a thousand."""
        if self.ordinary is None:
            return {}
        margins = model.margins(list(self.ordinary.texts))[0]
        hard = model.margins(self.hard.texts)[0]
        probability, limits = model.probabilities(margins), self.thresholds(model)
        groups = groups_of(self.hard)
        figures: dict[str, Any] = {}
        for place, label in enumerate(model.labels):
            on_hard = scored(self.hard, place, hard, groups)
            for name in (ALL, *BACKGROUND_LANGUAGES):
                rows = np.array([name in {ALL, language} for language in self.ordinary.languages], bool)
                mine = on_hard if name == ALL else on_hard.part(on_hard.languages == name)
                flagged = int((probability[rows, place] >= limits[label]).sum())
                figures.setdefault(label, {})[name] = {
                    "balanced": per_thousand(flagged, int(rows.sum())),
                    "recall_at": recall_at(mine, margins[rows, place], self.settings.seed),
                }
        either = np.any(probability >= np.array([limits[label] for label in model.labels]), axis=1)
        figures["either"] = per_thousand(int(either.sum()), len(margins))
        return figures

    def over_batches(self, bench: Bench) -> dict[str, Any]:
        """Out of fold over whole batches: by label and language, twins."""
        margins, parts = np.zeros((len(self.posts.frame), len(self.posts.labels))), bench.folds()
        for part, found in bench.held_out(parts):
            margins[parts == part] = found
        self.figures["out_of_fold"] = FOLDS
        batches = bench.numbered("batch")
        each = [scored(self.posts, place, margins, batches) for place in range(len(self.posts.labels))]
        figures: dict[str, Any] = {
            label: by_language(one, self.settings.seed) for label, one in zip(self.posts.labels, each, strict=True)
        }
        limits = [best_threshold(one) for one in each]
        figures["twins"] = twins_right(self.posts, margins, limits, batches, self.settings.seed)
        return figures

    def without_regions(self, bench: Bench) -> dict[str, Any]:
        """Each large region by a model of all the others."""
        names, numbers, sizes = np.unique(self.posts.frame["region"], return_inverse=True, return_counts=True)
        large = np.flatnonzero((sizes >= LEAST_REGION) & (names != ""))
        parts = np.where(np.isin(numbers, large), numbers, -1)
        batches, figures = bench.numbered("batch"), {}
        for part, found in bench.held_out(parts):
            rows = parts == part
            margins = np.zeros((len(rows), found.shape[1]))
            margins[rows] = found
            region = self.posts.part(rows, "of another region")
            figures[str(names[part])] = {
                label: precision_of(scored(region, place, margins[rows], batches[rows]), self.settings.seed)
                for place, label in enumerate(self.posts.labels)
            }
        return dict(sorted(figures.items()))

    def curve(self, bench: Bench) -> list[dict[str, Any]]:
        """Average precision on the hard set after learning from growing numbers of posts."""
        points = []
        groups, everything, seed = groups_of(self.hard), len(self.posts.frame), self.settings.seed
        for draw in range(DRAWS):
            for size, rows in bench.growing((*(size for size in SIZES if size < everything), everything), seed + draw):
                margins = bench.scorer(rows).margins(self.hard.texts)[0]
                point: dict[str, Any] = {"posts": size, "draw": draw}
                for place, label in enumerate(self.hard.labels):
                    one = scored(self.hard, place, margins, groups)
                    point[label] = precision_of(one, self.settings.seed)["average_precision"]
                points.append(point)
        return points


def groups_of(posts: LabelledPosts) -> Any:
    """Declared group of each post as a number, shape (posts,); a post without one stands alone."""
    frame = posts.frame
    return np.unique(frame["group"].where(frame["group"] != "", frame["id"]), return_inverse=True)[1]


def tally(right: Any, names: Any) -> dict[str, dict[str, int]]:
    """How many there are and how many are right, in all and by name."""
    counts = {ALL: {"n": len(right), "right": int(right.sum())}}
    for name in sorted(set(names)):
        counts[str(name)] = {"n": int((names == name).sum()), "right": int(right[names == name].sum())}
    return counts


def at_balanced(posts: LabelledPosts, label: str, flagged: Any) -> dict[str, Any]:
    """Precision and recall of given flags."""
    truth = posts.frame[label].to_numpy(float)
    hits, flags_, positives = (flagged & (truth == 1)).sum(), (flagged & ~np.isnan(truth)).sum(), (truth == 1).sum()
    return {
        "precision": round(float(hits / flags_), DECIMALS) if flags_ else None,
        "recall": round(float(hits / positives), DECIMALS) if positives else None,
    }
