"""The languages of the console: everything is said in each of them, as each says it."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest

from service.console import kinds
from service.console.language import DEFAULT, LANGUAGES, Words, choose
from service.console.view import LABELS, PARTS
from service.console.view import REASONS as DOUBTS
from service.review.words import DESK_OF, Outcome, Role, SampledBy, Source, Stage
from tests.service.console.catalogues import SERVICE, faults, names, used
from training.guide import MEANS, NEGATIVE, POSITIVE

OTHERS = [lang for lang in LANGUAGES if lang != DEFAULT]


@pytest.mark.parametrize("lang", OTHERS)
def test_everything_is_said(lang: str) -> None:
    assert list(faults(lang)) == []


def test_sentences_are_found_in_code_and_templates() -> None:
    found = {message.id if isinstance(message.id, str) else message.id[0] for message in used() if message.id}
    assert {"Take the next post", "%(num)s card waits here.", "Recruitment", "veiled offer"} <= found
    assert "There is no such post. It may never have come in, or scored below the floor." in found


@pytest.mark.parametrize("lang", OTHERS)
def test_words_that_no_page_may_say(lang: str) -> None:
    """It asks for a review and calls nobody anything: neither what to do to a post nor what its author is."""
    english = r"\bseparatists\b|\ba separatist\b|extremist|\bban\b|\bblock|punish"
    forbidden = re.compile(rf"{english}|удалит|заблокир|наказ|экстремист|сепаратисты?\b")
    said = [str(message.id) for message in used() if message.id]
    said += [Words(lang).say(sentence) for sentence in said]
    assert [one for one in said if forbidden.search(one.lower())] == []


def test_every_word_of_the_store_and_the_guide_has_one_for_readers() -> None:
    assert set(kinds.TITLES) >= POSITIVE | NEGATIVE | set(MEANS)
    assert set(kinds.REFUSED) == NEGATIVE
    assert {kind for order in kinds.CONFIRMED.values() for kind in order} == POSITIVE
    assert set(kinds.STATES) == set(DESK_OF)
    assert (set(kinds.STAGES), set(kinds.SOURCES)) == (set(Stage), set(Source))
    assert (set(kinds.SAMPLED), set(kinds.ROLES)) == (set(SampledBy), set(Role))
    assert (set(kinds.OUTCOMES) | {Outcome.SKIP}, set(kinds.SAID)) == (set(Outcome), set(Outcome))
    assert len(kinds.REFUSED) <= 26  # each has a letter


def test_all_that_is_marked_is_a_plain_sentence() -> None:
    """What is put together at run time cannot be found by who translates."""
    for path in SERVICE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                assert isinstance(node.args[0], ast.Constant), (Path(path).name, node.lineno)


def test_numbers_and_times() -> None:
    russian, kazakh, english = Words("ru"), Words("kk"), Words("en")
    assert (english.number(1234567), russian.number(1234567)) == ("1,234,567", "1\u00a0234\u00a0567")
    assert english.lasting(timedelta(hours=5)) == "5 hours"
    assert russian.lasting(timedelta(hours=5)) == "5 часов"
    assert kazakh.lasting(timedelta(hours=5)) == "5 сағат"
    assert russian.language("kk-Latn") == "казахский (латиница) (kk-Latn)"


@pytest.mark.parametrize(
    ("wishes", "lang"),
    [
        (("kk",), "kk"),
        ((None, "ru-RU,ru;q=0.9"), "ru"),
        (("xx", "de, fr"), "en"),
        (("", "de,kk-KZ;q=0.5"), "kk"),
        ((), "en"),
    ],
)
def test_the_language_that_is_wished_for(wishes: tuple[str | None, ...], lang: str) -> None:
    assert choose(*wishes) == lang


def test_values_of_a_sentence() -> None:
    assert names("%(one)s of %(two)s, 95 %%") == {"one", "two"}
    assert set(LABELS) == {"recruitment", "separatism"}
    assert len(PARTS) == 5
    assert all(Words("ru").say(doubt) for doubt in DOUBTS.values())
