"""The fewest words without which a flag drops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from classifier import Classifier
from classifier.counterfactual import MOST_WORDS, PAIRED, fewest_words, without
from tests.classifier.making import fit_texts, made_classifier, reproducibly

MODEL = made_classifier()


def spans_of(text: str, weights: dict[str, float]) -> list[dict[str, Any]]:
    return [
        {"start": word.start(), "end": word.end(), "text": word[0], "weight": weights[word[0]]}
        for word in re.finditer(r"\w+", text)
        if word[0] in weights
    ]


def chances_by(worth: dict[str, float]) -> Any:
    """Probabilities that are sums over words."""

    def chances(texts: Sequence[str]) -> list[float]:
        return [sum(worth.get(word, 0.0) for word in re.findall(r"\w+", text)) for text in texts]

    return chances


def dropped(text: str, worth: dict[str, float], threshold: float) -> list[str] | None:
    found = fewest_words(text, spans_of(text, worth), threshold, chances_by(worth))
    if found is None:
        return None
    assert [set(span) for span in found["spans"]] == [{"start", "end", "text"}] * len(found["spans"])
    rest = without(text, found["spans"])
    assert found["probability"] == chances_by(worth)([rest])[0] < threshold
    return [span["text"] for span in found["spans"]]


def test_words_are_taken_out_and_nothing_else() -> None:
    spans = [{"start": 6, "end": 8}, {"start": 0, "end": 2}]
    assert without("ab cd ef", spans) == " cd "
    assert without("ab", []) == "ab"


@pytest.mark.parametrize(
    ("worth", "threshold", "expected"),
    [
        ({"a": 0.6, "b": 0.2, "c": 0.1}, 0.5, ["a"]),
        ({"a": 0.3, "b": 0.4, "c": 0.2}, 0.4, ["a", "b"]),
        ({"a": 0.3, "b": 0.3, "c": 0.3, "d": 0.05}, 0.2, ["a", "b", "c"]),
        ({"a": 0.3, "b": -0.4, "c": 0.6}, 0.5, ["c"]),
        ({"a": 0.3, "b": 0.3}, 0.0, None),
        ({"a": -0.3}, -0.5, None),
    ],
)
def test_the_fewest_words_in_the_order_of_the_text(
    worth: dict[str, float], threshold: float, expected: list[str] | None
) -> None:
    assert dropped("a b c d", worth, threshold) == expected


def test_a_weaker_pair_is_found_where_no_single_word_does_it() -> None:
    """Words are ranked by their parts of the margin, yet what counts is the score without them."""
    text, parts = "a b c", {"a": 3.0, "b": 2.0, "c": 1.0}
    real = chances_by({"a": 0.1, "b": 0.4, "c": 0.4})
    found = fewest_words(text, spans_of(text, parts), 0.2, real)
    assert found is not None
    assert [span["text"] for span in found["spans"]] == ["b", "c"]


def test_words_that_are_not_needed_are_given_back() -> None:
    text = " ".join("abcdef")
    real = chances_by({"a": 0.1, "b": 0.3, "c": 0.1, "d": 0.3, "e": 0.3})
    found = fewest_words(text, spans_of(text, {char: 10.0 - k for k, char in enumerate("abcdef")}), 0.25, real)
    assert found is not None
    assert [span["text"] for span in found["spans"]] == ["b", "d", "e"]


def test_only_so_many_words_are_tried() -> None:
    words = [f"w{k}" for k in range(20)]
    calls: list[int] = []

    def never(texts: Sequence[str]) -> list[float]:
        calls.append(len(texts))
        return [1.0] * len(texts)

    text = " ".join(words)
    assert fewest_words(text, spans_of(text, dict.fromkeys(words, 1.0)), 0.5, never) is None
    assert calls == [MOST_WORDS + PAIRED * (PAIRED - 1) // 2 + MOST_WORDS - 2]


@settings(reproducibly, max_examples=40)
@given(fit_texts)
def test_full_evidence_says_what_every_flag_hangs_on_and_it_is_so(text: str) -> None:
    (score,) = MODEL.score([text], explain="full")
    assert score._replace(evidence=None) == MODEL.score([text], explain=True)[0]._replace(evidence=None)
    for name, label in score.labels.items():
        part = (score.evidence or {})[name]
        found = part["counterfactual"]
        if found is None:
            continue
        assert label.flagged
        places = [(span["start"], span["end"]) for span in found["spans"]]
        assert places == sorted(places)
        assert set(places) <= {(span["start"], span["end"]) for span in part["spans"]}
        assert all(text[span["start"] : span["end"]] == span["text"] for span in found["spans"])
        place = MODEL.labels.index(name)
        assert found["probability"] == MODEL.chances_of(place, [without(text, found["spans"])])[0] < label.threshold


def test_plain_evidence_has_none_of_it(made: Classifier) -> None:
    (score,) = made.score(["вступай в отряд"], explain=True)
    assert all("counterfactual" not in part for part in (score.evidence or {}).values())
    (full,) = made.score(["вступай в отряд"], explain="full")
    assert all("counterfactual" in part for part in (full.evidence or {}).values())


OFFERS = (
    "Ищем парней в отряд на юге, платят хорошо, пиши в личку",
    "Join our unit at the front, good pay, any passport, write me in private",
    "Референдум! Наш край должен отделиться, выходим в субботу",
)


@pytest.mark.parametrize("text", OFFERS)
def test_a_flag_of_a_trained_model_drops_without_the_words_it_hangs_on(classifier: Classifier, text: str) -> None:
    (score,) = classifier.score([text], explain="full", profile="high_recall")
    found = {name: (score.evidence or {})[name]["counterfactual"] for name in score.labels}
    assert any(found.values())
    for name, part in found.items():
        if part is not None:
            (rest,) = classifier.score([without(text, part["spans"])], profile="high_recall")
            assert score.labels[name].flagged
            assert not rest.labels[name].flagged
            assert rest.labels[name].probability == part["probability"]
