"""What names a people, a faith, a party, a medium, a country or a language is no cue for a label by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier import lang
from classifier.cuefile import read_yaml
from classifier.cues import CueSet, parse_cues, read_cues
from classifier.errors import CueError
from classifier.protected import PATH, REGIONS, names_alone

CUE = """
one:
  speaks: {speaks}
  labels: [a]
  description: {{en: does one, ru: один, kk: бір}}
  patterns:
    ru: ["слово"]
    en:
      - '{pattern}'
"""
NAMES = {
    "peoples": "казахи русских узбечка памирцам ұйғырлар Орыстар o'zbeklar qirg'izlar кыргыздар тоҷикон Tatars Jews",
    "faiths": "мусульмане Ислам православных мұсылмандар musulmonlar исмоилиён Christians Muslim buddhist orthodox",
    "countries": "Россия Казахстане Астану Ресейге O'zbekistonda Тоҷикистон China Ukraine Moscow Bishkek",
    "parties": "Аманат|Байтақ Нур-Отан|нур_отан ОСДП Единороссы Amanat LDPR",
    "media": "Азаттык Azattyq Tengrinews хабар BBC Sputnik Reuters RFE/RL",
    "languages": "английский қазақша o'zbekcha орусча Farsi",
    "regions": "",  # claims to land name them
}
PHRASES = (
    "Ақ жол", "единая россия", "united russia", "Nur Otan", "радио свобода", "Radio Free Europe", "казахский язык",
    "қазақ тілі", "забони тоҷикӣ", "казахи узбеки", "русские|украинцы казахстана", "партия ауыл", "jehovah's witnesses",
)  # fmt: skip
ALLOWED = (
    "мы казахи", "казахи вступайте", "север казахстана наш", "отделимся от россии", "{number} узбеков",
    "russian legion", "исламское государство", "join the ukrainian army", "ауыл", "республика", "свобода", "наш народ",
    "receipts", "полк*", "земл*", "республик*", "русло", "корень", "считай*",
)  # fmt: skip


def parse(pattern: str, speaks: str = "for") -> CueSet:
    return parse_cues({"c.yaml": CUE.format(speaks=speaks, pattern=pattern.replace("'", "''")).encode()}, "cues")


@pytest.mark.parametrize("pattern", [*(name for kind in NAMES.values() for name in kind.split()), *PHRASES])
def test_names_alone_are_no_cue_for_a_label(pattern: str) -> None:
    with pytest.raises(CueError, match=r"^cues/c\.yaml, line 9: .*their mention is no appeal: put it in a longer"):
        parse(pattern)


@pytest.mark.parametrize("pattern", ALLOWED)
def test_a_longer_phrase_and_other_words_are_left_alone(pattern: str) -> None:
    assert len(parse(pattern).written["one"]) == 2


@pytest.mark.parametrize("pattern", ["казахи", "Radio Free Europe", "каза*"])
def test_a_cue_against_may_be_a_name(pattern: str) -> None:
    assert parse(pattern, "against").cues[0].speaks == "against"


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("каза*", "'казах*'"),
        ("КАЗА́ХИ", "'казах*'"),
        ("ka3axи", "'казах*'"),
        ("москв*", "'москв*'"),
        ("братья|казахи", "'казах*'"),
        ("едина* росси*", "'един* росси*'"),
        ("казахи узбеки", "'казах*', 'узбек*'"),
        ("Zakon kz", "'закон кз'"),
    ],
)
def test_the_refusal_names_what_would_be_found(pattern: str, found: str) -> None:
    with pytest.raises(CueError) as fault:
        parse(pattern)
    assert str(fault.value) == (
        f"cues/c.yaml, line 9: '{pattern}' finds {found} alone: it names a people, faith, party, medium, country or "
        "language; their mention is no appeal: put it in a longer phrase"
    )


def test_every_language_has_names_of_every_kind_and_all_can_be_found() -> None:
    listed = [
        (kind.text(), language.text(), item.text())
        for kind, by_language in read_yaml(PATH.read_bytes(), PATH.name).entries()
        for language, names in by_language.entries()
        for item in names.items()
    ]
    assert {kind for kind, _, _ in listed} == set(NAMES)
    assert {(kind, language) for kind, language, _ in listed} == {
        (kind, one) for kind in NAMES for one in lang.LANGUAGES
    }
    assert len(set(listed)) == len(listed)
    assert [name for kind, _, name in listed if kind != REGIONS and not names_alone(name)] == []


def test_common_words_are_no_names() -> None:
    common = {word for words in lang.WORDS.values() for word in words.split()} - {"душанбе", "тоҷикистон"}
    assert len(common) > 500
    assert [word for word in sorted(common) if names_alone(word)] == []


def test_names_among_the_topic_words_are_protected(data: Path) -> None:
    """The list of topic words, made for another end, holds no people and no country that is missing here."""
    rows = [line.split(",") for line in (data / "checks" / "topic-words.csv").read_text("utf-8").splitlines()]
    named = [word for _, kind, word in rows if kind in {"people", "country"} and word != "mali"]
    assert len(named) > 100
    assert [word for word in named if not names_alone(word)] == []


def test_the_shipped_cues_hold_no_name_alone(data: Path) -> None:
    assert any(cue.speaks == "for" for cue in read_cues(data / "cues").cues)


def test_alternatives_are_not_multiplied_out() -> None:
    people = "|".join("казахи русские узбеки татары украинцы чеченцы уйгуры таджики".split())
    assert len(names_alone(" ".join([people] * 9))) == 9
    assert names_alone(" ".join(["|".join(map(chr, range(0x430, 0x44A)))] * 20)) == ()
    assert names_alone(" ".join([people] * 50) + " вступайте") == ()
    assert names_alone("слово|единая сила|россия") == ("един* росси*",)
