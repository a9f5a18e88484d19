"""Typed things: links, handles, phone numbers, money and numbers become one symbol each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.cues import TOKENS
from classifier.foldtable import DATE, HANDLE, LINK, NUMBER, PHONE, SUM, YEARS
from classifier.text import fold
from tests.classifier.making import reproducibly

SYMBOLS = dict(zip(map(chr, (LINK, HANDLE, PHONE, DATE, SUM, YEARS, NUMBER)), "LHPDSYN", strict=True))


def shown(text: str) -> str:
    """The skeleton with L, H, P, D, S, Y, N for link, handle, phone, date, sum, years, number."""
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
        ("b@d", "bad"),
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
        ("8 701 123 45 67 300 000 тенге", "P SNNNNNN tenge"),
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
        ("1" * 30, "NNNNNNN"),
        ("42nd", "NN nd"),
        ("210к", "NNN k"),
        ("210 000", "NNNNNN"),
        ("€ £ ₽", "$"),
        ("Ⅳ", "iv"),
    ],
)
def test_numbers_keep_only_how_long_they_are(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize("written", ["12.05.2024", "1.5.24", "12/05/24", "12-05-2024", "2024-05-12", "2024.5.1"])
def test_dates(written: str) -> None:
    assert shown(written) == "D"
    assert shown(f"до {written}, в 10") == "do D v NN"


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("12.05", "NNNN"),
        ("12.05-2024", "NNNN NNNN"),
        ("12.05.2024.1", "D . N"),
        ("1.2.3", "NNN"),
        ("12.345.67", "NNNNNNN"),
        ("123.05.2024", "NNNNNNN"),
        ("2024-05-123", "NNNN NN NNN"),
        ("2024-05-", "NNNN NN"),
    ],
)
def test_what_is_no_date(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("100₸", "SNNN $"),
        ("$5", "$ SN"),
        ("5 $", "SN $"),
        ("€50", "$ SNN"),
        ("300 000 рублей", "SNNNNNN rublei"),
        ("5руб", "SN rub"),
        ("10 РУБ", "SNN rub"),
        ("200 TENGE", "SNNN tenge"),
        ("2 млн", "SN mln"),
        ("50 мың", "SNN min"),
        ("1" * 30 + "$", "SNNNNNNN $"),
        ("5 сўм", "SN som"),
        ("5 км", "N km"),
        ("5  руб", "N rub"),
        ("руб 5", "rub N"),
        ("$ 5", "$ N"),
        ("300 000", "NNNNNN"),
        ("5 ру", "N ru"),
    ],
)
def test_a_number_of_money_is_a_sum(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("18 лет", "YNN let"),
        ("2 года", "YN goda"),
        ("20 ЖАС", "YNN jas"),
        ("25жаш", "YNN jash"),
        ("30 ёш", "YNN esh"),
        ("22 yosh", "YNN iosh"),
        ("18 years", "YNN iears"),
        ("100 лет", "NNN let"),
        ("18 летчиков", "YNN letchikov"),
        ("18 раз", "NN raz"),
    ],
)
def test_a_number_of_years_has_two_digits_at_most(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize("symbol", [LINK, HANDLE, PHONE, DATE, SUM, YEARS, NUMBER])
def test_a_symbol_that_a_post_is_written_with_is_one_in_its_own_place(symbol: int) -> None:
    folded = fold(f"а {chr(symbol)}{chr(NUMBER)} б")
    place = folded.symbols.tolist().index(symbol)
    assert (folded.starts[place], folded.ends[place]) == (2, 3)


@given(st.text("0123456789 +-()\u00a0.,@/:$₽abклетруб\ue003\ue004\ue005\ue006", max_size=40))
@settings(reproducibly, max_examples=200)
def test_typed_things_fold_to_themselves(text: str) -> None:
    skeleton = str(fold(text))
    assert str(fold(skeleton)) == skeleton
    assert not any(char.isdigit() for char in skeleton)


def test_a_token_covers_all_the_characters_it_stands_for() -> None:
    text = "звони +7 701 123 45 67 сейчас"
    folded = fold(text)
    place = folded.symbols.tolist().index(PHONE)
    assert text[folded.starts[place] : folded.ends[place]] == "+7 701 123 45 67"


def test_every_symbol_of_a_number_stands_for_all_of_it() -> None:
    text = "плачу 300 000 руб"
    folded = fold(text)
    for place, symbol in enumerate(folded.symbols.tolist()):
        if symbol in (SUM, NUMBER):
            assert text[folded.starts[place] : folded.ends[place]] == "300 000"


def test_tokens_that_patterns_name_are_symbols_of_the_fold() -> None:
    assert {symbol for symbols in TOKENS.values() for symbol in symbols} == {*map(ord, SYMBOLS), ord("$")}
