"""Typed things: links, handles, phone numbers, money and numbers become one symbol each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.foldtable import TOKENS
from classifier.text import fold
from tests.classifier.making import reproducibly

SYMBOLS = {chr(symbol): name[0].upper() for name, symbol in TOKENS.items() if name != "money"}


def shown(text: str) -> str:
    """The skeleton with L, H, P, N for link, handle, phone, number."""
    return "".join(SYMBOLS.get(char, char) for char in str(fold(text)).strip())


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("https://example.com/a?b=c#d", "L"),
        ("HTTP://X.COM", "L"),
        ("tg://resolve?domain=x", "L"),
        ("t.me/+abc", "L"),
        ("t.me", "L"),
        ("www.site.kz.", "L ."),
        ("(vk.com/club1)", "L"),
        ("example.online/path", "L"),
        ("1.me", "L"),
        ("Node.js", "node . js"),
        ("и.т.д", "i . t . d"),
        ("user.name@mail.ru", "H"),
        ("a@b", "a b"),
        ("@boec_01", "H"),
        ("@юзер", "H"),
        ("@a", "a"),
        ("смотри https://t.me/abc, пиши", "smotri L pishi"),
    ],
)
def test_links_and_handles(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    "written",
    [
        "+77011234567",
        "+7 701 123 45 67",
        "+7(701)123-45-67",
        "8 (701) 123-45-67",
        "87011234567",
        "8\u00a0800\u00a0555\u00a035\u00a035",
        "(701) 123-45-67",
        "701-123-45-67",
        "+998 90 123 45 67",
        "+996-555-123-456",
        "+992 900 123 456",
    ],
)
def test_phone_numbers(written: str) -> None:
    assert shown(written) == "P"
    assert shown(f"звони {written}!") == "zvoni P ."


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("8 701 123 45 67 300 000 тенге", "P NNNNNN tenge"),
        ("+7 701 123 45 67 8 727 300 40 50", "P"),
        ("87011234567 87011234568", "P"),
        ("+998901234567 500$", "P $"),
        ("7 000 000 000", "NNNNNNN"),
        ("+1", "N"),
        ("+77011234567890123", "NNNNNNN"),
        ("123-45-67", "NNN NN NN"),
    ],
)
def test_a_phone_number_ends_where_the_next_number_begins(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("5", "N"),
        ("300 000", "NNNNNN"),
        ("1,234.56", "NNNNNN"),
        ("12,5", "NNN"),
        ("1 00", "N NN"),
        ("2024-01-02", "NNNN NN NN"),
        ("1" * 30, "NNNNNNN"),
        ("42nd", "NN nd"),
        ("210к", "NNN k"),
        ("100₸", "NNN $"),
        ("$5", "$ N"),
        ("€ £ ₽", "$"),
        ("Ⅳ", "iv"),
    ],
)
def test_numbers_keep_only_how_long_they_are(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@given(st.text("0123456789 +-()\u00a0.,@/:abк", max_size=40))
@settings(reproducibly, max_examples=200)
def test_typed_things_fold_to_themselves(text: str) -> None:
    skeleton = str(fold(text))
    assert str(fold(skeleton)) == skeleton
    assert not any(char.isdigit() for char in skeleton)


def test_a_token_covers_all_the_characters_it_stands_for() -> None:
    text = "звони +7 701 123 45 67 сейчас"
    folded = fold(text)
    place = folded.symbols.tolist().index(TOKENS["phone"])
    assert text[folded.starts[place] : folded.ends[place]] == "+7 701 123 45 67"
