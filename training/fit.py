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
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifier import __version__
from classifier.bundle import Bundle, Manifest
from classifier.calibration import probabilities, rounded
from classifier.cues import CueSet
from classifier.kernels.score import is_long
from classifier.model import Classifier
from classifier.ngrams import Counts, GramSettings, count, inverse_document_frequency, readings, values
from training.categories import Categories, categories_of, fit_categories
from training.groups import group_posts
from training.languages import languages_of
from training.measure import BALANCED_AT, average_precision, by_slice, profile_figures
from training.posts import LabelledPosts
from training.reference import reference_of, unseen_out_of_fold
from training.shipped import policy_version
from training.split import FOLDS, check_enough, fold_numbers
from training.strength import chosen_strength

LEAST_CUE: Final = 0.05  # log odds
LIBRARIES: Final = ("numpy", "numba", "scikit-learn", "scipy", "rensa")


@dataclass(frozen=True)
class FitSettings:
    """How to fit.

    Parameters
    ----------
    ngrams : GramSettings
        Shape of the n-gram features.
    regularisation : float
        Inverse strength (scikit-learn's C).
    cue_scale : float
        Value of a present cue beside n-gram features of unit norm: a 1 would escape regularisation.
    category_regularisation : float
        Inverse strength for the models of categories.
    category_weight : float
        What the log odds of a label's categories count in its margin.
    seed : int
        Of the folds and the solver.
    search : bool
        Whether `regularisation` is chosen by what ranks held-out posts best. Posts with categories, as those that ship,
        keep the one given.
    """

    ngrams: GramSettings = field(default_factory=GramSettings)
    regularisation: float = 30.0
    cue_scale: float = 0.06
    category_regularisation: float = 100.0
    category_weight: float = 2.0
    seed: int = 0
    search: bool = False


@dataclass(frozen=True)
class Features:
    """Posts in the form that models are fitted to: n-gram counts, which cues are present, and their categories."""

    counts: Counts
    known: npt.NDArray[np.uint8]
    cues: npt.NDArray[np.bool_]
    categories: Categories

    def rows(self, chosen: npt.NDArray[np.int64]) -> Features:
        """The features of some posts."""
        matrix = csr_matrix((self.counts.counts, self.counts.buckets, self.counts.indptr))[chosen]
        counts = Counts(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
        return Features(counts, self.known, self.cues[chosen], self.categories.rows(chosen))


def features_of(posts: LabelledPosts, cues: CueSet, settings: FitSettings) -> Features:
    """Fold posts, count their n-grams and cues, and look up their categories."""
    read = [readings(text, settings.ngrams) for text in posts.texts]
    present = np.zeros((len(read), len(cues.cues)), bool)
    for row, (post, *_) in enumerate(read):
        if not is_long(post.symbols, len(post.symbols)):
            present[row, cues.find(post)[:, 0]] = True
    return Features(*count(read, settings.ngrams), present, categories_of(posts))


def fit_label(
    ngrams: csr_matrix,
    present: npt.NDArray[np.bool_],
    truth: npt.NDArray[np.bool_],
    signs: npt.NDArray[np.int8],
    settings: FitSettings,
) -> tuple[npt.NDArray[np.float64], float, npt.NDArray[np.float64]]:
    """Weights, bias and cue weights of one label.

    A cue's weight has the sign that the cue is declared to have (0: no weight for this label), and at least
    `LEAST_CUE`, so that a name added to a cue always moves a score its way. What comes out weaker or with the other
    sign, hardly any, is lifted to that.
    """
    use = np.flatnonzero(signs)
    table = hstack([ngrams, csr_matrix(present[:, use] * settings.cue_scale)], format="csr")
    model = LogisticRegression(
        C=settings.regularisation, solver="liblinear", random_state=settings.seed, max_iter=1000, tol=1e-6
    ).fit(table, truth)
    weights = model.coef_[0]
    found = weights[ngrams.shape[1] :] * settings.cue_scale * signs[use]
    cue_weights = np.zeros(len(signs))
    if settings.cue_scale:  # a scale of 0 is a model without cues
        cue_weights[use] = signs[use] * np.maximum(found, LEAST_CUE)
    return weights[: ngrams.shape[1]], float(model.intercept_[0]), cue_weights


def signs_for(label: str, cues: CueSet) -> npt.NDArray[np.int8]:
    """Sign that each cue's weight may have for a label: 1 for, -1 against, 0 none."""
    return np.array([(1 if cue.speaks == "for" else -1) if label in cue.labels else 0 for cue in cues.cues], np.int8)


def fit_arrays(
    features: Features, labels: npt.NDArray[np.float64], names: tuple[str, ...], cues: CueSet, settings: FitSettings
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of a model fitted to posts; `labels` is (posts, labels) with NaN where a label is blank."""
    buckets, counts = settings.ngrams.buckets, features.counts
    idf = inverse_document_frequency(counts, buckets)
    shape = (len(counts.indptr) - 1, buckets)
    ngrams = csr_matrix((values(counts, idf), counts.buckets, counts.indptr), shape)
    arrays: dict[str, npt.NDArray[Any]] = {
        "idf": idf,
        "known_words": features.known,
        "weights": np.zeros((buckets, len(names)), np.float32),
        "bias": np.zeros(len(names)),
        "cue_weights": np.zeros((len(cues.cues), len(names))),
    }
    arrays |= fit_categories(ngrams, features.categories, settings.category_regularisation, settings.seed)
    for place, name in enumerate(names):
        known = ~np.isnan(labels[:, place])
        weights, bias, cue_weights = fit_label(
            ngrams[known], features.cues[known], labels[known, place] == 1, signs_for(name, cues), settings
        )
        arrays["weights"][:, place], arrays["bias"][place], arrays["cue_weights"][:, place] = weights, bias, cue_weights
    return arrays


def calibrate(margins: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Slope and intercept of one label's probabilities, and the prevalence they hold at.

    A slope is never negative: margins that say nothing give everybody the prevalence.
    """
    model = LogisticRegression(C=1e6, solver="lbfgs", max_iter=1000).fit(margins[:, None], truth)
    slope, prevalence = float(model.coef_[0, 0]), float(truth.mean())
    intercept = float(model.intercept_[0]) if slope > 0 else float(np.log(prevalence / (1 - prevalence)))
    return {"slope": max(slope, 0.0), "intercept": intercept, "prevalence": prevalence}


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
    """

    posts: LabelledPosts
    cues: CueSet
    settings: FitSettings
    name: str
    bundle: Bundle | None = None
    unseen: npt.NDArray[np.float64] = field(init=False, repr=False)

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
        groups = group_posts(self.posts)
        check_enough(self.posts, groups)
        yield 1, steps
        features = features_of(self.posts, self.cues, self.settings)
        labels = self.posts.frame[list(self.posts.labels)].to_numpy(float)
        folds = fold_numbers(self.posts, groups, self.settings.seed)
        if self.settings.search and not features.categories.labels:
            strength = chosen_strength(self, features, labels, folds)
            self.settings = replace(self.settings, regularisation=strength)
        yield 2, steps
        self.unseen = unseen_out_of_fold(features.counts, folds, self.settings.ngrams.buckets)
        margins = np.zeros_like(labels)
        # the solver and the scorer let other threads run, so the folds share memory
        runs = Parallel(n_jobs=-1, prefer="threads", return_as="generator")(
            delayed(self.held_out_margins)(features, labels, folds, number) for number in range(FOLDS)
        )
        for number, found in enumerate(runs):
            margins[folds == number] = found
            yield 3 + number, steps
        arrays = fit_arrays(features, labels, self.posts.labels, self.cues, self.settings)
        self.bundle = Bundle(self.manifest(labels, margins, groups), arrays, self.cues)
        yield steps, steps

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
    def balanced_at(self) -> float | None:
        """Share of positives that `balanced` is best for; classes are as frequent as they are."""
        return None if self.posts.exclusive else BALANCED_AT

    def described(self) -> dict[str, Any]:
        """What the manifest says of the features."""
        kinds = {name: list(labels) for name, labels in categories_of(self.posts).labels.items()}
        known = {"categories": kinds, "category_weight": self.settings.category_weight} if kinds else {}
        return {"ngrams": self.settings.ngrams.to_dict(), "cues": [cue.name for cue in self.cues.cues]} | known

    def manifest(
        self, labels: npt.NDArray[np.float64], margins: npt.NDArray[np.float64], groups: npt.NDArray[np.int64]
    ) -> Manifest:
        """The finished manifest."""
        names = self.posts.labels
        known = ~np.isnan(labels)
        calibration = {
            name: calibrate(margins[known[:, place], place], labels[known[:, place], place] == 1)
            for place, name in enumerate(names)
        }
        chances = np.stack([probabilities(margins[:, k], calibration[name]) for k, name in enumerate(names)], axis=1)
        chances = rounded(chances / chances.sum(axis=1, keepdims=True) if self.posts.exclusive else chances)
        languages = languages_of(self.posts)
        profiles: dict[str, dict[str, Any]] = {}
        metrics: dict[str, Any] = {"how": f"{FOLDS}-fold out of fold, groups kept whole"}
        for place, name in enumerate(names):
            rows = known[:, place]
            truth, chance = labels[rows, place] == 1, chances[rows, place]
            for profile, figures in profile_figures(truth, chance, self.balanced_at).items():
                profiles.setdefault(profile, {})[name] = figures
            metrics[name] = {
                "average_precision": average_precision(truth, chance),
                "n": int(rows.sum()),
                "positives": int(truth.sum()),
                "by_language": by_slice(truth, chance, languages[rows]),
            }
        reference = reference_of(names, chances, self.posts.texts, languages, self.unseen)
        return self.draft(
            training={**self.provenance(labels, groups), "reference": reference},
            calibration=calibration,
            profiles=profiles,
            metrics=metrics,
            libraries={"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        )

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
            "regularisation": self.settings.regularisation,
            "cue_scale": self.settings.cue_scale,
            "balanced_at": self.balanced_at,
            "category_regularisation": self.settings.category_regularisation,
        }
