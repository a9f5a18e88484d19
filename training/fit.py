"""Fit a classifier to labelled posts and calibrate it out of fold."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifier import __version__
from classifier.bundle import Bundle
from classifier.calibration import probabilities, rounded
from classifier.cues import CueSet
from classifier.manifest import Manifest
from classifier.model import Classifier
from training.categories import categories_of
from training.features import Features, features_of, stated_weights
from training.groups import group_posts
from training.languages import languages_of
from training.linear import calibrate, fit_arrays, some, unequal
from training.measure import BALANCED_AT, profile_figures
from training.outoffold import UNTOLD, HeldOut, label_figures, without_recall
from training.posts import LabelledPosts
from training.reference import reference_of, unseen_out_of_fold
from training.sampling import weights_of
from training.settings import FitSettings
from training.shipped import policy_version
from training.split import FOLDS, check_enough, fold_numbers
from training.streamed import LARGE, STREAMED, STRENGTH, Streamed, a_fifth
from training.strength import chosen_strength

LIBRARIES: Final = ("numpy", "numba", "scikit-learn", "scipy", "rensa")


@dataclass
class Fitter:
    """One training run.

    Parameters
    ----------
    posts : LabelledPosts
        What to learn from.
    cues : CueSet
        Cues to use as features.
    settings : FitSettings
        How.
    name : str
        Of the model.
    searched : mapping of str
        What the manifest says of the search for the settings, if there was one.
    bundle : Bundle or None
        What came of it.
    groups : ndarray of int64, shape (posts,)
        Group of each post, once the run has begun.
    held : HeldOut
        Which posts were held out and how, once the run is done.
    chances : ndarray of float64, shape (held out, labels)
        Rounded probabilities of the held-out posts by models that have not seen them, once the run is done.
    """

    posts: LabelledPosts
    cues: CueSet
    settings: FitSettings
    name: str
    searched: Mapping[str, Any] = field(default_factory=dict)
    bundle: Bundle | None = None
    groups: npt.NDArray[np.int64] = field(init=False, repr=False)
    held: HeldOut = field(init=False, repr=False)
    chances: npt.NDArray[np.float64] = field(init=False, repr=False)

    def run(self) -> Iterator[tuple[int, int]]:
        """Fit, yielding (steps done, steps in all); `bundle` is there at the end.

        Raises
        ------
        InputError
            When a label has too few groups of posts to be judged.
        """
        # how many threads share a sum decides its last digits, and the folds fill the cores anyway
        with threadpool_limits(limits=1, user_api="blas"):
            yield from self.stages()

    def stages(self) -> Iterator[tuple[int, int]]:
        """The stages of `run`."""
        steps = FOLDS + 3
        groups = self.groups = group_posts(self.posts, self.settings.grouped_by)
        check_enough(self.posts, groups)
        yield 1, steps
        if self.large:
            yield from self.streamed_stages(groups)
            return
        features = features_of(self.posts, self.cues, self.settings)
        labels = self.posts.frame[list(self.posts.labels)].to_numpy(float)
        folds = fold_numbers(self.posts, groups, self.settings.seed)
        if self.settings.search and not features.categories.labels:
            strength = chosen_strength(self, features, labels, folds)
            self.settings = replace(self.settings, regularisation=strength)
        yield 2, steps
        unseen = unseen_out_of_fold(features.counts, folds, self.settings.ngrams.buckets)
        margins = np.zeros_like(labels)
        # the solver and the scorer let other threads run, so the folds share memory
        runs = Parallel(n_jobs=-1, prefer="threads", return_as="generator")(
            delayed(self.held_out_margins)(features, labels, folds, number) for number in range(FOLDS)
        )
        for number, found in enumerate(runs):
            margins[folds == number] = found
            yield 3 + number, steps
        arrays = fit_arrays(features, labels, self.posts.labels, self.cues, self.settings)
        how = f"{FOLDS}-fold out of fold, groups kept whole"
        held = HeldOut(np.arange(len(labels)), margins, unseen, how)
        self.bundle = Bundle(self.manifest(labels, held, groups), arrays, self.cues)
        yield steps, steps

    def streamed_stages(self, groups: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """The stages of `run` for more posts than memory holds the n-grams of: one fifth is held out, once."""
        if self.settings.search:
            self.settings = replace(self.settings, regularisation=STRENGTH)
        labels, texts = self.posts.frame[list(self.posts.labels)].to_numpy(float), self.posts.texts
        aside = a_fifth(groups, self.settings.seed)
        streamed = Streamed(texts, labels, stated_weights(self.posts), self.cues, self.settings)
        rest, whole = streamed.learner(~aside), streamed.learner(np.ones(len(texts), bool))
        yield from streamed.run([rest, whole])
        rows, names = np.flatnonzero(aside), self.posts.labels
        arrays = streamed.arrays(rest, names)
        scorer = Classifier(Bundle(self.draft(), arrays, self.cues), self.cues)
        margins = scorer.margins([texts[row] for row in rows])[0]
        held = HeldOut(rows, margins, streamed.unseen(rest, rows), "a fifth of the posts held out, groups kept whole")
        self.bundle = Bundle(self.manifest(labels, held, groups), streamed.arrays(whole, names), self.cues)

    def held_out_margins(
        self, features: Features, labels: npt.NDArray[np.float64], folds: npt.NDArray[np.int64], number: int
    ) -> npt.NDArray[np.float64]:
        """Margins of one fold by a model of the others, scored as they will be in use."""
        texts = self.posts.texts
        scorer = self.scorer(features, labels, np.flatnonzero(folds != number))
        return scorer.margins([texts[row] for row in np.flatnonzero(folds == number)])[0]

    def scorer(self, features: Features, labels: npt.NDArray[np.float64], rows: npt.NDArray[np.int64]) -> Classifier:
        """A classifier fitted to some of the posts, not calibrated: good for margins only."""
        arrays = fit_arrays(features.rows(rows), labels[rows], self.posts.labels, self.cues, self.settings)
        return Classifier(Bundle(self.draft(), arrays, self.cues), self.cues)

    def draft(self, **parts: Any) -> Manifest:
        """A manifest with what is known before calibration, and `parts`."""
        nothing: dict[str, Any] = {"training": {}, "calibration": {}, "profiles": {}, "metrics": {}, "libraries": {}}
        head: dict[str, Any] = {
            "name": self.name,
            "version": f"{__version__}+{self.posts.sha256[:12]}",
            "labels": self.posts.labels,
            "exclusive": self.posts.exclusive,
            "policy_version": policy_version(),
            "features": self.described(),
        }
        return Manifest(**head | nothing | parts)

    @property
    def large(self) -> bool:
        """Whether there are too many posts to keep the n-grams of all in memory."""
        return len(self.posts.frame) >= LARGE

    @property
    def balanced_at(self) -> float | None:
        """Share of positives that `balanced` is best for; classes are as frequent as they are."""
        return None if self.posts.exclusive else BALANCED_AT

    def described(self) -> dict[str, Any]:
        """What the manifest says of the features."""
        kinds = {} if self.large else {name: list(of) for name, of in categories_of(self.posts).labels.items()}
        known = {"categories": kinds, "category_weight": self.settings.category_weight} if kinds else {}
        return {"ngrams": self.settings.ngrams.to_dict(), "cues": [cue.name for cue in self.cues.cues]} | known

    def manifest(self, labels: npt.NDArray[np.float64], held: HeldOut, groups: npt.NDArray[np.int64]) -> Manifest:
        """The finished manifest."""
        names, margins, judged = self.posts.labels, held.margins, self.judged(held)
        truths, groups_held = labels[held.rows], groups[held.rows]
        known, (stand_for, recall_told) = ~np.isnan(truths), weights_of(judged)
        weights = unequal(stand_for * stated_weights(judged)), unequal(stand_for)
        calibration = {
            name: calibrate(margins[rows, place], truths[rows, place] == 1, some(weights[0], rows))
            for place, (name, rows) in enumerate(zip(names, known.T, strict=True))
        }
        chances = np.stack([probabilities(margins[:, k], calibration[name]) for k, name in enumerate(names)], axis=1)
        chances = rounded(chances / chances.sum(axis=1, keepdims=True) if self.posts.exclusive else chances)
        self.held, self.chances = held, chances
        languages = languages_of(judged)
        profiles: dict[str, dict[str, Any]] = {}
        metrics: dict[str, Any] = {"how": held.how} | ({} if recall_told else {"recall": UNTOLD})
        for place, (name, rows) in enumerate(zip(names, known.T, strict=True)):
            truth, chance, weight = truths[rows, place] == 1, chances[rows, place], some(weights[1], rows)
            for profile, figures in profile_figures(truth, chance, self.balanced_at, weight).items():
                profiles.setdefault(profile, {})[name] = figures if recall_told else without_recall(figures)
            found = label_figures(truth, chance, groups_held[rows], languages[rows], self.settings.seed, weight)
            metrics[name] = found if recall_told else without_recall(found)
        reference = reference_of(names, chances, judged.texts, languages, held.unseen)
        return self.draft(
            training={**self.provenance(labels, groups), "reference": reference},
            calibration=calibration,
            profiles=profiles,
            metrics=metrics,
            libraries={"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        )

    def judged(self, held: HeldOut) -> LabelledPosts:
        """The posts that were held out."""
        inside = np.zeros(len(self.posts.frame), bool)
        inside[held.rows] = True
        return self.posts if inside.all() else self.posts.part(inside, "learned from")

    def provenance(self, labels: npt.NDArray[np.float64], groups: npt.NDArray[np.int64]) -> Mapping[str, Any]:
        """What the model was made from and how."""
        return {
            "data_sha256": self.posts.sha256,
            "rows": len(labels),
            "groups": len(set(groups.tolist())),
            "dropped": self.posts.dropped,
            "labels": {
                name: {
                    "positives": int((labels[:, place] == 1).sum()),
                    "negatives": int((labels[:, place] == 0).sum()),
                    "blank": int(np.isnan(labels[:, place]).sum()),
                }
                for place, name in enumerate(self.posts.labels)
            },
            "cues_sha256": self.cues.sha256,
            "seed": self.settings.seed,
            "solver": STREAMED if self.large else "LIBLINEAR",
            "regularisation": self.settings.regularisation,
            "cue_scale": self.settings.cue_scale,
            "balanced_at": self.balanced_at,
            "category_regularisation": self.settings.category_regularisation,
            "balanced_classes": self.settings.balanced_classes,
            "grouped_by": list(self.settings.grouped_by),
        } | ({"search": dict(self.searched)} if self.searched else {})
