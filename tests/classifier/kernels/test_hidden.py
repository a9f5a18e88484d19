"""A letter behind a star is guessed by the n-grams that it would make, against a slow twin."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.foldtable import folding
from classifier.kernels.hidden import LEAST, LETTERS, MOST, PROBES
from classifier.text import fold
from tests.classifier import slow
from tests.classifier.making import reproducibly

BITS = 8 * len(folding().usual)
words = st.text("adegiklmnoprtuv*", min_size=1, max_size=14)


def is_usual(gram: str) -> bool:
    digest = slow.fnv([ord(letter) for letter in gram], 0xCBF29CE484222325)
    digest = (digest ^ digest >> 33) * 0xFF51AFD7ED558CCD & slow.U64
    places = [((digest & 0xFFFFFFFF) + turn * (digest >> 32 | 1)) % BITS for turn in range(PROBES)]
    return all(folding().usual[place >> 3] >> (place & 7) & 1 for place in places)


def usualness(before: str, guess: str, after: str) -> float:
    text, at, stop = before + guess + after, len(before), len(before + guess)
    total = 0.0
    for length in range(LEAST, MOST + 1):
        grams = [
            text[start : start + length]
            for start in range(len(text) - length + 1)
            if (start < stop and start + length > at if guess else start < at < start + length)
        ]
        shares = [is_usual(gram) for gram in grams if "*" not in gram]
        total += length * sum(shares) / max(1, len(shares))
    return total


def revealed(word: str) -> str:
    """The word with a guess for every star, one after another; without the stars where they part its letters."""
    pieces = word.split("*")
    if len(pieces) > 4 or (len(pieces) > 2 and all(len(piece) == 1 for piece in pieces)):
        return "".join(pieces)
    before = f" {pieces[0]}"
    for place in range(1, len(pieces)):
        after = "*".join(pieces[place:]) + " "
        fitting = [guess for guess in LETTERS if guess[:1] != before[-1] and guess[-1:] != after[0]]
        before += max(fitting, key=lambda guess: usualness(before, guess, after)) + pieces[place]
    return before


@settings(reproducibly, max_examples=300)
@given(words)
@example("kontr*kt")
@example("k*ntr*kt*r")
@example("a*b*v*g")
@example("o*r*a*b*v*g*d")
@example("kon*trakt")
def test_guesses_are_those_of_the_slow_twin(word: str) -> None:
    if "**" not in word and not word.startswith("*") and not word.endswith("*"):
        pieces = [str(fold(piece)).strip() for piece in word.split("*")]
        assert str(fold(word)) == str(fold(revealed("*".join(pieces))))


@pytest.mark.parametrize(
    ("hidden", "plain"),
    [
        ("к*нтракт", "контракт"),
        ("контр*кт на год", "контракт на год"),
        ("вой*а", "война"),
        ("за с*о", "за сво"),
        ("доброво*ец", "доброволец"),
        ("шту*м", "штурм"),
        ("отдел*ться", "отделиться"),
        ("ко*нтракт", "контракт"),
        ("fr*edom", "freedom"),
        ("с*лдат*", "солдат*"),
        ("в*с*т*у*п*а*й", "вступай"),
    ],
)
def test_usual_words_are_read_through_a_star(hidden: str, plain: str) -> None:
    assert str(fold(hidden)) == str(fold(plain))


@pytest.mark.parametrize("text", ["*важно* текст", "5*3=15", "a * b", "**", "цена*", "*снято", "мир ***"])
def test_other_stars_hide_nothing(text: str) -> None:
    assert str(fold(text)) == str(fold(text.replace("*", " ")))


def test_a_guess_stands_where_the_star_stands() -> None:
    post = fold("за вой*у")
    assert str(post) == " za voinu "
    at = str(post).index("n")
    assert (post.starts[at], post.ends[at]) == (6, 7)


@settings(reproducibly, max_examples=200)
@given(st.text("кшцюяохzhtcsk*ae ", max_size=40))
def test_folding_what_was_guessed_changes_nothing(text: str) -> None:
    once = str(fold(text))
    assert str(fold(once)) == once


def test_a_word_of_stars_and_letters_is_folded_to_its_end() -> None:
    for unit in ("а*б", "аб*", "аб*в", "ж*", "а**"):
        once = str(fold(unit * 500))
        assert "*" not in once
        assert str(fold(once)) == once
