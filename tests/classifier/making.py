"""Texts of every kind and small models with random weights, for what must hold whatever was learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from classifier import Classifier
from classifier.bundle import Bundle, write_bundle
from classifier.cues import CueSet, parse_cues
from classifier.manifest import Manifest
from classifier.ngrams import GramSettings
from classifier.text import unfit

# The same examples in every run: what fails here fails for everybody.
settings.register_profile(
    "classifier",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
reproducibly = settings.get_profile("classifier")

TINY = GramSettings(buckets=2**10)
LABELS = ("recruitment", "separatism")
PROFILES = {"balanced": 0.5, "high_precision": 0.9, "high_recall": 0.1}
CUES = """
call_to_join:
  speaks: for
  labels: [recruitment]
  description: {en: calls on people to join, ru: зовёт вступить, kk: қосылуға шақырады}
  patterns:
    ru: ["вступай*", "набор в отряд|роту"]
    en: ["join us"]
pay_offer:
  speaks: for
  labels: [recruitment, separatism]
  description: {en: offers pay, ru: обещает деньги, kk: ақша ұсынады}
  patterns:
    any: ["{money}", "{number} тенге|рублей"]
reported_speech:
  speaks: against
  labels: [recruitment, separatism]
  description: {en: reports what others said, ru: пересказывает чужое, kk: басқаның сөзі}
  patterns:
    ru: ["сообщил*", "по словам"]
"""

# Letters of every script in use, look-alikes, marks, invisible and typed things: where folding has most to do.
TRICKY = (
    "abcdehijkostuvxyzAB CHOсовабцчшщьйяюіәғқңөұүһўҳҷӣӯαβωΟ0134579.,!?:;'’ʻ`\"«»-–_@#$₸%&()/\\+*\n\r\t"
    "\u0301\u0306\u0308\u0323\u200b\u200d\u202e\u2066\ufeff\u00a0é😀🏽👩🇰שلا中한ﬁⅧ①\ue000\ue003ŉ\u0b48"
    "🎻💰🔥8KBOСp\ue004\ue005\ue006"
)
WORDS = (
    "вступай отряд набор роту в на не join us the вступааай Bctупaй zhizn жизнь сообщил словам по 300 000 тенге "
    "$ https://t.me/abc @handle_x +77011234567 . ? « » ! , қосылыңыз o'zbek 12 😀 סוד "
    "CBO copok #ВступайВОтряд в.с.т.у.п.а.й и я о к р@бота 🎻🎻 💰 01.02.2024 5$ 18 лет "
    "казахи өзбектер Tatars Татарстан мусульманам турок украина украинцам"
).split()

anything = st.text(max_size=60) | st.text(TRICKY, max_size=80)
sentences = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join)
texts = anything | sentences | st.lists(anything | sentences, max_size=6).map("".join)
fit_texts = texts.filter(lambda text: unfit(text) is None)
long_texts = st.builds(lambda text, times: (text * times)[:10_000], fit_texts, st.integers(20, 600))


def cue_set(content: str = CUES) -> CueSet:
    return parse_cues({"made.yaml": content.encode()}, "made")


def made_bundle(
    *,
    labels: tuple[str, ...] = LABELS,
    exclusive: bool = False,
    grams: GramSettings = TINY,
    cues: CueSet | None = None,
    seed: int = 0,
    scale: float = 1.0,
    categories: bool = True,
) -> Bundle:
    """A bundle with random weights; `scale` says how large they are."""
    cues, random = cues or cue_set(), np.random.default_rng(seed)
    names = [cue.name for cue in cues.cues]
    kinds = {"news": [], "both": list(labels), **{f"only_{label}": [label] for label in labels}} if categories else {}
    known: dict[str, Any] = {"categories": kinds, "category_weight": 1.5} if categories else {}
    profiles = {name: {label: {"threshold": share} for label in labels} for name, share in PROFILES.items()}
    manifest = Manifest(
        name="made",
        version="1",
        labels=labels,
        exclusive=exclusive,
        policy_version="none",
        features={"ngrams": grams.to_dict(), "cues": names} | known,
        training={},
        calibration={label: {"slope": 1.5, "intercept": -0.5, "prevalence": 0.2} for label in labels},
        profiles=profiles,
        metrics={},
        libraries={},
    )
    arrays: dict[str, Any] = {
        "idf": (1 + random.random(grams.buckets)).astype(np.float32),
        "weights": (scale * random.normal(size=(grams.buckets, len(labels)))).astype(np.float32),
        "bias": random.normal(size=len(labels)),
        "cue_weights": scale * random.normal(size=(len(names), len(labels))),
        "known_words": random.integers(0, 2, grams.buckets, np.uint8),
    }
    if categories:
        arrays |= {
            "category_weights": random.integers(-127, 128, (grams.buckets, len(kinds)), np.int8),
            "category_scale": scale * (0.01 + 0.02 * random.random(len(kinds))),
            "category_bias": random.normal(size=len(kinds)) - 2,
        }
    return Bundle(manifest, arrays, cues)


def made_classifier(**how: Any) -> Classifier:
    bundle = made_bundle(**how)
    return Classifier(bundle, bundle.cues)


def write_made(directory: Path, **how: Any) -> Path:
    bundle = made_bundle(**how)
    write_bundle(directory, bundle.manifest, bundle.arrays, bundle.cues)
    return directory
