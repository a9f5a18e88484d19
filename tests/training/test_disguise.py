"""Disguises are seeded; folding takes off those that it promises to take off."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.shapes import cyrillic_pairs, is_cyrillic, is_latin, latin_shapes
from classifier.text import fold
from tests.training.conftest import reproducibly
from training.disguise import DISGUISES, LONG, LOOK_ALIKE, MARKS, SIGNS, disguise
from training.posts import LabelledPosts

POST = "Вступай в наш отряд сегодня же, қосылыңыз бүгін бізге, join our squad today, парни ждём вас всех"
ONE_WAY = ("fancy_letters", "latin")  # of all letters alike, so that every seed gives the same
LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіabcdefghijklmnopqrstuvwxyz"
CYRILLIC, LATIN = LETTERS.split("a", 1)
OTHERS = " .,!?-0123456789"
mixed = st.text(LETTERS + LETTERS.upper() + OTHERS + "@/_+", max_size=80)
# A long word with capitals at random may be read as several, LikeThis, and a Latin one in capitals as Cyrillic, CBO.
short = st.lists(st.text(CYRILLIC, min_size=1, max_size=5), max_size=12).map(" ".join)
written = st.lists(st.text(LETTERS, min_size=1, max_size=12), max_size=12).map(" ".join)


@pytest.mark.parametrize("name", DISGUISES)
def test_a_seed_gives_one_disguise(name: str) -> None:
    first = disguise(POST, name, 0)
    assert first == disguise(POST, name, 0) != POST
    assert (len({disguise(POST, name, seed) for seed in range(5)}) == 1) == (name in ONE_WAY)


@pytest.mark.parametrize("name", DISGUISES)
@reproducibly
@given(st.text(max_size=80), st.integers(0, 9))
def test_any_text_can_be_disguised_the_same_way_twice(name: str, text: str, seed: int) -> None:
    assert disguise(text, name, seed) == disguise(text, name, seed)
    assert disguise("", name, seed) == ""


@reproducibly
@given(mixed, st.integers(0, 9))
def test_folding_undoes_zero_width_exactly(text: str, seed: int) -> None:
    assert str(fold(disguise(text, "zero_width", seed))) == str(fold(text))


@reproducibly
@given(short, st.integers(0, 9))
def test_folding_undoes_shouting_of_short_words_exactly(text: str, seed: int) -> None:
    assert str(fold(disguise(text, "shouted", seed))) == str(fold(text))


def plain(some_posts: LabelledPosts) -> list[str]:
    """Posts that are not yet disguised."""
    frame = some_posts.frame
    return list(frame["text"][frame["disguised"] != "1"])


def test_folding_undoes_zero_width_on_every_post(some_posts: LabelledPosts) -> None:
    for text in plain(some_posts):
        assert str(fold(disguise(text, "zero_width", 0))) == str(fold(text))


def kept(before: list[str], after: list[str]) -> tuple[int, int]:
    """How many words of one text the other has too, and how many there are."""
    one, other = Counter(before), Counter(after)
    return (one & other).total(), one.total()


# Shares of the words of posts; without folding no disguise but shouting would leave as many, and most a third.
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("look_alikes", 0.98),
        ("foreign_letters", 0.97),
        ("fancy_letters", 0.995),
        ("signs_for_letters", 0.97),
        ("marks", 0.995),
        ("stretched", 0.995),
        ("shouted", 0.99),
        ("apart", 0.92),
        ("dotted", 0.92),
        ("latin", 0.99),
        ("hashtags", 0.93),
    ],
)
def test_folding_undoes_it_on_nearly_every_word_of_posts(name: str, least: float, some_posts: LabelledPosts) -> None:
    found = [kept(str(fold(text)).split(), str(fold(disguise(text, name, 0))).split()) for text in plain(some_posts)]
    assert sum(same for same, _ in found) >= least * sum(words for _, words in found)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("кто с нами в с т у п а й", "вступай"),
        ("мы ждём в с т у п а й  о т р я д", "отряд"),
        ("мы ждём в.с.т.у.п.а.й", "вступай"),
        ("в наш οτряд парни", "отряд"),
        ("𝐣𝐨𝐢𝐧 us", "join"),
        ("\uff4a\uff4f\uff49\uff4e us", "join"),
        ("в\u0301с\u0336ту\u0323пай к нам", "вступай"),
        ("#ВступайВОтряд", "отряд"),
        ("vstupay к нам", "вступай"),
    ],
)
def test_a_word_in_disguise_reads_like_the_plain_one(text: str, word: str) -> None:
    assert str(fold(word)).strip() in str(fold(text)).split()


def test_invisible_characters_split_no_handle_link_or_number() -> None:
    for text in ("@kerek_zhumys_07", "t.me/otryad000", "example.com", "+7 700 000 12 34", "1 000 000", "c0ntract"):
        for hidden in ("\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u202e"):
            folded = fold(hidden.join(text) + hidden)
            assert str(folded) == str(fold(text))
            assert (folded.starts[1], folded.ends[-2]) == (0, 2 * len(text))


@reproducibly
@given(mixed, st.integers(0, 9))
def test_zero_width_adds_nothing_that_can_be_seen(text: str, seed: int) -> None:
    hidden = disguise(text, "zero_width", seed)
    assert "".join(char for char in hidden if unicodedata.category(char) != "Cf") == text


@reproducibly
@given(mixed, st.integers(0, 9))
def test_shouting_changes_case_only(text: str, seed: int) -> None:
    assert disguise(text, "shouted", seed).upper() == text.upper()


@reproducibly
@given(mixed, st.integers(0, 9))
def test_stretching_repeats_letters_and_no_more(text: str, seed: int) -> None:
    def runs(written: str) -> list[tuple[str, int]]:
        return [(char, len(list(run))) for char, run in itertools.groupby(written)]

    for (char, before), (other, after) in zip(runs(text), runs(disguise(text, "stretched", seed)), strict=True):
        assert char == other
        assert before <= after <= 4 * before if char.isalpha() else before == after


@reproducibly
@given(mixed, st.integers(0, 9))
def test_look_alikes_swap_letters_of_one_shape_across_scripts(text: str, seed: int) -> None:
    shapes = {frozenset(pair) for pair in cyrillic_pairs()}
    for char, other in zip(text, disguise(text, "look_alikes", seed), strict=True):
        assert char == other or frozenset((char, other)) in shapes


def test_look_alikes_swap_about_half() -> None:
    text = "".join(LOOK_ALIKE) * 50
    swapped = sum(a != b for a, b in zip(text, disguise(text, "look_alikes", 0), strict=True))
    assert 0.4 * len(text) < swapped < 0.6 * len(text)


@pytest.mark.parametrize(
    ("stretched", "plain"),
    [
        ("ccitizen", "citizen"),
        ("mucchh", "much"),
        ("zzzhhizn", "zhizn"),
        ("otzzzyv", "otzyv"),
        ("Яяма", "яма"),
        ("кошшка", "кошка"),
    ],
)
def test_stretched_digraphs_fold_like_plain_ones(stretched: str, plain: str) -> None:
    assert str(fold(stretched)) == str(fold(plain))


def test_folding_undoes_stretching_of_nearly_every_post(some_posts: LabelledPosts) -> None:
    texts = some_posts.texts
    changed = [text for text in texts if str(fold(text)) != str(fold(disguise(text, "stretched", 0)))]
    assert len(changed) <= 0.03 * len(texts)


# What each of the others promises.


def shape(char: str) -> str:
    """The Latin letter that a letter looks like; itself where it looks like none."""
    return LOOK_ALIKE[char] if is_cyrillic(char) and char in LOOK_ALIKE else latin_shapes().get(char, char)


@reproducibly
@given(mixed, st.integers(0, 9))
def test_foreign_letters_have_the_shape_of_those_they_stand_for(text: str, seed: int) -> None:
    for char, other in zip(text, disguise(text, "foreign_letters", seed), strict=True):
        assert other == char or (shape(other) == shape(char) and other not in LOOK_ALIKE)


def test_foreign_letters_are_of_several_scripts() -> None:
    found = set(disguise("ас" * 500, "foreign_letters", 0)) - set("ас")
    assert len(found) > 5
    assert not any(char.isascii() for char in found)
    assert any(not is_latin(char) and not is_cyrillic(char) for char in found)


@reproducibly
@given(mixed, st.integers(0, 9))
def test_fancy_letters_are_latin_ones_in_another_form(text: str, seed: int) -> None:
    hidden = disguise(text, "fancy_letters", seed)
    for char, other in zip(text, hidden, strict=True):
        assert (char != other) == (char.isascii() and char.isalpha())
    assert unicodedata.normalize("NFKC", hidden) == unicodedata.normalize("NFKC", text)


@reproducibly
@given(written, st.integers(0, 9))
def test_signs_stand_for_inner_letters_of_longer_words(text: str, seed: int) -> None:
    for word, hidden in zip(text.split(" "), disguise(text, "signs_for_letters", seed).split(" "), strict=True):
        assert (word[:1], word[-1:]) == (hidden[:1], hidden[-1:])
        for char, other in zip(word, hidden, strict=True):
            assert other == char or (len(word) >= LONG and SIGNS[char] == other)


@reproducibly
@given(written, st.integers(0, 9))
def test_a_star_hides_one_inner_letter(text: str, seed: int) -> None:
    for word, hidden in zip(text.split(" "), disguise(text, "stars", seed).split(" "), strict=True):
        changed = [at for at, (char, other) in enumerate(zip(word, hidden, strict=True)) if char != other]
        assert len(changed) <= (len(word) >= LONG)
        assert all(hidden[at] == "*" and 0 < at < len(word) - 1 for at in changed)


@reproducibly
@given(mixed, st.integers(0, 9))
def test_marks_are_added_to_letters_and_nothing_else_changes(text: str, seed: int) -> None:
    hidden = disguise(text, "marks", seed)
    assert hidden.translate(dict.fromkeys(map(ord, MARKS))) == text
    assert all(hidden[at - 1].isalpha() for at, char in enumerate(hidden) if char in MARKS)


@pytest.mark.parametrize(("name", "between"), [("apart", " "), ("dotted", ".")])
@reproducibly
@given(written, st.integers(0, 9))
def test_letters_of_longer_words_are_set_apart(name: str, between: str, text: str, seed: int) -> None:
    hidden, at = disguise(text, name, seed), 0
    for word in text.split(" "):
        spread = between.join(word)
        apart = len(word) >= LONG and hidden.startswith(spread, at)
        assert apart or hidden.startswith(word, at)
        at += len(spread if apart else word) + 1
    assert at == len(hidden) + 1


@reproducibly
@given(mixed)
def test_latin_leaves_no_cyrillic_letter_and_touches_no_other(text: str) -> None:
    hidden = disguise(text, "latin", 0)
    assert not any(is_cyrillic(char) for char in hidden)
    others = "".join(char for char in text if not is_cyrillic(char))
    assert disguise(others, "latin", 0) == others


def test_latin_is_how_cyrillic_is_usually_spelt() -> None:
    assert disguise("Щука, жми! Қазақ", "latin", 0) == "Shuka, jmi! Kazak"


@reproducibly
@given(written, st.integers(0, 9))
def test_a_hashtag_is_three_words_with_capitals(text: str, seed: int) -> None:
    hidden = disguise(text, "hashtags", seed)
    assert hidden.replace("#", "").replace(" ", "").casefold() == text.replace(" ", "").casefold()
    words = text.split(" ")
    for tag in (part for part in hidden.split(" ") if part.startswith("#")):
        runs = ("#" + "".join(map(str.capitalize, words[at : at + 3])) for at in range(0, len(words), 3))
        assert tag in runs
