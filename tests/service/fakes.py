"""A classifier that needs no bundle, for tests that need control over what it does and when."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from classifier.counterfactual import fewest_words
from classifier.errors import UnfitTextError
from classifier.model import FULL, Explain
from classifier.text import unfit

LABELS = ("recruitment", "separatism")
WEIGHTS = {"join": 2.0, "отряд": 2.2, "личку": 0.6, "паспорт": 0.3, "north": 1.5, "warn": -1.2, "recruiter": -0.5}


@dataclass(frozen=True)
class FakeCue:
    name: str
    description: Mapping[str, str]
    speaks: str = "for"
    labels: tuple[str, ...] = LABELS


@dataclass(frozen=True)
class FakeCues:
    files: Mapping[str, bytes] = field(default_factory=dict)
    cues: tuple[FakeCue, ...] = (FakeCue("call_to_join", {"en": "calls on people to join or sign up"}),)


def _profiles() -> dict[str, dict[str, dict[str, Any]]]:
    shares = {"balanced": 0.5, "high_precision": 0.9, "high_recall": 0.1}
    return {name: {label: {"threshold": share} for label in LABELS} for name, share in shares.items()}


@dataclass(frozen=True)
class FakeManifest:
    profiles: Mapping[str, Any] = field(default_factory=_profiles)
    calibration: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FakeLabelScore:
    probability: float
    threshold: float
    flagged: bool
    uncertain: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class FakeScore:
    detected_lang: str
    labels: dict[str, FakeLabelScore]
    evidence: dict[str, Any] | None = None
    predicted: str | None = None
    resembles: list[dict[str, Any]] | None = None
    nearest: list[dict[str, Any]] | None = None

    def to_dict(self) -> dict[str, Any]:
        labels = {name: vars(score) for name, score in self.labels.items()}
        answer: dict[str, Any] = {"detected_lang": self.detected_lang, "labels": labels}
        added = {"evidence": self.evidence, "resembles": self.resembles, "nearest": self.nearest}
        return answer | {name: value for name, value in added.items() if value is not None}


@dataclass
class FakeClassifier:
    """Scores by a few words; blocks while `gate` is set and closed, raises `fault` if there is one.

    `nearest` are the posts that every post is like; `explained` is how much was asked to be explained, call by call.
    """

    labels: tuple[str, ...] = LABELS
    exclusive: bool = False
    name: str = "fake"
    version: str = "0"
    sha256: str = "0" * 64
    cues_sha256: str = "1" * 64
    policy_version: str = "1"
    gate: threading.Event | None = None
    entered: threading.Event = field(default_factory=threading.Event)
    fault: Exception | None = None
    cues: FakeCues = field(default_factory=FakeCues)
    manifest: FakeManifest = field(default_factory=FakeManifest)
    nearest: list[dict[str, Any]] | None = None
    explained: list[Explain] = field(default_factory=list)

    def thresholds(self, profile: str) -> dict[str, float]:
        return {label: float(figures["threshold"]) for label, figures in self.manifest.profiles[profile].items()}

    def score(self, texts: Sequence[str], *, explain: Explain = False, profile: str = "balanced") -> list[FakeScore]:
        self.explained.append(explain)
        return [self._one(text, explain, profile) for text in texts]

    def score_each(
        self,
        texts: Sequence[object],
        *,
        explain: Explain = False,
        profile: str = "balanced",
        max_characters: int | None = None,
    ) -> list[FakeScore | UnfitTextError]:
        self.entered.set()
        self.explained.append(explain)
        if self.gate is not None:
            self.gate.wait(timeout=60)
        if self.fault is not None:
            raise self.fault
        return [self._each(at, text, explain, profile, max_characters) for at, text in enumerate(texts)]

    def _each(
        self, at: int, text: object, explain: Explain, profile: str, limit: int | None
    ) -> FakeScore | UnfitTextError:
        reason = unfit(text, limit)
        return UnfitTextError(at, reason) if reason else self._one(str(text), explain, profile)

    def _one(self, text: str, explain: Explain, profile: str) -> FakeScore:
        found = [(word, weight, text.lower().find(word)) for word, weight in WEIGHTS.items() if word in text.lower()]
        spans = [{"start": at, "end": at + len(w), "text": text[at : at + len(w)], "weight": v} for w, v, at in found]
        cues = [
            {"cue": "call_to_join", "weight": 0.5, "spans": [{"start": s["start"], "end": s["end"]}]}
            for s in spans
            if s["weight"] == WEIGHTS["join"]
        ]
        margin = -1.0 + sum(s["weight"] for s in spans) + sum(c["weight"] for c in cues)
        probability = round(1 / (1 + 2.718281828**-margin), 6)
        thresholds = self.thresholds(profile)
        labels = {name: FakeLabelScore(probability, t, probability >= t) for name, t in thresholds.items()}
        one = {
            "margin": margin,
            "bias": -1.0,
            "window": {"start": 0, "end": len(text)},
            "spans": spans,
            "cues": cues,
            "other": 0.0,
        }
        if not explain:
            return FakeScore("ru", labels)
        evidence = {name: dict(one) for name in self.labels}
        if explain == FULL:
            for name, label in labels.items():
                evidence[name]["counterfactual"] = self._without(text, one, label, profile) if label.flagged else None
        return FakeScore("ru", labels, evidence, nearest=self.nearest if explain == FULL else None)

    def _without(self, text: str, one: Mapping[str, Any], label: FakeLabelScore, profile: str) -> dict[str, Any] | None:
        def chances(texts: Sequence[str]) -> list[float]:
            return [self._one(rest, False, profile).labels[LABELS[0]].probability for rest in texts]

        return fewest_words(text, one["spans"], label.threshold, chances)
