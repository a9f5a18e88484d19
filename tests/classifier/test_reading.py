"""A post explained on the terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given

from classifier import Classifier
from classifier.model import LabelScore
from classifier.reading import (
    SHOWN_OF_NEAR,
    marked,
    nearest_line,
    reading,
    sum_line,
    verdict,
    visible,
    without_line,
)
from tests.classifier.making import fit_texts, made_classifier, reproducibly, texts

MODEL = made_classifier()


@given(texts)
@reproducibly
def test_nothing_that_could_steer_a_terminal_is_printed(text: str) -> None:
    shown = visible(text)
    assert all(char.isprintable() or char in "\n\t" for char in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a[U+001B][31mb"),
        ("\u202eevil\u200b", "[U+202E]evil[U+200B]"),
        ("a\rb\x07", "a[U+000D]b[U+0007]"),
        ("два\nряда\t😀", "два\nряда\t😀"),
    ],
)
def test_control_and_direction_characters_are_shown_by_their_code_points(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(fit_texts)
@reproducibly
@example("за CBO вступай")
def test_the_marked_text_is_the_text_with_words_for_red_and_against_green(text: str) -> None:
    for evidence in (MODEL.score([text], explain=True)[0].evidence or {}).values():
        shown = marked(text, evidence)
        assert shown.plain == visible(text)
        strongest = max((abs(span["weight"]) for span in evidence["spans"]), default=0)
        expected = [
            (
                visible(span["text"]),
                "bold red" if span["weight"] > 0 else "bold green",
                abs(span["weight"]) >= strongest / 2,
            )
            for span in evidence["spans"]
        ]
        found = [
            (
                shown.plain[part.start : part.end],
                str(part.style).removesuffix(" underline"),
                "underline" in str(part.style),
            )
            for part in shown.spans
        ]
        assert found == expected


def test_a_verdict_asks_for_a_person_and_names_its_doubt() -> None:
    flagged = verdict("recruitment", LabelScore(0.9, 0.5, True, False, None)).plain
    assert flagged == "recruitment  90.0%  threshold 50.0%: possible appeal, for a person to review"
    doubtful = verdict("separatism", LabelScore(0.49, 0.5, False, True, "near_threshold")).plain
    assert doubtful == "separatism  49.0%  threshold 50.0%: below the threshold  (uncertain: near_threshold)"


def test_the_parts_of_the_sum_are_those_of_the_evidence() -> None:
    evidence = {"margin": 1.0, "bias": -1.0, "spans": [{"weight": 1.25}], "other": 0.25, "cues": [{"weight": 0.5}]}
    assert sum_line(evidence) == "margin +1.00 = bias -1.00 + words +1.50 + cues +0.50"


@pytest.mark.parametrize(
    ("dropped", "line"),
    [
        (None, "no few words carry this flag"),
        (
            {"spans": [{"text": "вступай"}, {"text": "a\x1b"}], "probability": 0.25},
            "not flagged without: вступай, a[U+001B] (25.0%)",
        ),
    ],
)
def test_what_a_flag_hangs_on_is_told_in_one_line(dropped: dict[str, object] | None, line: str) -> None:
    assert without_line({"counterfactual": dropped}) == line


def test_a_similar_post_is_shown_with_its_labels_and_cut_short() -> None:
    near = {"text": "б\x07" * 200, "category": "news", "labels": {"a": 1, "b": 0, "c": None}, "similarity": 0.5}
    shown = nearest_line(near).plain
    assert shown.startswith("similar labelled post (50%, news, a): б[U+0007]б")
    assert shown.count("б") == SHOWN_OF_NEAR / 2
    assert "news, neither label" in nearest_line(near | {"labels": {"a": 0}}).plain


def test_a_reading_names_cues_in_words_and_ends_with_what_a_flag_is_not(
    made: Classifier, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "вступай [bold]5$[/bold]"
    reading(made, text, made.score([text], explain="full")[0])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "language: unknown   model: made 1"
    assert re.fullmatch(r"reads most like: (\w+ \d+%, ){2}\w+ \d+%", lines[1])
    assert f"  {text}" in lines
    assert sum(line.startswith(("  not flagged without: ", "  no few words carry")) for line in lines) == sum(
        "for a person to review" in line for line in lines
    )
    assert any(line.endswith(" call_to_join: calls on people to join") for line in lines)
    assert lines[-1] == "A flag asks a person to look; it is no evidence of an offence."
