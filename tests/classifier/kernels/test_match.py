"""Cues found by the compiled walk, against looking for every pattern at every word."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.cues import CueSet, parse_cues
from classifier.text import fold
from tests.classifier import slow
from tests.classifier.making import WORDS, reproducibly, texts

STEMS = [
    "вступай*",
    "набор в отряд|роту",
    "в",
    "в отряд",
    "{number} тенге",
    "{link}|{handle}",
    "join* us",
    "отряд* отряд",
]
HEAD = "{speaks: for, labels: [a], description: {en: x, ru: x, kk: x}, patterns: {any: "


def cue_set(*patterns: str) -> CueSet:
    lines = [f"c{k}: {HEAD}[{pattern!r}]}}}}" for k, pattern in enumerate(patterns)]
    return parse_cues({"c.yaml": "\n".join(lines).encode()}, "made")


PATTERNS = cue_set(*STEMS)


@settings(reproducibly, max_examples=150)
@given(texts | st.lists(st.sampled_from([*WORDS, "отряды", "отряд", "joined"]), max_size=15).map(" ".join))
def test_the_cues_found_are_those_of_the_slow_twin(text: str) -> None:
    post = fold(text)
    found = PATTERNS.find(post)
    assert set(found[:, 0].tolist()) == slow.found_cues(str(post), 0, len(post.symbols), PATTERNS)


@settings(reproducibly)
@given(texts)
def test_what_is_found_is_whole_words(text: str) -> None:
    post = fold(text)
    skeleton = str(post)
    for _, start, end in PATTERNS.find(post):
        assert skeleton[start - 1] == skeleton[end] == " "
        assert skeleton[start:end].strip()


def test_more_finds_than_there_was_room_for_are_all_kept() -> None:
    post = fold("в отряд " * 500)
    assert len(PATTERNS.find(post)) == 1000


def test_patterns_that_share_a_beginning_are_all_found() -> None:
    cues = cue_set("а", "а б", "а б в", "абвг* д", "абвг", "абвг д", "абвг* дежз*")
    assert set(cues.find(fold("а б в"))[:, 0].tolist()) == {0, 1, 2}
    assert set(cues.find(fold("абвг д"))[:, 0].tolist()) == {3, 4, 5}
    assert set(cues.find(fold("абвгя дежзю"))[:, 0].tolist()) == {6}
