"""Which language a post is in."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

from classifier import lang
from classifier.text import fold
from tests.classifier import slow
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
    assert [lang.detect(text) for _, text in reversed(SENTENCES)] == first[::-1]


@pytest.mark.parametrize("quote", "'’ʻʼ‘`")
def test_one_kind_of_apostrophe_is_as_good_as_another(quote: str) -> None:
    assert lang.detect(f"yo{quote}q, bo{quote}ldi") == "uz"


def test_letters_written_apart_are_the_word_they_make() -> None:
    assert lang.detect("с е г о д н я, з а в т р а") == lang.detect("сегодня завтра") == "ru"


def test_a_word_that_is_read_in_two_scripts_speaks_once() -> None:
    assert lang.detect("BEC") == lang.UNKNOWN
    assert slow.votes("COBECT") == slow.weigh("cobect")
    assert str(fold("SHE")) == " she sne "
    assert lang.detect("SHE и в") == "ru"  # twice "she" would be too close to it


def test_an_unknown_language_has_no_place() -> None:
    assert [lang.name_of(place) for place in range(len(lang.LANGUAGES))] == list(lang.LANGUAGES)
    assert lang.name_of(-1) == lang.UNKNOWN
