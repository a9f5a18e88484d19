"""What the page shows of a scored post, in the reviewer's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifier.marks import Stretch, stretches
from classifier.visible import shown

if TYPE_CHECKING:
    from classifier import Classifier
    from classifier.model import Score

LABELS = {
    "recruitment": ("Recruitment", "invites people to fight or serve in a foreign war or an armed group"),
    "separatism": ("Separatism", "calls for part of a state to split off, or to be taken by another state"),
}
REASONS = {
    "near_threshold": "close to the threshold, so it could as well be on the other side",
    "unknown_language": "the language is not one that was measured",
    "too_short": "there is very little text to go by",
    "mostly_unseen": "the model has learned from few of these words",
}
LANGUAGES = {
    "ru": "Russian",
    "kk": "Kazakh",
    "en": "English",
    "uz": "Uzbek",
    "ky": "Kyrgyz",
    "tg": "Tajik",
    "unknown": "not recognised",
}
SCRIPTS = {"Latn": "in Latin letters", "Cyrl": "in Cyrillic letters"}


@dataclass(frozen=True)
class CueView:
    """A named cue that was found, as a sentence."""

    sentence: str
    weight: float

    @property
    def speaks(self) -> str:
        """For or against the label."""
        return "for" if self.weight > 0 else "against"


@dataclass(frozen=True)
class LabelView:
    """One label: how likely, against which threshold, and why."""

    name: str
    title: str
    meaning: str
    probability: float
    threshold: float
    flagged: bool
    uncertain: str
    stretches: list[Stretch]
    cues: list[CueView]
    parts: dict[str, float]
    windowed: bool
    without: str


@dataclass(frozen=True)
class NearView:
    """A labelled post that the post is like."""

    text: str
    lang: str
    what: str
    similarity: float


@dataclass(frozen=True)
class PostView:
    """A scored post."""

    lang: str
    language: str
    profile: str
    predicted: str | None
    labels: list[LabelView]
    resembles: str
    nearest: list[NearView]


def view_post(text: str, score: Score, classifier: Classifier, profile: str) -> PostView:
    """Put a score into the words of the page.

    Parameters
    ----------
    text : str
        The post as scored.
    score : Score
        Its score, explained.
    classifier : Classifier
        Where the cues are described.
    profile : str
        The profile that was applied.
    """
    sentences = {cue.name: cue.description["en"] for cue in classifier.cues.cues}
    evidence: Mapping[str, Any] = score.evidence or {}
    labels = [_label(text, name, given, evidence[name], sentences) for name, given in score.labels.items()]
    lang = score.detected_lang
    language = "" if lang == "unknown" else lang
    return PostView(language, language_name(lang), profile, score.predicted, labels, _likest(score), _nearest(score))


def _likest(score: Score) -> str:
    return ", ".join(f"{one['category'].replace('_', ' ')} ({percent(one['share'])})" for one in score.resembles or [])


def _nearest(score: Score) -> list[NearView]:
    return [NearView(shown(one["text"]), one["lang"], _what(one), one["similarity"]) for one in score.nearest or []]


def _what(near: Mapping[str, Any]) -> str:
    labels = [LABELS.get(name, (name,))[0].lower() for name, value in near["labels"].items() if value]
    kind = near["category"].replace("_", " ")
    return f"{kind}: {' and '.join(labels) or 'neither label'}" if kind else " and ".join(labels) or "neither label"


def _without(given: Any, evidence: Mapping[str, Any]) -> str:
    dropped = evidence["counterfactual"]
    if not given.flagged or not dropped:
        return "No few words carry this flag: the whole post reads like that." if given.flagged else ""
    words = ", ".join(f"“{shown(span['text'])}”" for span in dropped["spans"])
    return f"Without {words} it would not be flagged ({percent(dropped['probability'])})."


def _label(text: str, name: str, given: Any, evidence: Mapping[str, Any], sentences: Mapping[str, str]) -> LabelView:
    title, meaning = LABELS.get(name, (name, ""))
    window = evidence["window"]
    return LabelView(
        name,
        title,
        meaning,
        given.probability,
        given.threshold,
        given.flagged,
        REASONS.get(given.reason, given.reason or ""),
        stretches(text, evidence, sentences),
        [CueView(sentences[cue["cue"]], cue["weight"]) for cue in evidence["cues"]],
        _parts(evidence),
        window["end"] - window["start"] < len(text.strip()),
        _without(given, evidence),
    )


def _parts(evidence: Mapping[str, Any]) -> dict[str, float]:
    return {
        "starting point": evidence["bias"],
        "characters": _total(evidence["spans"]),
        "cues": _total(evidence["cues"]),
        "everything else": evidence["other"],
        "margin": evidence["margin"],
    }


def _total(parts: Iterable[Mapping[str, Any]]) -> float:
    return float(sum(part["weight"] for part in parts))


def language_name(tag: str) -> str:
    """English name of a language tag, with the tag."""
    language, _, script = tag.partition("-")
    name = LANGUAGES.get(language, language)
    words = f"{name} {SCRIPTS[script]}" if script in SCRIPTS else name
    return words if tag == "unknown" else f"{words} ({tag})"


def percent(share: float) -> str:
    """Write a share as a percentage that never rounds to a certainty."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    return f"{share * 100:.1f} %"


def signed(weight: float) -> str:
    """Write a weight with its sign."""
    return f"{weight:+.2f}".replace("-", "\N{MINUS SIGN}")
