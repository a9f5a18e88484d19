"""Folding: one skeleton for every way of writing the same, with the place of every symbol."""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.foldtable import TOKENS
from classifier.text import FOLD_VERSION, compose, fold, lay_out, unfit
from tests.classifier.making import WORDS, anything, reproducibly, texts

NAMES = {chr(symbol): f"{{{name}}}" for name, symbol in TOKENS.items() if name != "money"}


def shown(text: str) -> str:
    """The skeleton without its outer spaces, tokens by name."""
    return "".join(NAMES.get(char, char) for char in str(fold(text)).strip())


@settings(reproducibly, max_examples=300)
@given(texts)
@example("")
@example("\0")
@example("\ud800")
@example("dғ")
@example("щ" * 100)
@example("xщ" * 40)
@example("ŉ")
@example("\u0b48")
@example("e" + "\u0301\u0323" * 50)
def test_folding_never_raises_and_folding_a_skeleton_again_changes_nothing(text: str) -> None:
    skeleton = str(fold(text))
    assert str(fold(skeleton)) == skeleton


@settings(reproducibly, max_examples=300)
@given(texts)
@example("и\u0306" * 3)
@example("a" + "\u0301" * 40 + "b")
@example("👩‍👩‍👧 שלום \u202eabc")
@example("ﷺ")
@example("и\u0306\u1100\u302ea")
@example("и\u0306\u0958й")
def test_every_symbol_stands_for_code_points_inside_the_text_in_reading_order(text: str) -> None:
    folded = fold(text)
    assert len(folded.symbols) == len(folded.starts) == len(folded.ends)
    assert (folded.starts >= 0).all()
    assert (folded.starts <= folded.ends).all()
    assert (folded.ends <= len(text)).all()
    assert (np.diff(folded.starts) >= 0).all()
    assert (np.diff(folded.ends) >= 0).all()
    letters = folded.symbols != ord(" ")
    assert (folded.starts[letters] < folded.ends[letters]).all()


@settings(reproducibly)
@given(texts)
def test_a_skeleton_is_words_between_single_spaces(text: str) -> None:
    skeleton = str(fold(text))
    assert skeleton.startswith(" ")
    assert skeleton.endswith(" ")
    assert "  " not in skeleton
    assert max(map(len, skeleton.split()), default=0) <= 64


@settings(reproducibly)
@given(
    st.lists(st.sampled_from(WORDS) | st.text("ёйәғқңөұүһіўҳӣӯé", min_size=1, max_size=9), max_size=20).map(" ".join)
)
def test_decomposed_letters_fold_as_composed_ones_and_point_to_whole_letters(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    folded = fold(decomposed)
    assert str(folded) == str(fold(text))
    cut = set(folded.starts.tolist()) | set(folded.ends.tolist())
    assert not any(unicodedata.combining(decomposed[place]) for place in cut if place < len(decomposed))


@settings(reproducibly)
@given(st.lists(texts, max_size=5))
def test_texts_laid_end_to_end_keep_their_own_code_points(several: list[str]) -> None:
    source, stops = lay_out(several)
    for text, (start, stop) in zip(several, pairwise([0, *stops.tolist()]), strict=True):
        expected = compose(text)[0].encode("utf-32-le", "surrogatepass")
        assert source[start:stop].tobytes() == expected


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("Вступай", "vstupai"),
        ("ВСТУПАЙ", "vstupai"),
        ("вступааааай", "vstupai"),
        ("vstupay", "vstupai"),
        ("в\u200bс\u00adт\u2060упай", "vstupai"),
        ("в\u0336с\u0336тупай", "vstupai"),
        ("Bcтyпaй", "vstupai"),  # B, c, y, a are Latin
        ("вcтупай", "vstupai"),
        ("νaгa", "vaga"),  # the first letter is Greek
        ("𝐯𝐬𝐭𝐮𝐩𝐚𝐲", "vstupai"),
        ("ｖｓｔｕｐａｙ", "vstupai"),
        ("ⓥⓢⓣⓤⓟⓐⓨ", "vstupai"),
        ("🅥🅢🅣🅤🅟🅐🅨", "vstupai"),
        ("д0г0вор", "dogovor"),
        ("p4б0та", "rabota"),
        ("бе3опасность", "bezopasnost"),
        ("СВО", "svo"),
        ("СBO", "svo"),
    ],
)
def test_disguises_fold_to_the_word_they_hide(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    "spellings",
    [
        ("жизнь", "zhizn", "jizn", "zhizn'"),
        ("хорошо", "khorosho", "horosho", "xорошо"),
        ("щука", "shchuka", "schuka"),
        ("ющенко", "yushchenko", "iushchenko"),
        ("цена", "tsena", "tzena"),
        ("чай", "chay", "chai"),
        ("ёлка", "елка", "elka"),
        ("подъезд", "podezd", "pod'ezd"),
        ("шығыңыз", "şyğyñyz", "shyǵyńyz", "шыгыныз"),
        ("қосылыңыз", "qosylyñyz", "kosylynyz", "косылыныз"),
        ("үшін", "ushin", "ушин"),
        ("ұлы", "uly"),
        ("әскер", "asker"),
        ("өзбек", "ozbek", "o'zbek", "oʻzbek", "o‘zbek", "o`zbek", "oʼzbek", "ўзбек"),
        ("ғалаба", "g'alaba", "gʻalaba", "galaba"),
        ("ҳамма", "hamma", "xamma"),
        ("үчүн", "uchun", "учун"),
        ("жөнүндө", "jonundo", "zhonundo"),
        ("ҷанг", "jang", "ҷaнг"),
        ("тоҷикӣ", "tojiki"),
        ("рӯз", "руз", "ruz"),
    ],
)
def test_spellings_of_one_word_fold_alike(spellings: tuple[str, ...]) -> None:
    assert {shown(spelling) for spelling in spellings} == {shown(spellings[0])}


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("it's 'quoted'", "its kuoted"),
        ("rock'n'roll", "roknrol"),
        ("'' ’", ""),
        ("«да», сказал", '" da " skazal'),
        ("что?! да...", "chto ? . da ."),
        ("в-отряд, набор", "v otriad nabor"),
        ("👍🏽👍", "👍"),
        ("👨\u200d👩", "👨 👩"),
        ("#Вступай", "vstupai"),
        ("שלום עולם", "שלום עולם"),
        ("中文", "中文"),
        ("Ⅷ ﬁ ½", "vi fi {number}"),
        ("٣٤ ３４", "{number}{number} {number}{number}"),
        ("a\0b \ud800", "a b"),
    ],
)
def test_other_signs_become_separators_words_of_their_own_or_nothing(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


def test_an_offset_covers_the_letters_and_marks_that_a_symbol_came_from() -> None:
    text = "Әй и\u0306ооо!"
    folded = fold(text)
    words = {
        "".join(map(chr, folded.symbols[k : k + 1])): text[a:b]
        for k, (a, b) in enumerate(zip(folded.starts, folded.ends, strict=True))
    }
    assert words["a"] == "Ә"
    assert words["o"] == "ооо"
    assert words["."] == "!"
    assert "и\u0306" in [text[a:b] for a, b in zip(folded.starts, folded.ends, strict=True)]


def test_the_folding_changes_only_together_with_its_version() -> None:
    tricky = [
        *WORDS,
        "Щи, цапля и ёж; 8 (701) 123-45-67?",
        "Şyğyñyz! oʻzbek",
        "user@mail.ru/x t.me/a",
        "xxқҳ’n c3n4 13",
    ]
    digest = hashlib.sha256("\n".join(map(shown, tricky)).encode()).hexdigest()
    assert (FOLD_VERSION, digest[:16]) == (1, "49a970a09463920f")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "the text must be a string, not NoneType"),
        (5, "the text must be a string, not int"),
        (b"bytes", "the text must be a string, not bytes"),
        ("", "the text is empty"),
        (" \n\t\u00a0", "the text is empty"),
        ("a\0b", "the text holds a NUL character at 1: remove it"),
        ("a\ud800", "the text holds half of a surrogate pair, which is no character: send it as valid Unicode"),
        ("a" * 11, "the text has 11 characters, 10 at most: cut it into parts"),
    ],
)
def test_an_unfit_text_is_told_why(text: object, reason: str) -> None:
    assert unfit(text, 10) == reason


@given(anything)
@reproducibly
def test_whatever_utf8_and_a_reader_can_carry_is_fit(text: str) -> None:
    carried = bool(text.strip()) and "\0" not in text and text.encode("utf-8", "ignore").decode() == text
    assert (unfit(text) is None) == carried


def test_length_is_counted_in_code_points() -> None:
    assert unfit("😀" * 10, 10) is None
