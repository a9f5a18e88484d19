"""Evidence: the margin taken apart, exactly, into characters and cues."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from classifier import Classifier
from classifier.cues import CueSet
from classifier.text import fold
from tests.classifier.making import cue_set, fit_texts, long_texts, made_classifier, reproducibly

APPEAL = "Вступай в наш отряд! Набор в роту открыт, 300 000 рублей, пиши @boec"
with (Path(__file__).parents[1] / "data" / "languages.csv").open(encoding="utf-8", newline="") as file:
    HARMLESS = [row["text"] for row in csv.DictReader(file)]
SHOWN_FROM = 0.05
SIGNED = made_classifier()


def evidence_of(model: Classifier, text: str) -> dict[str, Any]:
    found = model.score([text], explain=True)[0].evidence
    assert found is not None
    assert list(found) == list(model.labels)
    return found


def total(part: dict[str, Any]) -> float:
    spans, cues = (span["weight"] for span in part["spans"]), (cue["weight"] for cue in part["cues"])
    return math.fsum([part["bias"], *spans, *cues, part["other"]])


@settings(reproducibly, max_examples=150)
@given(fit_texts | long_texts)
@example("и\u0306" * 300)
@example(("вступай " * 1250)[:10_000])
@example("👩‍👩‍👧 שלום \u202eвступай\u202c 😀")
@example("...")
def test_evidence_adds_up_and_points_into_the_text(text: str) -> None:
    margins, _ = SIGNED.margins([text])
    for place, part in enumerate(evidence_of(SIGNED, text).values()):
        assert part["margin"] == margins[0, place]
        assert total(part) == pytest.approx(part["margin"], abs=1e-6)
        start, end = part["window"]["start"], part["window"]["end"]
        assert 0 <= start <= end <= len(text)
        last = start
        for span in part["spans"]:
            assert last <= span["start"] < span["end"] <= end
            assert span["text"] == text[span["start"] : span["end"]]
            assert span["weight"]
            last = span["end"]
        for cue in part["cues"]:
            assert cue["weight"]
            assert cue["spans"]
            assert all(start <= span["start"] < span["end"] <= end for span in cue["spans"])


@settings(reproducibly)
@given(fit_texts | long_texts)
def test_other_is_the_sum_of_the_words_too_weak_to_show(text: str) -> None:
    """Taken apart again with nothing left out, what was left out before adds up to `other`."""
    model = SIGNED
    _, windows = model.margins([text])
    for place, part in enumerate(evidence_of(model, text).values()):
        start, end = windows[0, place].tolist()
        post = fold(text)
        words = model.explainer.word_parts(post, place, model.explainer.measure(post, start, end))
        strongest = max((abs(weight) for _, _, weight in words), default=0.0)
        weak = [weight for _, _, weight in words if abs(weight) < SHOWN_FROM * strongest]
        strong = [
            (int(post.starts[a]), weight) for a, _, weight in words if weight and abs(weight) >= SHOWN_FROM * strongest
        ]
        assert part["other"] == pytest.approx(math.fsum(weak), abs=1e-12)
        assert [(span["start"], span["weight"]) for span in part["spans"]] == strong


def test_cues_are_named_with_every_place_strongest_first(made: Classifier) -> None:
    text = "вступай! вступайте! 5$ сообщили"
    part = evidence_of(made, text)["separatism"]
    assert [abs(cue["weight"]) for cue in part["cues"]] == sorted(
        (abs(cue["weight"]) for cue in part["cues"]), reverse=True
    )
    places = {cue["cue"]: [text[span["start"] : span["end"]] for span in cue["spans"]] for cue in part["cues"]}
    assert places == {"call_to_join": ["вступай", "вступайте"], "pay_offer": ["$"], "reported_speech": ["сообщили"]}


def test_a_cue_counts_once_however_often_it_stands() -> None:
    cues = cue_set()
    model = made_classifier(cues=cues)
    once, often = (
        evidence_of(model, text)["recruitment"]["cues"] for text in ("сообщил", "сообщил. Сообщил. Сообщили")
    )
    assert [cue["weight"] for cue in once] == [cue["weight"] for cue in often]
    assert len(often[0]["spans"]) == 3


@pytest.mark.parametrize("before", [0, 3, 30, 80])
@pytest.mark.parametrize("after", [20, 60])
def test_an_appeal_among_harmless_sentences_is_found_and_evidence_names_its_window(
    classifier: Classifier, before: int, after: int
) -> None:
    head, tail = " ".join([*HARMLESS[:before], ""]), " ".join(["", *HARMLESS[-after:]])
    text = f"{head}{APPEAL}{tail}"
    score = classifier.score([text], explain=True)[0]
    assert score.labels["recruitment"].flagged
    window = (score.evidence or {})["recruitment"]["window"]
    assert window["start"] <= len(head)
    assert window["end"] >= len(head) + len(APPEAL)
    assert window["end"] - window["start"] < min(1000, len(text))


def test_harmless_sentences_alone_are_not_flagged(classifier: Classifier) -> None:
    assert not classifier.score([" ".join(HARMLESS)])[0].labels["recruitment"].flagged


def test_a_short_post_speaks_as_a_whole(made: Classifier) -> None:
    text = "  вступай!\n\n"
    assert evidence_of(made, text)["recruitment"]["window"] == {"start": 0, "end": len(text)}


def test_a_cue_speaks_only_for_its_labels(classifier: Classifier, shipped_cues: CueSet) -> None:
    labels_of = {cue.name: cue.labels for cue in shipped_cues.cues}
    signs = {cue.name: 1 if cue.speaks == "for" else -1 for cue in shipped_cues.cues}
    for label, part in evidence_of(classifier, APPEAL).items():
        assert all(label in labels_of[cue["cue"]] for cue in part["cues"])
        assert all(cue["weight"] * signs[cue["cue"]] > 0 for cue in part["cues"])
    assert evidence_of(classifier, APPEAL)["recruitment"]["cues"]
