"""One portrait of the pipeline on labelled posts: everything that docs/model.md says of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifier.bundle import Bundle
from classifier.calibration import probabilities, rounded
from classifier.cues import CueSet
from classifier.model import Classifier
from training.check import Case, passes
from training.disguise import DISGUISES, disguise
from training.linear import calibrate
from training.measure import BALANCED_AT, average_precision, balanced
from training.portrait.figures import languages_of, worst
from training.posts import LabelledPosts
from training.reliability import calibration_of
from training.settings import FitSettings
from training.study.bench import Bench
from training.study.figures import scored, twins_right
from training.study.run import Ordinary

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
TIMED: Final = 4000  # posts that a variant's speed is measured on
DILUTED: Final = (0, 5, 20, 60)  # harmless posts around an appeal
HIDDEN: Final = 400  # appeals that are hidden among them
MEASURED_LANGUAGES: Final = ("ru", "kk", "en")
DECIMALS: Final = 4


def variants(settings: FitSettings) -> dict[str, FitSettings]:
    """The pipeline as it is, and without or with other parts of it."""
    grams = settings.ngrams
    return {
        "as it ships": settings,
        "without cues": replace(settings, cue_scale=0.0),
        "without categories": replace(settings, category_weight=0.0),
        "without cues and categories": replace(settings, cue_scale=0.0, category_weight=0.0),
        "n-grams of 2 to 4 letters": replace(settings, ngrams=replace(grams, most=4)),
        "a quarter of the buckets": replace(settings, ngrams=replace(grams, buckets=grams.buckets // 4)),
        "every people and faith by its own name": replace(settings, ngrams=replace(grams, alike=False)),
        "no cap on repetition": replace(settings, ngrams=replace(grams, cap=255)),
    }


@dataclass
class Portrait:
    """Figures of the pipeline.

    Parameters
    ----------
    posts : LabelledPosts
        To learn from and be judged by, in batches.
    cases : list of Case
        Functional checks.
    ordinary : Ordinary or None
        Posts among which flags are counted.
    cues : CueSet
        Features beside n-grams.
    settings : FitSettings
        How models are fitted.
    """

    posts: LabelledPosts
    cases: list[Case]
    ordinary: Ordinary | None
    cues: CueSet
    settings: FitSettings = field(default_factory=FitSettings)
    figures: dict[str, Any] = field(default_factory=dict)

    def run(self) -> Iterator[tuple[int, int]]:
        """Take every look, yielding (looks done, looks in all); `figures` is complete at the end."""
        names = variants(self.settings)
        steps = len(names) + 1
        self.figures = {"posts": {"n": len(self.posts.frame), "sha256": self.posts.sha256}, "ablation": {}}
        for done, (name, settings) in enumerate(names.items(), 1):
            self.figures["ablation"][name] = Variant(self, settings).figures()
            yield done, steps
        self.figures |= Likeness(self).figures()
        yield steps, steps


@dataclass
class Variant:
    """One way of fitting, judged over batches and by what it flags."""

    portrait: Portrait
    settings: FitSettings

    @cached_property
    def bench(self) -> Bench:
        """Posts with the features of this variant."""
        return Bench(self.portrait.posts, self.portrait.cues, self.settings)

    @cached_property
    def margins(self) -> Floats:
        """Margins of every post by a model that has not seen its batch."""
        parts = self.bench.folds()
        margins = np.zeros((len(parts), len(self.portrait.posts.labels)))
        for part, found in self.bench.held_out(parts):
            margins[parts == part] = found
        return margins

    @cached_property
    def model(self) -> Classifier:
        """A model of all posts, its calibration and thresholds from the margins over batches."""
        scorer = self.bench.scorer(np.arange(len(self.portrait.posts.frame)))
        posts = self.portrait.posts
        calibration, profile = {}, {}
        for place, label in enumerate(posts.labels):
            known = posts.frame[label].notna().to_numpy()
            truth = posts.frame[label].to_numpy(float)[known] == 1
            calibration[label] = calibrate(self.margins[known, place], truth)
            chance = rounded(probabilities(self.margins[known, place], calibration[label]))
            profile[label] = {"threshold": balanced(truth, chance, BALANCED_AT)[0]}
        manifest = replace(scorer.manifest, calibration=calibration, profiles={"balanced": profile})
        return Classifier(Bundle(manifest, scorer.bundle.arrays, self.portrait.cues), self.portrait.cues)

    def figures(self) -> dict[str, Any]:
        """Average precision, twins, functional checks, flags among ordinary posts, and speed."""
        posts, groups = self.portrait.posts, self.bench.numbered("batch")
        each = [scored(posts, place, self.margins, groups) for place in range(len(posts.labels))]
        limits = [balanced(one.truth, one.margins, BALANCED_AT)[0] for one in each]
        found: dict[str, Any] = {
            label: average_precision(one.truth, one.margins) for label, one in zip(posts.labels, each, strict=True)
        }
        twins = twins_right(posts, self.margins, limits, groups, self.settings.seed)
        found["twins"] = twins["both_right"]["share"] if twins["pairs"] else None
        scores = self.model.score([case.text for case in self.portrait.cases])
        right = [passes(case, score) for case, score in zip(self.portrait.cases, scores, strict=True)]
        found["checks"] = round(sum(right) / len(right), DECIMALS) if right else None
        found["ordinary"] = self.flags_per_thousand()
        found["microseconds"] = self.microseconds()
        return found

    def flags_per_thousand(self) -> float | None:
        """Ordinary posts flagged for any label, in a thousand."""
        if self.portrait.ordinary is None:
            return None
        texts, model = list(self.portrait.ordinary.texts), self.model
        limits = np.array([model.thresholds("balanced")[label] for label in model.labels])
        flagged = (model.probabilities(model.margins(texts).margins) >= limits).any(axis=1)
        return round(1000 * float(flagged.mean()), 1)

    def microseconds(self) -> float:
        """Processor time of one post, the best of three runs."""
        texts = self.portrait.posts.texts[:TIMED]
        runs = []
        for _ in range(4):
            start = time.thread_time()
            self.model.margins(texts)
            runs.append(time.thread_time() - start)
        return round(1e6 * min(runs[1:]) / len(texts), 1)


@dataclass
class Likeness:
    """What the pipeline as it ships makes of held-out posts, plain, disguised and hidden."""

    portrait: Portrait

    def figures(self) -> dict[str, Any]:
        """Everything but the ablation."""
        whole = Variant(self.portrait, self.portrait.settings)
        parts, posts = whole.bench.folds(), self.portrait.posts
        numbers = np.unique(parts).tolist()
        with threadpool_limits(limits=1, user_api="blas"):
            found = Parallel(n_jobs=-1, prefer="threads")(delayed(self.of_part)(whole, parts, part) for part in numbers)
        margins = {name: np.zeros((len(parts), len(posts.labels))) for name in found[0]}
        for part, one in zip(numbers, found, strict=True):
            for name, values in one.items():
                margins[name][parts == part] = values
        chances = self.cross_calibrated(margins["plain"], parts)
        return {
            "disguises": self.disguised(margins),
            "calibration": self.calibration(chances),
            "languages": languages_of(posts),
            "hidden": self.hidden(whole, parts, self.thresholds(margins["plain"])),
            "worst": self.mistakes(chances),
            "categories": self.categories(chances),
        }

    def of_part(self, whole: Variant, parts: Rows, part: int) -> dict[str, Floats]:
        """Margins of one part's posts, plain and in every disguise, by a model of the others."""
        scorer = whole.bench.scorer(np.flatnonzero(parts != part))
        texts = [self.portrait.posts.texts[row] for row in np.flatnonzero(parts == part)]
        seed = self.portrait.settings.seed
        plain = {"plain": scorer.margins(texts).margins}
        return plain | {
            name: scorer.margins([disguise(text, name, seed) for text in texts]).margins for name in DISGUISES
        }

    def known(self, label: str) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Which posts have a label that is not blank, and which of these are positive."""
        column = self.portrait.posts.frame[label].to_numpy(float)
        known = ~np.isnan(column)
        return known, column[known] == 1

    def disguised(self, margins: Mapping[str, Floats]) -> dict[str, Any]:
        """By disguise and label: average precision, and the harmless posts that are flagged."""
        figures: dict[str, Any] = {}
        for place, label in enumerate(self.portrait.posts.labels):
            known, truth = self.known(label)
            limit = balanced(truth, margins["plain"][known, place], BALANCED_AT)[0]
            for name, found in margins.items():
                mine = found[known, place]
                figures.setdefault(name, {})[label] = {
                    "average_precision": average_precision(truth, mine),
                    "false_flags": round(1000 * float((mine[~truth] >= limit).mean()), 1),
                }
        return figures

    def cross_calibrated(self, margins: Floats, parts: Rows) -> Floats:
        """Probabilities of each part calibrated on the margins of all the others."""
        chances = np.zeros_like(margins)
        for place, label in enumerate(self.portrait.posts.labels):
            column = self.portrait.posts.frame[label].to_numpy(float)
            for part in np.unique(parts):
                rows = (parts != part) & ~np.isnan(column)
                fitted = calibrate(margins[rows, place], column[rows] == 1)
                mine = parts == part
                chances[mine, place] = rounded(probabilities(margins[mine, place], fitted))
        return chances

    def calibration(self, chances: Floats) -> dict[str, Any]:
        """Calibration by label, of all posts and of each language that is measured."""
        stated = np.array([name.split("-")[0] for name in self.portrait.posts.frame["lang"]], object)
        figures: dict[str, Any] = {}
        for place, label in enumerate(self.portrait.posts.labels):
            known, truth = self.known(label)
            for name in ("all", *MEASURED_LANGUAGES):
                rows = np.ones(len(truth), bool) if name == "all" else stated[known] == name
                if not rows.any():
                    continue
                figures.setdefault(label, {})[name] = calibration_of(
                    truth[rows], chances[known, place][rows], self.portrait.settings.seed
                )
        return figures

    def thresholds(self, chances: Floats) -> list[float]:
        """Thresholds of `balanced` on these probabilities."""
        labels = self.portrait.posts.labels
        limits = []
        for place, label in enumerate(labels):
            known, truth = self.known(label)
            limits.append(balanced(truth, chances[known, place], BALANCED_AT)[0])
        return limits

    def mistakes(self, chances: Floats) -> dict[str, Any]:
        """The worst mistakes of each kind, by label."""
        limits = self.thresholds(chances)
        return {
            label: worst(self.portrait.posts, label, chances[:, place], limits[place])
            for place, label in enumerate(self.portrait.posts.labels)
        }

    def categories(self, chances: Floats) -> dict[str, Any]:
        """By category: posts, and how many of them are flagged rightly for all labels."""
        posts, limits = self.portrait.posts, self.thresholds(chances)
        right = np.ones(len(posts.frame), bool)
        for place, label in enumerate(posts.labels):
            column = posts.frame[label].to_numpy(float)
            right &= np.isnan(column) | ((chances[:, place] >= limits[place]) == (column == 1))
        names = posts.frame["category"].to_numpy(object)
        return {
            name: {"n": int((names == name).sum()), "right": int(right[names == name].sum())}
            for name in sorted(set(names) - {""})
        }

    def hidden(self, whole: Variant, parts: Rows, limits: Sequence[float]) -> dict[str, Any]:
        """Appeals that are flagged among harmless posts, and harmless posts that are flagged when put together."""
        scorer = whole.bench.scorer(np.flatnonzero(parts != 0))
        rows, dice = np.flatnonzero(parts == 0), np.random.default_rng(self.portrait.settings.seed)
        posts = self.portrait.posts
        labels, texts = posts.frame[list(posts.labels)].to_numpy(float), posts.texts
        harmless = [texts[row] for row in rows if (labels[row] == 0).all()]
        figures: dict[str, Any] = {}
        for place, label in enumerate(posts.labels):
            limit = limits[place]
            appeals = [texts[row] for row in rows if labels[row, place] == 1][:HIDDEN]
            for around in DILUTED:
                long = [surrounded(text, harmless, around, dice) for text in appeals]
                empty = [surrounded("", harmless, around, dice) for _ in appeals] if around else harmless
                figures.setdefault(str(around), {})[label] = {
                    "found": round(share_over(scorer, long, place, limit), DECIMALS),
                    "false": round(share_over(scorer, empty, place, limit), DECIMALS),
                }
        return figures


def surrounded(text: str, harmless: Sequence[str], number: int, dice: np.random.Generator) -> str:
    """A post with `number` others around it, in a random place."""
    chosen = [harmless[k] for k in dice.integers(0, len(harmless), number)]
    at = int(dice.integers(0, number + 1))
    return "\n".join([*chosen[:at], *([text] if text else []), *chosen[at:]])


def share_over(scorer: Classifier, texts: list[str], place: int, limit: float) -> float:
    """Share of texts with a margin of at least `limit`."""
    return float((scorer.margins(texts).margins[:, place] >= limit).mean()) if texts else 0.0
