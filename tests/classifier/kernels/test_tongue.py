"""The compiled detection of languages against its slow twin."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier import lang
from classifier.foldtable import load
from classifier.kernels.tongue import LONGEST, letters_of, lowered
from classifier.text import code_points
from tests.classifier import slow
from tests.classifier.making import long_texts, reproducibly, texts

with (Path(__file__).parents[2] / "data" / "languages.csv").open(encoding="utf-8", newline="") as file:
    SENTENCES = [row["text"] for row in csv.DictReader(file)]
VOCABULARY = sorted(lang.VOCABULARY)
ENDINGS = sorted(lang.ENDING)
parts = st.sampled_from([*ENDINGS, *"әұңөүқғҳўҷӣӯіһ", "рооу", "коо", "дүү", "o'", "g’", "ʻ", "ё", "ѐ", "Ы", "Қ", "Ў"])
odd_words = st.lists(parts | st.text("абвгдезиклмноabcdeo'ʻ", max_size=4), min_size=1, max_size=5).map("".join)
speech = st.lists(st.sampled_from(VOCABULARY) | odd_words, max_size=12).map(" ".join)
TOUCH = 1e-9  # votes so close to what is needed that the order of adding them up decides


def is_on_the_edge(text: str) -> bool:
    *_, second, best = sorted(slow.votes(text))
    return abs(best - lang.LEAST) < TOUCH or abs(best - lang.LEAD * second) < TOUCH or best - second < TOUCH


@settings(reproducibly, max_examples=500)
@given(speech | texts | long_texts)
@example("CBO қазір жұмыс")
@example("в с т у п а й в отряд сегодня")
@example("O‘ZBEKISTONDA YO'Q BO`LDI")
@example("щ" * 70 + "ться " + "ә" * 50)
@example("@the_of t.me/and and.com")
def test_the_language_is_that_of_the_slow_twin(text: str) -> None:
    if not is_on_the_edge(text):
        assert lang.detect(text) == slow.detect(text)


def test_every_word_and_ending_has_its_own_votes() -> None:
    for word in [*VOCABULARY, *(f"ххх{ending}" for ending in ENDINGS)]:
        for text in (word, f"{word} {word}", word.upper(), f"{word} и {word}"):
            assert is_on_the_edge(text) or lang.detect(text) == slow.detect(text), text


@pytest.mark.parametrize("upper", [False, True])
def test_sentences_are_told_as_by_the_slow_twin(upper: bool) -> None:
    for text in SENTENCES:
        assert lang.detect(text.upper() if upper else text) == slow.detect(text)


def test_small_letters_are_those_of_unicode_where_words_have_them() -> None:
    letters = {letter for word in [*VOCABULARY, *ENDINGS, *lang.SPECIAL] for letter in word} - {"'"}
    for letter in letters:
        assert lowered(ord(letter)) == ord(letter)
        assert lowered(ord(letter.upper())) == ord(letter)


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("ЖұМЫС", "жұмыс"),
        ("o‘ʻ`zbek", "o'''zbek"),
        ("'so'z'", "so'z"),
        ("в.с т-у\u200bп", "вступ"),
        ("12", ""),
        ("'", ""),
        ("щ" * 50, "щ" * LONGEST),
    ],
)
def test_of_a_word_its_letters_and_inner_apostrophes_count(written: str, letters: str) -> None:
    word, source = np.empty(LONGEST, np.int32), code_points(written)
    size = letters_of(source, 0, len(source), load(), word)
    assert "".join(map(chr, word[:size].tolist())) == letters
