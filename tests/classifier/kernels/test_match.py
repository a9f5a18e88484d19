"""Cues found by the compiled walk, against looking for every pattern at every word, and what they add to a margin."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.cues import CueSet, parse_cues
from classifier.foldtable import NUMBER
from classifier.kernels.kept import Noted
from classifier.kernels.match import CUE, END, START, add_cues, find_in
from classifier.text import fold
from classifier.weights import weights_for
from tests.classifier import slow
from tests.classifier.making import WORDS, made_bundle, reproducibly, texts

STEMS = [
    "вступай*",
    "набор в отряд|роту",
    "в",
    "в отряд",
    "{number} тенге",
    "{link}|{handle}",
    "join* us",
    "отряд* отряд",
    "{date}|{years}|{money}",
    "кто ? в",
    "отряд .",
]
HEAD = "{speaks: for, labels: [a], description: {en: x, ru: x, kk: x}, patterns: {any: "
LABELS = ("a", "b", "c")


def cue_set(*patterns: str) -> CueSet:
    lines = [f"c{k}: {HEAD}[{pattern!r}]}}}}" for k, pattern in enumerate(patterns)]
    return parse_cues({"c.yaml": "\n".join(lines).encode()}, "made")


PATTERNS = cue_set(*STEMS)
WEIGHTS = weights_for(made_bundle(labels=LABELS, cues=PATTERNS), PATTERNS.names)
speech = st.lists(st.sampled_from([*WORDS, "отряды", "отряд", "joined", "кто", "?", "."]), max_size=25).map(" ".join)


@settings(reproducibly, max_examples=150)
@given(texts | speech)
@example("отряд отряд отряд в отряд")
@example("кто? в отряд. 5 тенге? 01.02.2024")
def test_the_cues_found_are_those_of_the_slow_twin(text: str) -> None:
    post = fold(text)
    found = set(PATTERNS.find(post)[:, CUE].tolist())
    assert found == slow.found_cues(str(post), 0, len(post.symbols), PATTERNS)


@settings(reproducibly)
@given(texts | speech)
def test_what_is_found_is_whole_words(text: str) -> None:
    post = fold(text)
    skeleton = str(post)
    for row in PATTERNS.find(post).tolist():
        start, end = row[START], row[END]
        assert skeleton[start - 1] == skeleton[end] == " "
        assert skeleton[start:end].strip()


@settings(reproducibly, max_examples=150)
@given(texts | speech, st.integers(0, 2**32 - 1))
@example("в отряд отряд. вступай в", 0)
@example("в? в вступай в. вступай", 3)
def test_what_cues_add_is_that_of_the_slow_twin(text: str, seed: int) -> None:
    post = fold(text)
    skeleton, found, random = str(post), PATTERNS.find(post), np.random.default_rng(seed)
    spaces = np.flatnonzero(post.symbols == ord(" "))
    a, last = np.sort(random.choice(spaces, 2)).tolist()
    b = last + 1
    first = int(np.argmax(np.append(found[:, START] > a, True)))
    margins = np.zeros(len(LABELS))
    spoken = np.zeros(len(WEIGHTS.cue_weights), bool)
    add_cues(a, b, found, first, len(found), WEIGHTS.cue_weights, spoken, margins)
    assert not spoken.any()
    present = slow.found_cues(skeleton, a, b, PATTERNS)
    expected = [slow.cue_sum(present, label, WEIGHTS) for label in range(len(LABELS))]
    assert margins.tolist() == pytest.approx(expected, abs=1e-9)


def test_the_cues_that_ship_are_found_as_by_the_slow_twin(shipped_cues: CueSet) -> None:
    with (Path(__file__).parents[2] / "data" / "languages.csv").open(encoding="utf-8", newline="") as file:
        several = [row["text"] for row in csv.DictReader(file)]
    for text in [*several[::6], "Вступай в наш отряд! 300 000 рублей, пиши @boec, до 12.05.2024, от 18 лет"]:
        post = fold(text)
        found = set(shipped_cues.find(post)[:, CUE].tolist())
        assert found == slow.found_cues(str(post), 0, len(post.symbols), shipped_cues)


def test_more_finds_than_there_was_room_for_are_all_kept() -> None:
    post = fold("в отряд " * 500)
    found = PATTERNS.find(post)
    assert np.bincount(found[:, CUE]).tolist() == [0, 0, 500, 500]


def test_one_post_does_not_go_on_where_the_one_before_ended() -> None:
    cues, noted = cue_set("набор в отряд"), Noted.empty()
    for text, number in (("набор в", 0), ("отряд", 0), ("набор в отряд", 1), ("в отряд", 0)):
        post = fold(text)
        assert len(find_in(post.symbols, len(post.symbols), cues.patterns, noted)) == number


@settings(reproducibly)
@given(st.lists(texts | speech, min_size=1, max_size=4))
def test_what_is_noted_of_words_changes_nothing(several: list[str]) -> None:
    few, many = Noted.empty(), Noted.empty(2**10)
    for text in several * 2:
        post = fold(text)
        for noted in (few, many):
            found = find_in(post.symbols, len(post.symbols), PATTERNS.patterns, noted)
            np.testing.assert_array_equal(found, PATTERNS.find(post))


@settings(reproducibly)
@given(texts | speech)
def test_cues_come_by_start_and_none_twice_at_one_place(text: str) -> None:
    rows = PATTERNS.find(fold(text))[:, [START, END, CUE]].tolist()
    assert [row[:2] for row in rows] == sorted(row[:2] for row in rows)
    assert len({tuple(row) for row in rows}) == len(rows)


def test_an_entry_that_is_the_rarest_of_many_patterns_finds_all_of_them() -> None:
    beginnings = [f"{letter}{letter}{letter}" for letter in "абвгдеиклмно"]
    cues = cue_set(*(f"{one}ус редкое слово" for one in beginnings), "редкое", "редкое", "слово редкое|частое")
    post = fold(" ".join(f"{one}ус редкое слово" for one in beginnings))
    assert set(cues.find(post)[:, CUE].tolist()) == {*range(len(beginnings)), 12, 13}
    assert set(cues.find(fold("слово редкое слово"))[:, CUE].tolist()) == {12, 13, 14}


def test_patterns_that_share_a_beginning_are_all_found() -> None:
    cues = cue_set("а", "а б", "а б в", "абвг* д", "абвг", "абвг д", "абвг* дежз*")
    assert set(cues.find(fold("а б в"))[:, CUE].tolist()) == {0, 1, 2}
    assert set(cues.find(fold("абвг д"))[:, CUE].tolist()) == {3, 4, 5}
    assert set(cues.find(fold("абвгя дежзю"))[:, CUE].tolist()) == {6}


def test_a_word_may_fill_a_place_and_the_one_after_it() -> None:
    cues = cue_set("да да", "да|но да|но да|но да")
    assert cues.find(fold("да да да"))[:, [CUE, START]].tolist() == [[0, 1], [0, 4]]
    assert cues.find(fold("но да но но да"))[:, [CUE, START, END]].tolist() == [[1, 4, 15]]
    assert cues.find(fold("да да но да"))[:, [CUE, START, END]].tolist() == [[0, 1, 6], [1, 1, 12]]


def test_a_typed_number_is_found_by_its_first_symbol_alone() -> None:
    cues = cue_set("{number}")
    (row,) = cues.find(fold("за 300 000"))
    assert (row[END] - row[START], fold("за 300 000").symbols[row[START]]) == (6, NUMBER)
