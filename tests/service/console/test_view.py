"""Words and numbers of the page."""

from __future__ import annotations

from typing import Any, cast

import pytest

from classifier import Classifier
from classifier.model import REASONS as DOUBTS
from classifier.model import LabelScore, Score
from service.console.language import Words
from service.console.view import REASONS, PostView, view_post
from tests.service.fakes import FakeClassifier


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, "0.0 %"), (0.0004, "< 0.1 %"), (0.4275, "42.8 %"), (0.9996, "> 99.9 %"), (1.0, "100.0 %")],
)
def test_percent(share: float, expected: str) -> None:
    assert Words("en").percent(share) == expected


def test_numbers_as_each_language_writes_them() -> None:
    assert [Words(lang).percent(0.425) for lang in ("ru", "kk")] == ["42,5 %", "42,5 %"]


def test_signed() -> None:
    words = Words("en")
    assert (words.signed(0.5), words.signed(-0.5)) == ("+0.50", "−0.50")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ru", "Russian (ru)"),
        ("kk-Latn", "Kazakh (Latin) (kk-Latn)"),
        ("unknown", "not recognised"),
        ("xx", "xx (xx)"),
    ],
)
def test_language_names(tag: str, expected: str) -> None:
    assert Words("en").language(tag) == expected


def test_every_reason_has_a_sentence() -> None:
    assert set(REASONS) == set(DOUBTS)


# A whole post.


def viewed(
    text: str, counterfactual: Any = None, *, flagged: bool = True, nearest: list[dict[str, Any]] | None = None
) -> PostView:
    """The view of a post with one label and made-up evidence."""
    part = {"margin": 0.0, "bias": 0.0, "window": {"start": 0, "end": len(text)}, "spans": [], "cues": [], "other": 0.0}
    evidence = {"recruitment": part | {"counterfactual": counterfactual}}
    score = Score("ru", {"recruitment": LabelScore(0.8, 0.5, flagged, False, None)}, None, evidence, None, nearest)
    return view_post(text, score, cast("Classifier", FakeClassifier()), "balanced", Words("en"))


def without(*words: str, probability: float = 0.25) -> dict[str, Any]:
    return {"spans": [{"start": 0, "end": 1, "text": word} for word in words], "probability": probability}


@pytest.mark.parametrize(
    ("counterfactual", "flagged", "sentence"),
    [
        (without("join"), True, "Without “join” it would not be flagged (25.0 %)."),
        (
            without("join", "unit", probability=0.0004),
            True,
            "Without “join”, “unit” it would not be flagged (< 0.1 %).",
        ),
        (None, True, "No few words carry this flag: the whole post reads like that."),
        (None, False, ""),
        (without("jo\u202ein\u200b"), True, "Without “jo[U+202E]in[U+200B]” it would not be flagged (25.0 %)."),
    ],
)
def test_what_a_flag_hangs_on_is_a_sentence(counterfactual: Any, flagged: bool, sentence: str) -> None:
    (label,) = viewed("join our unit", counterfactual, flagged=flagged).labels
    assert label.without == sentence


@pytest.mark.parametrize(
    ("category", "labels", "what"),
    [
        ("state_contract", {"recruitment": 1, "separatism": 0}, "contract with an army: recruitment"),
        ("both", {"recruitment": 1, "separatism": 1}, "both labels: recruitment and separatism"),
        ("news", {"recruitment": 0, "separatism": None}, "news: neither label"),
        ("", {"recruitment": 0, "separatism": 0}, "neither label"),
        ("", {"war": 1}, "war"),
    ],
)
def test_a_labelled_post_that_is_alike_says_what_it_was_labelled(
    category: str, labels: dict[str, int | None], what: str
) -> None:
    near = {"text": "a\u202eb", "lang": "kk", "category": category, "labels": labels, "similarity": 0.42}
    (found,) = viewed("join", nearest=[near]).nearest
    assert (found.text, found.lang, found.what, found.similarity) == ("a[U+202E]b", "kk", what, 0.42)


def test_a_bundle_without_labelled_posts_shows_none() -> None:
    assert viewed("join").nearest == []
