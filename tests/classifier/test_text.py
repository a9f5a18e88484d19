"""Folding: one skeleton for every way of writing the same, with the place of every symbol."""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier import emoji
from classifier import text as text_module
from classifier.foldtable import DATE, HANDLE, LINK, NUMBER, PHONE, SUM, YEARS
from classifier.text import FOLD_VERSION, compose, fold, lay_out, unfit
from tests.classifier.making import WORDS, anything, reproducibly, texts

TYPED = {"link": LINK, "handle": HANDLE, "phone": PHONE, "date": DATE, "sum": SUM, "years": YEARS, "number": NUMBER}
NAMES = {chr(symbol): f"{{{name}}}" for name, symbol in TYPED.items()}


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
@example("а OOO б")  # both readings of a word are one letter
@example("а ccc б")
@example("щ" * 65 + " а б в")  # the rest of a long word is one letter
@example("а б  в  г  д")  # letters that become one letter when they are joined
@example("р и  а  б  в  г")
@example("ЧӋ")  # a Cyrillic letter that no Latin one stands for
@example("ѠʁẔ")
@example("hꮮ")  # Cherokee, Armenian: letters with the shape of a Latin one
@example("Ո①ĜՈ")
@example("Ίք")  # Armenian beside Greek
@example("ո0ո")
@example("Ꮜ㏂ꭴⅶ")  # in Cherokee it is the small letter that folds to the capital
@example("\ue004\ue006\ue006 \ue005 \ue006")
@example("🎻о🎻скрипка")
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
@example("А CBO pOB")  # two readings of one word
@example("Хочу copok$o")
@example("в  с\u200bт.у п а  й")
@example("#ВступайВОтряд")
@example("🎻 \u200b🎻🎻 💰💰$")
@example("\ue004\ue006\ue006")
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
        ("р@бота", "rabota"),
        ("с$ора", "sora"),
        ("в$тупай", "vstupai"),
        ("ра6ота", "rabota"),
        ("д1м", "dim"),
        ("рабо7а", "rabota"),
        ("о8ощи", "ovoshi"),
        ("ha8it", "habit"),
        ("о5а", "osa"),
        ("ст*пай", "stupai"),  # a star hides a letter, so the word stays one
        ("ст**пай", "stupai"),
        ("СВО", "svo"),
        ("СBO", "svo"),
        ("ᴠsᴛᴜᴘᴀʏ", "vstupai"),
        ("в с т у п а й", "vstupai"),
        ("в.с.т.у.п.а.й", "vstupai"),
        ("В-С-Т-У-П-А-Й", "vstupai"),
        ("в_с_т_у_п_а_й", "vstupai"),
        ("v s t u p a y", "vstupai"),
        ("щ у к а", "shuka"),
    ],
)
def test_disguises_fold_to_the_word_they_hide(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("#ВступайВОтряд", "vstupai v otriad"),
        ("#НаборВРоту2024", "nabor v rotu {number}{number}{number}{number}"),
        ("#набор_в_отряд", "nabor v otriad"),
        ("#вступайвотряд", "vstupaivotriad"),
        ("#СВО", "svo"),
        ("ВступайСейчас", "vstupai seichas"),
        ("JoinThemNow", "join them nov"),
        ("ВступайВОтряд", "vstupaivotriad"),  # a single capital is a word only in a hashtag
        ("JoinUsNow", "joinusnov"),
        ("iPhone", "iphone"),
        ("ВсТуПаЙ", "vstupai"),
        ("ПиШиСюДа", "pishisiuda"),
        ("ВСТУПАЙСейчас", "vstupaiseichas"),
        ("ВСТУПАЙ", "vstupai"),
    ],
)
def test_words_written_as_one_are_cut_at_their_capitals_but_not_at_capitals_at_random(
    written: str, skeleton: str
) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("и я в о", "iavo"),
        ("я и в", "ia i v"),
        ("а б 5 в г", "a b {number} v g"),
        ("а.б.в.г.", "abvg ."),
        ("а, б, в, г", "abvg"),
        ("а б?в г", "a b ? v g"),
        ("а б . . в г", "ab vg"),
        ("а б дом в г", "a b dom v g"),
        ("и.т.д", "i . t . d"),
        ("А.С. Пушкин", "a . s . pushkin"),
        ("мы в м е с т е!", "mi vmeste ."),
        ("в с т у п а й   к   н а м", "vstupai k nam"),  # a wider gap ends a word
        ("в  с  т  у  п  а  й", "vstupai"),
        ("в\u200b с т у п а а а й", "vstupai"),
        ("s h u k a", "shuka"),
        ("a b 中 c d", "a b 中 k d"),
    ],
)
def test_four_or_more_letters_written_apart_are_one_word(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("CBO", "kbo svo"),
        ("COBOK", "kobok sovok"),
        ("copok", "kopok"),  # small letters only where the post is Cyrillic
        ("наши copok", "nashi kopok sorok"),
        ("наши cOp", "nashi kop sor"),
        ("наши co", "nashi ko"),  # too short to be mistaken for anything
        ("CO", "ko"),
        ("OKO", "oko"),  # both readings are the same
        ("наши hello", "nashi helo"),
        ("CBOX", "kboh svoh"),
        ("C8O", "kbo"),
    ],
)
def test_a_latin_word_in_letters_of_cyrillic_shape_is_read_both_ways(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


def test_both_readings_stand_for_the_whole_word() -> None:
    text = "за CBO!"
    folded = fold(text)
    skeleton = str(folded)
    for reading in ("kbo", "svo"):
        places = range(skeleton.index(reading), skeleton.index(reading) + 3)
        assert {text[folded.starts[k] : folded.ends[k]] for k in places} == {"CBO"}


@pytest.mark.parametrize(
    ("written", "skeleton"),
    [
        ("🎻", "skripka"),
        ("🎻🎻🎻", "skripka"),
        ("🎻 🎻, 🎻", "skripka"),
        ("🎻 и 🎻", "skripka i skripka"),
        ("скрипка 🎻", "skripka"),
        ("контрскрипка 🎻", "kontrskripka skripka"),
        ("а🎻б", "a skripka b"),
        ("🎼🎺🪗", "orkestr"),
        ("🪖🔫", "armia orujie"),
        ("💰💵 $", "$"),
        ("🇰🇿", "flag"),
        ("☎️", "telefon"),
        ("👍👍", "👍"),
    ],
)
def test_an_emoji_is_the_word_it_stands_for_once(written: str, skeleton: str) -> None:
    assert shown(written) == skeleton


def test_every_emoji_meets_its_word() -> None:
    for char, word in emoji.WORDS.items():
        assert shown(char) == shown(word), char


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
        "#ВступайВОтряд в с т у п а й CBO р@бота 🎻 01.02.2024 5$ 18 лет ѡЧӋ Ոa",
    ]
    digest = hashlib.sha256("\n".join(map(shown, tricky)).encode()).hexdigest()
    assert (FOLD_VERSION, digest[:16]) == (3, "6c7f1164da2f9d09")


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


@settings(reproducibly)
@given(st.lists(st.integers(1, 9), max_size=30))
def test_posts_are_scored_in_parts_that_bound_posts_and_characters(sizes: list[int]) -> None:
    texts = ["x" * size for size in sizes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "CHUNK", 4)
        patch.setattr(text_module, "TOGETHER", 12)
        parts = [texts[part] for part in text_module.parts_of(texts)]
    assert [text for part in parts for text in part] == texts
    assert all(0 < len(part) <= 4 for part in parts)
    assert all(len(part) == 1 or sum(map(len, part)) <= 12 for part in parts)
    full = [len(part) == 4 or sum(map(len, part)) + len(after[0]) > 12 for part, after in pairwise(parts)]
    assert all(full)
