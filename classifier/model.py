"""Score posts: margins, probabilities, flags and reasons, the same for one post, a batch, a file and the API."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from classifier import foldtable, lang
from classifier.bundle import Bundle, read_bundle, read_cue_directory
from classifier.calibration import Scaling, expit, logit, rounded
from classifier.counterfactual import fewest_words
from classifier.cues import CueSet
from classifier.errors import BundleError, UnfitTextError, UnknownProfileError
from classifier.evidence import Explainer
from classifier.kernels.rows import Weights
from classifier.kernels.score import score_posts
from classifier.manifest import Manifest
from classifier.memory import Memory
from classifier.ngrams import GramSettings
from classifier.resting import AT_REST, collector_at_rest
from classifier.text import fold, lay_out, parts_of, unfit
from classifier.weights import weights_for

NEAR: Final = 0.4  # log odds around the threshold that count as "near"
FEW_WORDS: Final = 3
LEAST_KNOWN: Final = 0.4  # share of the words that the model must have learned from
REASONS: Final = {
    "near_threshold": "the probability is close to the threshold",
    "too_short": "the post has fewer than three words",
    "unknown_language": "the language could not be told",
    "mostly_unseen": "the model has learned from few of its words",
}
FULL: Final = "full"
Explain = bool | Literal["full"]
NOTES: Final = ("words", "known_words", "language")  # columns of what is noted of a post


class LabelScore(NamedTuple):
    """One label of one post.

    Parameters
    ----------
    probability : float
        Likelihood that the post does what the label says, 6 decimals; not a severity.
    threshold : float
        Of the profile.
    flagged : bool
        Whether the probability reaches the threshold: a person should look.
    uncertain : bool
        Whether the score deserves less trust than usual.
    reason : str or None
        Why it is uncertain, see `REASONS`.
    """

    probability: float
    threshold: float
    flagged: bool
    uncertain: bool
    reason: str | None


class Score(NamedTuple):
    """What a post scored; `predicted` only where labels are exclusive, `evidence` only where asked for.

    With evidence come the kinds of posts of the labelling guide that it `resembles` most, where the model knows them,
    and with full evidence the labelled posts that are `nearest`, where the bundle carries any.
    """

    detected_lang: str
    labels: dict[str, LabelScore]
    predicted: str | None = None
    evidence: dict[str, Any] | None = None
    resembles: list[dict[str, Any]] | None = None
    nearest: list[dict[str, Any]] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The form it has on the wire, without the id."""
        answer: dict[str, Any] = {
            "detected_lang": self.detected_lang,
            "labels": {name: score._asdict() for name, score in self.labels.items()},
        }
        if self.predicted is not None:
            answer["predicted"] = self.predicted
        if self.evidence is not None:
            answer["evidence"] = self.evidence
        if self.resembles is not None:
            answer["resembles"] = self.resembles
        if self.nearest is not None:
            answer["nearest"] = self.nearest
        return answer


class Measured(NamedTuple):
    """What the compiled loops find out about posts.

    Parameters
    ----------
    margins : ndarray of float64, shape (posts, labels)
        Highest over each post and its windows; log odds before calibration.
    windows : ndarray of int32, shape (posts, labels, 2)
        The folded symbols that each margin came from.
    notes : ndarray of int32, shape (posts, 3)
        Words, how many of them the model has learned from, and the place of the language.
    """

    margins: npt.NDArray[np.float64]
    windows: npt.NDArray[np.int32]
    notes: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Classifier:
    """A loaded model; safe to share between threads.

    Parameters
    ----------
    bundle : Bundle
        The verified bundle.
    cues : CueSet
        The cues that score: the bundle's copy or a replacement.
    prevalence : mapping of str to float
        By label, the share of positives to expect where it differs from that of the calibration.
    """

    bundle: Bundle
    cues: CueSet
    prevalence: Mapping[str, float] = field(default_factory=dict)
    weights: Weights = field(init=False, repr=False)
    memory: Memory = field(init=False, repr=False)
    explainer: Explainer = field(init=False, repr=False)

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        cues: str | Path | None = None,
        sha256: str | None = None,
        prevalence: Mapping[str, float] | None = None,
    ) -> Classifier:
        """Read a bundle.

        Parameters
        ----------
        path : str or Path
            Directory of the bundle.
        cues : str or Path, optional
            Directory of cue files to use instead of the bundle's copy.
        sha256 : str, optional
            Digest that the bundle must have.
        prevalence : mapping of str to float, optional
            Expected share of positives by label, strictly between 0 and 1.

        Returns
        -------
        Classifier
            Ready to score.

        Raises
        ------
        BundleError
            When the bundle cannot be used.
        CueError
            When a cue file is faulty.
        """
        bundle = read_bundle(Path(path), sha256)
        chosen = bundle.cues if cues is None else read_cue_directory(Path(cues), bundle)
        shares = dict(prevalence or {})
        for label, share in shares.items():
            if label not in bundle.manifest.labels or not 0 < share < 1:
                raise BundleError(
                    f"prevalence {label}={share}: name one of {bundle.manifest.labels} and a share between 0 and 1"
                )
        return cls(bundle, chosen, shares)

    def __post_init__(self) -> None:
        weights = weights_for(self.bundle, [cue.name for cue in self.cues.cues])
        object.__setattr__(self, "weights", weights)
        memory, kinds = Memory(self.settings, weights.columns), tuple(self.manifest.categories)
        object.__setattr__(self, "memory", memory)
        explainer = Explainer(weights, self.settings, memory, self.cues, self.labels, kinds)
        object.__setattr__(self, "explainer", explainer)

    @cached_property
    def scaling(self) -> Scaling:
        """From margins to probabilities; training scores before there is one."""
        calibrated = [self.manifest.calibration[label] for label in self.labels]
        return Scaling.of(calibrated, [self.prevalence.get(label) for label in self.labels])

    @property
    def manifest(self) -> Manifest:
        """What the bundle says of itself."""
        return self.bundle.manifest

    @property
    def settings(self) -> GramSettings:
        """Shape of the n-gram features."""
        return self.manifest.gram_settings

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels in order."""
        return self.manifest.labels

    @property
    def exclusive(self) -> bool:
        """Whether a post has exactly one of the labels."""
        return self.manifest.exclusive

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.manifest.name

    @property
    def version(self) -> str:
        """Version of the model."""
        return self.manifest.version

    @property
    def policy_version(self) -> str:
        """Digest of the labelling guide that the labels follow."""
        return self.manifest.policy_version

    @property
    def sha256(self) -> str:
        """Digest of the bundle."""
        return self.bundle.sha256

    @property
    def cues_sha256(self) -> str:
        """Digest of the cues that score."""
        return self.cues.sha256

    def thresholds(self, profile: str) -> dict[str, float]:
        """Thresholds of a profile by label."""
        profiles = self.manifest.profiles
        if profile not in profiles:
            raise UnknownProfileError(profile, tuple(profiles))
        return {label: float(profiles[profile][label]["threshold"]) for label in self.labels}

    def margins(self, texts: Sequence[str]) -> Measured:
        """Highest margin over each post and its windows.

        Parameters
        ----------
        texts : sequence of str
            Posts that are fit to be scored.

        Returns
        -------
        Measured
            Margins, the windows they came from, and what else was noted of each post.
        """
        size, labels = len(texts), len(self.labels)
        found = Measured(
            np.empty((size, labels)), np.empty((size, labels, 2), np.int32), np.empty((size, len(NOTES)), np.int32)
        )
        folding, tongue, gram, memory = foldtable.folding(), lang.tongue(), self.settings.gram, self.memory.take()
        for part in parts_of(texts):
            source, stops = lay_out(texts[part])
            answers = found.margins[part], found.windows[part], found.notes[part]
            score_posts(source, stops, folding, self.cues.patterns, gram, self.weights, memory, tongue, *answers)
        self.memory.give(memory)
        return found

    def probabilities(self, margins: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Rounded probabilities, shape (posts, labels), of margins of that shape."""
        table = self.scaling(margins)
        return rounded(table / table.sum(axis=1, keepdims=True) if self.exclusive else table)

    def score(self, texts: Sequence[str], *, explain: Explain = False, profile: str = "balanced") -> list[Score]:
        """Score posts.

        Parameters
        ----------
        texts : sequence of str
            The posts.
        explain : bool or "full"
            Whether to add evidence; "full" adds, for flagged labels, the fewest words without which the flag drops, and
            the nearest labelled posts. These take about a millisecond a post.
        profile : str
            Which thresholds decide `flagged`.

        Returns
        -------
        list of Score
            In the order of `texts`.

        Raises
        ------
        UnfitTextError
            For the first text that cannot be scored.
        UnknownProfileError
            When the bundle has no such profile.
        """
        if isinstance(texts, str):
            raise UnfitTextError(0, "give a list of texts, not a single string")
        results = []
        for result in self.score_each(texts, explain=explain, profile=profile):
            if isinstance(result, UnfitTextError):
                raise result
            results.append(result)
        return results

    def score_each(
        self,
        texts: Sequence[object],
        *,
        explain: Explain = False,
        profile: str = "balanced",
        max_characters: int | None = None,
    ) -> list[Score | UnfitTextError]:
        """Score what can be scored and say of the rest why it cannot; see `score`."""
        thresholds = self.thresholds(profile)
        faults = [unfit(text, max_characters) for text in texts]
        fit = [str(text) for text, fault in zip(texts, faults, strict=True) if fault is None]
        scored = self.assemble(fit, self.margins(fit), thresholds, explain)
        results: list[Score | UnfitTextError] = []
        for first in range(0, len(faults), AT_REST):
            with collector_at_rest():
                results += [
                    next(scored) if fault is None else UnfitTextError(place, fault)
                    for place, fault in enumerate(faults[first : first + AT_REST], first)
                ]
        return results

    def assemble(
        self, texts: Sequence[str], measured: Measured, thresholds: Mapping[str, float], explain: Explain
    ) -> Iterator[Score]:
        """Put margins into words."""
        chances = self.probabilities(measured.margins).tolist() if len(texts) else []
        margins, names = measured.margins.tolist(), self.labels
        cuts = [Cut.at(thresholds[label]) for label in names]
        reasons = self.explainer.explain(texts, margins, measured.windows)
        for place, (row, (words, known, tongue)) in enumerate(zip(chances, measured.notes.tolist(), strict=True)):
            doubt = doubt_of(words, known, tongue)
            labels = {names[k]: cuts[k].judge(chance, doubt) for k, chance in enumerate(row)}
            predicted = names[row.index(max(row))] if self.exclusive else None
            score = Score(lang.name_of(tongue), labels, predicted)
            if explain:
                evidence, resembles = next(reasons)
                score = score._replace(evidence=evidence, resembles=resembles)
            yield self.in_full(texts[place], score) if explain == FULL else score

    def in_full(self, text: str, score: Score) -> Score:
        """Add to a score with evidence what takes longer to find out."""
        for place, (name, label) in enumerate(score.labels.items()):
            part = (score.evidence or {})[name]
            part["counterfactual"] = None
            if label.flagged:
                chances = partial(self.chances_of, place)
                part["counterfactual"] = fewest_words(text, part["spans"], label.threshold, chances)
        index = self.bundle.nearest
        return score if index is None else score._replace(nearest=index.find(fold(text)))

    def chances_of(self, label: int, texts: Sequence[str]) -> list[float]:
        """Rounded probabilities of one label."""
        chances: list[float] = self.probabilities(self.margins(texts).margins)[:, label].tolist()
        return chances


@dataclass(frozen=True)
class Cut:
    """A threshold and the probabilities that count as near it."""

    threshold: float
    low: float
    high: float

    @classmethod
    @lru_cache(maxsize=256)  # asked for with every post
    def at(cls, threshold: float) -> Cut:
        """The cut of a threshold; nothing is near one that everything or nothing reaches."""
        if not 0 < threshold < 1:
            return cls(threshold, math.inf, -math.inf)
        odds = logit(threshold)
        return cls(threshold, expit(odds - NEAR), expit(odds + NEAR))

    def judge(self, probability: float, doubt: str | None) -> LabelScore:
        """Compare a rounded probability with the threshold and say whether to trust it."""
        reason = "near_threshold" if self.low < probability < self.high else doubt
        return LabelScore(probability, self.threshold, probability >= self.threshold, reason is not None, reason)


def doubt_of(words: int, known: int, tongue: int) -> str | None:
    """Why a text as a whole deserves less trust; see `REASONS`."""
    if words < FEW_WORDS:
        return "too_short"
    if tongue < 0:
        return "unknown_language"
    return "mostly_unseen" if known < LEAST_KNOWN * words else None
