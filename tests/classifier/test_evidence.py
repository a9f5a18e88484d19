"""Evidence: the margin taken apart, exactly, into characters and cues."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings

from classifier import Classifier
from classifier.categories import POINTS, SHARES
from classifier.cues import CueSet
from classifier.text import compose, fold
from tests.classifier import slow
from tests.classifier.making import cue_set, fit_texts, long_texts, made_bundle, made_classifier, reproducibly

APPEAL = "Вступай в наш отряд! Набор в роту открыт, 300 000 рублей, пиши @boec"
with (Path(__file__).parents[1] / "data" / "languages.csv").open(encoding="utf-8", newline="") as file:
    HARMLESS = [row["text"] for row in csv.DictReader(file)]
SHOWN_FROM = 0.05
ROUNDING = 1e-4  # of margins, whose sums are in 32 bits and whose weights here are large
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
@example("за CBO вступай! А pOB в.с.т.у.п.а.й 🎻🎻")
@example("Вступай. " * 40 + "CBO " * 60 + "сообщил 5$. " * 20)
def test_evidence_adds_up_and_points_into_the_text(text: str) -> None:
    margins = SIGNED.margins([text]).margins
    for place, part in enumerate(evidence_of(SIGNED, text).values()):
        assert part["margin"] == margins[0, place]
        assert total(part) == pytest.approx(part["margin"], abs=ROUNDING)
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
@example("за CBO вступай! CBO, 300 000 рублей")
def test_spans_and_other_are_the_parts_of_the_slow_twin(text: str) -> None:
    """What is too weak to show adds up to `other`, and two readings of a word are one span."""
    windows = SIGNED.margins([text]).windows
    composed, origin = compose(text)
    post = fold(composed)
    for place, part in enumerate(evidence_of(SIGNED, text).values()):
        rule, (start, end) = list(zip(POINTS.tolist(), SHARES.tolist(), strict=True)), windows[0, place].tolist()
        parts = slow.parts_of(str(post), start, end, place, SIGNED.weights, SIGNED.settings, rule)
        words: dict[int, float] = {}
        for at, weight in parts.items():
            code_point = int(post.starts[at])
            code_point = code_point if origin is None else int(origin[code_point])
            words[code_point] = words.get(code_point, 0.0) + weight
        strongest, scale = max(map(abs, words.values()), default=0.0), 1 + sum(map(abs, words.values()))
        found = {span["start"]: span["weight"] for span in part["spans"]}
        assert len(found) == len(part["spans"])
        for at, weight in words.items():
            if at in found:
                assert found[at] == pytest.approx(weight, abs=ROUNDING * scale)
            assert (at in found) == (abs(weight) >= SHOWN_FROM * strongest) or abs(
                abs(weight) - SHOWN_FROM * strongest
            ) < ROUNDING * scale
        weak = math.fsum(weight for at, weight in words.items() if at not in found)
        assert part["other"] == pytest.approx(weak, abs=ROUNDING * scale)


def test_a_word_that_is_read_both_ways_is_one_span_with_both_parts() -> None:
    text = "за CBO"
    rule = list(zip(POINTS.tolist(), SHARES.tolist(), strict=True))
    parts = slow.parts_of(" za kbo svo ", 0, 12, 0, SIGNED.weights, SIGNED.settings, rule)
    (span,) = (span for span in evidence_of(SIGNED, text)["recruitment"]["spans"] if span["start"] == 3)
    assert (span["end"], span["text"]) == (6, "CBO")
    assert span["weight"] == pytest.approx(parts[4] + parts[8], abs=ROUNDING)


def test_cues_are_named_with_every_place_strongest_first(made: Classifier) -> None:
    text = "вступай! вступайте! 5$ сообщили"
    part = evidence_of(made, text)["separatism"]
    assert [abs(cue["weight"]) for cue in part["cues"]] == sorted(
        (abs(cue["weight"]) for cue in part["cues"]), reverse=True
    )
    places = {cue["cue"]: [text[span["start"] : span["end"]] for span in cue["spans"]] for cue in part["cues"]}
    assert places == {
        "call_to_join": ["вступай", "вступайте"],
        "pay_offer": ["5", "$"],
        "reported_speech": ["сообщили"],
    }


def test_a_cue_counts_once_however_often_it_stands() -> None:
    cues = cue_set()
    model = made_classifier(cues=cues)
    once, often = (
        evidence_of(model, text)["recruitment"]["cues"] for text in ("сообщил", "сообщил. Сообщил. Сообщили")
    )
    assert [cue["weight"] for cue in once] == [cue["weight"] for cue in often]
    assert len(often[0]["spans"]) == 3


def cues_alone() -> Classifier:
    """A model in which nothing but a call to join counts."""
    bundle = made_bundle(categories=False)
    nothing = {name: np.zeros_like(array) for name, array in bundle.arrays.items() if name != "idf"}
    nothing["cue_weights"][bundle.cues.names.index("call_to_join")] = 5.0
    return Classifier(replace(bundle, arrays={**bundle.arrays, **nothing}), bundle.cues)


@pytest.mark.parametrize("before", [0, 3, 30, 80])
@pytest.mark.parametrize("after", [20, 60])
def test_an_appeal_among_harmless_sentences_is_found_and_evidence_names_its_window(before: int, after: int) -> None:
    head, tail = " ".join([*HARMLESS[:before], ""]), " ".join(["", *HARMLESS[-after:]])
    text = f"{head}{APPEAL}{tail}"
    score = cues_alone().score([text], explain=True)[0]
    assert score.labels["recruitment"].flagged
    part = (score.evidence or {})["recruitment"]
    assert part["window"]["start"] <= len(head) + len("Вступай")
    assert part["window"]["end"] >= len(head) + len("Вступай")
    assert part["window"]["end"] - part["window"]["start"] < min(1000, len(text))
    assert [cue["cue"] for cue in part["cues"]] == ["call_to_join"]


def test_cues_count_in_the_windows_of_a_long_post_and_not_in_it_as_a_whole() -> None:
    model = cues_alone()
    scattered = " ".join(f"{sentence} вступай" if at % 40 == 0 else sentence for at, sentence in enumerate(HARMLESS))
    (once, often), quiet = model.margins([APPEAL, scattered])[0], model.margins([" ".join(HARMLESS)])[0][0]
    assert once.tolist() == often.tolist() == [5.0, 5.0]
    assert quiet.tolist() == [0.0, 0.0]
    silenced = Classifier(
        replace(model.bundle, arrays={**model.bundle.arrays, "cue_weights": -model.bundle.arrays["cue_weights"]}),
        model.cues,
    )
    part = evidence_of(silenced, scattered)["recruitment"]
    assert (part["margin"], part["cues"]) == (0.0, [])
    assert part["window"] == {"start": 0, "end": len(scattered)}


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
