"""Which language a post is in."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

from classifier import lang
from tests.classifier.making import reproducibly, texts

with (Path(__file__).parents[1] / "data" / "languages.csv").open(encoding="utf-8", newline="") as file:
    SENTENCES = [(row["lang"], row["text"]) for row in csv.DictReader(file)]
# Of 30 sentences each, a little under what is reached.
FLOOR = {"ru": 27, "kk": 29, "uz": 24, "ky": 23, "tg": 29, "en": 29}


@pytest.mark.parametrize("language", lang.LANGUAGES)
def test_sentences_are_recognised_and_not_mistaken(language: str) -> None:
    found = Counter(lang.detect(text) for stated, text in SENTENCES if stated == language)
    assert found.total() == 30
    assert found[language] >= FLOOR[language]
    assert found.total() - found[language] - found[lang.UNKNOWN] <= 1


def test_decomposed_letters_make_no_difference() -> None:
    for _, text in SENTENCES:
        assert lang.detect(unicodedata.normalize("NFD", text)) == lang.detect(text)


def test_case_makes_no_difference() -> None:
    for _, text in SENTENCES:
        assert lang.detect(text.upper()) == lang.detect(text)


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "12345",
        "...",
        "asdf qwer zxcv",
        "ыфвапр олдж",
        "白い猫",
        "שלום",
        "🙂🙂",
        "аааа",
        "abc",
        "lorem ipsum dolor sit",
    ],
)
def test_rubbish_is_unknown(rubbish: str) -> None:
    assert lang.detect(rubbish) == lang.UNKNOWN


@pytest.mark.parametrize("link", ["https://t.me/the_of_and", "t.me/abc", "@for_you", "www.the.com/and/of"])
def test_links_and_handles_are_no_words_of_a_language(link: str) -> None:
    assert lang.detect(link) == lang.UNKNOWN
    assert lang.detect(f"қазір жұмыс керек, {link}") == "kk"


@given(texts)
@reproducibly
def test_it_never_raises_and_answers_with_a_known_name(text: str) -> None:
    assert lang.detect(text) in (*lang.LANGUAGES, lang.UNKNOWN)


def test_the_answer_does_not_depend_on_what_was_asked_before() -> None:
    first = [lang.detect(text) for _, text in SENTENCES]
    lang.known.clear()
    assert [lang.detect(text) for _, text in reversed(SENTENCES)] == first[::-1]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lang, "known", {})
    monkeypatch.setattr(lang, "KNOWN_WORDS", 10)
    lang.detect(" ".join(chr(0x430 + k % 30) * 5 + chr(0x430 + k // 30) for k in range(200)))
    lang.detect("щ" * 100_000)
    assert len(lang.known) <= 10
    assert max(map(len, lang.known)) <= lang.LONGEST_KNOWN
