"""What the page shows of a scored post, in the reviewer's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifier.marks import Stretch, stretches
from classifier.visible import shown
from service.console.kinds import TITLES
from service.console.language import N_, Words

if TYPE_CHECKING:
    from classifier import Classifier
    from classifier.model import Score

LABELS = {
    "recruitment": (
        N_("Recruitment"),
        N_("Whether the post invites people to fight or serve in a foreign war or an armed group"),
    ),
    "separatism": (
        N_("Separatism"),
        N_("Whether the post calls for part of a state to split off, or to be taken by another state"),
    ),
}
REASONS = {
    "near_threshold": N_("close to the threshold, so it could as well be on the other side"),
    "unknown_language": N_("the language is not one that was measured"),
    "too_short": N_("there is very little text to go by"),
    "mostly_unseen": N_("the model has learned from few of these words"),
}
PARTS = (N_("starting point"), N_("characters"), N_("cues"), N_("everything else"), N_("margin"))


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


def view_post(text: str, score: Score, classifier: Classifier, profile: str, words: Words) -> PostView:
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
    words : Words
        The language of the page.
    """
    sentences = {cue.name: cue.description.get(words.lang, cue.description["en"]) for cue in classifier.cues.cues}
    evidence: Mapping[str, Any] = score.evidence or {}
    labels = [_label(text, name, given, evidence[name], sentences, words) for name, given in score.labels.items()]
    lang = score.detected_lang
    nearest = [_near(one, words) for one in score.nearest or []]
    language = "" if lang == "unknown" else lang
    return PostView(
        language, words.language(lang), profile, score.predicted, labels, _likest(score, words), nearest
    )  # fmt: skip


def label_title(name: str, words: Words) -> str:
    """What the page calls a label."""
    return words.say(LABELS[name][0]) if name in LABELS else name


def kind_title(kind: str, words: Words) -> str:
    """What the page calls a kind of post of the labelling guide."""
    return words.say(TITLES.get(kind, kind.replace("_", " ")))


def _likest(score: Score, words: Words) -> str:
    return ", ".join(
        f"{kind_title(one['category'], words)} ({words.percent(one['share'])})" for one in score.resembles or []
    )


def _near(one: Mapping[str, Any], words: Words) -> NearView:
    return NearView(shown(one["text"]), one["lang"], _what(one, words), one["similarity"])


def _what(near: Mapping[str, Any], words: Words) -> str:
    labels = [label_title(name, words).lower() for name, value in near["labels"].items() if value]
    said = words.say(" and ").join(labels) or words.say("neither label")
    return f"{kind_title(near['category'], words)}: {said}" if near["category"] else said


def _without(given: Any, evidence: Mapping[str, Any], words: Words) -> str:
    if not given.flagged:
        return ""
    dropped = evidence["counterfactual"]
    if not dropped:
        return words.say("No few words carry this flag: the whole post reads like that.")
    quoted = ", ".join(f"“{shown(span['text'])}”" for span in dropped["spans"])
    chance = words.percent(dropped["probability"])
    return words.say("Without %(words)s it would not be flagged (%(chance)s).", words=quoted, chance=chance)


def _label(
    text: str, name: str, given: Any, evidence: Mapping[str, Any], sentences: Mapping[str, str], words: Words
) -> LabelView:
    window, meaning = evidence["window"], LABELS.get(name, ("", ""))[1]
    return LabelView(
        name,
        label_title(name, words),
        words.say(meaning) if meaning else "",
        given.probability,
        given.threshold,
        given.flagged,
        words.say(REASONS[given.reason]) if given.reason in REASONS else given.reason or "",
        stretches(text, evidence, sentences),
        [CueView(sentences[cue["cue"]], cue["weight"]) for cue in evidence["cues"]],
        _parts(evidence, words),
        window["end"] - window["start"] < len(text.strip()),
        _without(given, evidence, words),
    )


def _parts(evidence: Mapping[str, Any], words: Words) -> dict[str, float]:
    sums = (
        evidence["bias"],
        _total(evidence["spans"]),
        _total(evidence["cues"]),
        evidence["other"],
        evidence["margin"],
    )
    return {words.say(name): value for name, value in zip(PARTS, sums, strict=True)}


def _total(parts: Iterable[Mapping[str, Any]]) -> float:
    return float(sum(part["weight"] for part in parts))
