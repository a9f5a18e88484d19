"""Disguises are seeded; folding takes off those that it promises to take off."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.foldtable import SHAPES
from classifier.text import fold
from tests.training.conftest import reproducibly
from training.disguise import DISGUISES, LOOK_ALIKE, disguise
from training.posts import LabelledPosts

POST = "Вступай в наш отряд сегодня, қосылыңыз бүгін, join our squad today"
LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіabcdefghijklmnopqrstuvwxyz"
CYRILLIC, LATIN = LETTERS.split("a", 1)
SIGNS = " .,!?-0123456789"
mixed = st.text(LETTERS + LETTERS.upper() + SIGNS + "@/_+", max_size=80)
# A capital may have the shape of another script's letter where the small one has none: clean words keep to one script.
clean = st.text(CYRILLIC + CYRILLIC.upper() + SIGNS, max_size=80) | st.text("a" + LATIN + "A" + LATIN.upper() + SIGNS)


@pytest.mark.parametrize("name", DISGUISES)
def test_a_seed_gives_one_disguise(name: str) -> None:
    first = disguise(POST, name, 0)
    assert first == disguise(POST, name, 0) != POST
    assert len({disguise(POST, name, seed) for seed in range(5)}) > 1


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
@given(clean, st.integers(0, 9))
def test_folding_undoes_shouting_exactly(text: str, seed: int) -> None:
    assert str(fold(disguise(text, "shouted", seed))) == str(fold(text))


@pytest.mark.parametrize("name", ["zero_width", "shouted"])
def test_folding_undoes_it_on_posts_that_are_not_yet_disguised(name: str, some_posts: LabelledPosts) -> None:
    frame = some_posts.frame
    for text in frame["text"][frame["disguised"] != "1"]:
        assert str(fold(disguise(text, name, 0))) == str(fold(text))


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
    shapes = {frozenset(pair) for pair in SHAPES}
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
    assert len(changed) <= 0.01 * len(texts)
