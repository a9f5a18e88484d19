"""Any people or faith counts as any other: no margin tells which was named."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from classifier.names import build, counted, load
from classifier.ngrams import GramSettings, count, readings

ALIKE, APART = GramSettings(2**16), GramSettings(2**16, alike=False)


def buckets(text: str, settings: GramSettings) -> list[int]:
    counts, _ = count([readings(text, settings)], settings)
    return list(np.repeat(counts.buckets, counts.counts))


def test_the_shipped_tables_are_those_of_the_list() -> None:
    for shipped, made in zip(load(), build(), strict=True):
        assert shipped.dtype == made.dtype
        assert (shipped == made).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Мой сосед уйгур, он работает на базаре", "Мой сосед узбек, он работает на базаре"),
        ("украинские песни", "казахские песни"),
        ("қазақ тілі", "ұйғыр тілі"),
        ("Мусульмане, сюда", "Буддисты, сюда"),
        ("к@захи, т.а.т.а.р.ы", "уз6еки, нeмцы"),
    ],
)
def test_names_count_alike(one: str, other: str) -> None:
    assert buckets(one, ALIKE) == buckets(other, ALIKE)
    assert buckets(one, APART) != buckets(other, APART)


@pytest.mark.parametrize(
    "words",
    [
        "Татарстан татары",
        "Украина украинцы",
        "Қазақстан қазақтар",
        "Turkey Turks",
        "Дагестан дагестанцы",
        "Бурятия буряты",
        "Памир памирцы",
        "қытай қытайлар",
    ],
)
def test_lands_count_as_themselves(words: str) -> None:
    land, people = words.split()
    assert buckets(land, ALIKE) != buckets(people, ALIKE)
    assert buckets(people, ALIKE) == buckets("узбеки", ALIKE)


def test_two_lands_are_told_apart() -> None:
    lands = "Россия Украина Казахстан Татарстан Таджикистан Монголия Германия Бурятия".split()
    assert not any(buckets(a, ALIKE) == buckets(b, ALIKE) for a, b in itertools.combinations(lands, 2))


def test_other_words_count_by_their_letters() -> None:
    for word in ("руслан", "германия", "полк", "турнир", "скоро", "ru", "я"):
        assert buckets(word, ALIKE) == buckets(word, APART), word


def test_every_name_of_the_list_is_found() -> None:
    names = [name.strip() if name.endswith(" ") else f"{name}o" for name, alike in counted().items() if alike]
    names += ["сербы", "корей", "калмыки", "киргизы"]  # which are their lands too, when folded
    assert {tuple(buckets(name, ALIKE)) for name in names} == {tuple(buckets("узбеки", ALIKE))}
