"""The language of cues: what patterns match, and how faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.cues import CueSet, parse_cues, read_cues
from classifier.errors import ClarionError, CueError
from classifier.text import fold
from tests.classifier.making import CUES, reproducibly

GOOD = """
one:
  speaks: for
  labels: [a]
  description: {en: does one, ru: один, kk: бір}
  patterns:
    ru: ["слово"]
"""


def cue_set(*patterns: str) -> CueSet:
    listed = "".join(f"\n      - '{pattern}'" for pattern in patterns)
    return parse_cues({"c.yaml": GOOD.replace(' ["слово"]', listed).encode()}, "cues")


def matches(pattern: str, text: str) -> bool:
    return bool(len(cue_set(pattern).find(fold(text))))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("вступай", "Вступай!"),
        ("вступай", "VSTUPAY"),
        ("вступай", "вcтупааай"),  # a Latin c
        ("вступай", "в\u200bступай"),
        ("вступай*", "вступайте"),
        ("вступай*", "вступай"),
        ("набор в отряд|роту", "идёт набор в роту"),
        ("набор|набирают в отряд|роту", "набирают в отряд"),
        ("набор в отряд", "набор, в - отряд"),
        ("набор в отряд", "набор-в-отряд"),
        ("добро-вольцы", "добро вольцы"),
        ("добро вольцы", "добро-вольцы"),
        ("қосылыңыз", "qosylyñyz"),
        ("qosylynyz", "қосылыңыз"),
        ("{link}", "пиши t.me/abc"),
        ("{handle}", "пиши @abc"),
        ("{phone}", "звони +7 701 123 45 67"),
        ("{money}", "5$"),
        ("{number} тенге", "300 000 тенге"),
        ("{number} тенге", "5 тенге"),
        ("от {number} {money}", "от 100$"),
        ("плачу {link}|{phone}", "плачу +7 701 123 45 67"),
        ("😀", "да 😀😀"),
        ("{money}", "300 000 рублей"),
        ("{money} рублей", "300 000 рублей"),
        ("{money}", "$"),
        ("{number} рублей", "300 000 рублей"),
        ("{number}", "до 18 лет"),
        ("{years} лет", "до 18 лет"),
        ("{date}", "до 12.05.2024"),
        ("от {number} $|₽", "от 100$"),
        ("скрипка", "ищем 🎻🎻"),
        ("🎻", "ищем скрипка"),
        ("сво", "на CBO"),
        ("вступай", "в.с.т.у.п.а.й"),
        ("вступай в отряд", "#ВступайВОтряд"),
        ("служить на сво*", "служить на свою"),
        ("кто ?", "кто?"),
    ],
)
def test_a_pattern_matches(pattern: str, text: str) -> None:
    assert matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("вступай", "вступайте"),
        ("вступай", "невступай"),
        ("вступай*", "невступайте"),
        ("набор в отряд", "набор. В отряд"),
        ("набор в отряд", "набор\nв отряд"),
        ("набор в отряд", "набор в? отряд"),
        ("наша земля", "наша «земля»"),
        ("набор в отряд", "набор в новый отряд"),
        ("набор в отряд|роту", "набор в полк"),
        ("{number} тенге", "много тенге"),
        ("{phone}", "300 000"),
        ("{money}", "300 000"),
        ("{years}", "18 раз"),
        ("{date}", "12.05"),
        ("{number}", "12.05.2024"),
        ("{number} {number}", "300 000"),
        ("скрипка", "🎺"),
    ],
)
def test_a_pattern_does_not_match(pattern: str, text: str) -> None:
    assert not matches(pattern, text)


def test_finds_come_with_their_cue_and_place() -> None:
    cues = cue_set("в отряд", "{link}")
    text = "Иди в отряд, t.me/abc"
    post = fold(text)
    places = {text[post.starts[a] : post.ends[b - 1]] for _, a, b in cues.find(post).tolist()}
    assert places == {"в отряд", "t.me/abc"}


@settings(reproducibly)
@given(st.lists(st.permutations("абвгдежз").map(lambda letters: "".join(letters[:5])), min_size=1, max_size=4))
def test_a_plain_phrase_finds_itself_in_any_neighbourhood(words: list[str]) -> None:
    phrase = " ".join(words)
    assert matches(phrase, f"сначала {phrase.upper()}, потом")
    assert matches(f"{phrase}*", f"{phrase}щина")


FAULTS = {
    "speaks: for": ("speaks: loudly", 3, "`speaks` must be `for` or `against`"),
    "labels: [a]": ("labels: []", 4, "`labels` must name at least one label"),
    "kk: бір": ("kz: бір", 5, "unknown field 'kz'; known: en, kk, ru"),
    ", kk: бір": ("", 5, "missing: kk"),
    "  speaks: for\n": (
        "  speaks: for\n  weight: 3\n",
        4,
        "unknown field 'weight'; known: description, labels, patterns, speaks",
    ),
    "  labels: [a]\n": ("", 3, "missing: labels"),
    '["слово"]': ("слово", 7, "a list is expected here"),
    '    ru: ["слово"]': ("    {}", 7, "a cue needs at least one pattern"),
    '"слово"': ("''", 7, "a piece of text is expected here"),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_fault_in_a_cue_is_named_by_file_and_line(right: str) -> None:
    wrong, line, message = FAULTS[right]
    with pytest.raises(CueError) as fault:
        parse_cues({"c.yaml": GOOD.replace(right, wrong, 1).encode()}, "cues")
    assert str(fault.value) == f"cues/c.yaml, line {line}: {message}"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{mail}", "unknown token {mail}; known: {link}, {handle}, {phone}, {date}, {money}, {years}, {number}"),
        ("ab*cd", "'ab*cd' is no word; `*` may only end one"),
        ("*", "'*' is no word; `*` may only end one"),
        ("a|", "'' is no word; `*` may only end one"),
        ("{link}*", "'{link}*' is no word; `*` may only end one"),
        ("вст*", "stem 'вст*' is shorter than 4 letters and would match too much"),
        ("аааа*", "stem 'аааа*' is shorter than 4 letters and would match too much"),
        ("слово-в*", "stem 'слово-в*' is shorter than 4 letters and would match too much"),
        ("---", "'---' has no letters"),
        ("zakon.kz", "'zakon.kz' would find any link: write {link}, or the name without its dot"),
        ("a-b|c-d|e " * 6, "pattern with 729 readings; write 1 to 500"),
    ],
)
def test_a_fault_in_a_pattern_is_named_by_file_and_line(pattern: str, message: str) -> None:
    with pytest.raises(CueError) as fault:
        cue_set("слово", pattern)
    assert str(fault.value) == f"cues/c.yaml, line 9: {message}"


def test_a_cue_is_defined_once_in_all_files() -> None:
    with pytest.raises(CueError, match=r"^cues/b\.yaml, line 2: cue 'one' is defined twice$"):
        parse_cues({"a.yaml": GOOD.encode(), "b.yaml": GOOD.encode()}, "cues")
    with pytest.raises(CueError, match=r"^cues/a\.yaml, line 9: 'one' stands here twice$"):
        parse_cues({"a.yaml": GOOD.encode() * 2}, "cues")


def test_a_directory_without_cues_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ClarionError, match="no cue files"):
            read_cues(place)


def test_cues_stand_in_the_order_of_files_and_lines_and_say_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(CUES, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no cue", encoding="utf-8")
    cues = read_cues(tmp_path)
    assert [cue.name for cue in cues.cues] == ["one", "call_to_join", "pay_offer", "reported_speech"]
    pay = cues.cues[2]
    assert (pay.speaks, pay.labels, pay.description["en"]) == ("for", ("recruitment", "separatism"), "offers pay")
    assert cues.cues[3].speaks == "against"


def test_the_digest_changes_with_names_and_bytes_and_with_nothing_else() -> None:
    def digest(**files: str) -> str:
        return parse_cues({f"{name}.yaml": content.encode() for name, content in files.items()}, "anywhere").sha256

    assert digest(a=GOOD, b=CUES) == digest(b=CUES, a=GOOD)
    assert len({digest(a=GOOD), digest(b=GOOD), digest(a=GOOD + "\n"), digest(a=GOOD, b=CUES)}) == 4


def test_the_shipped_cues_follow_the_language(shipped_cues: CueSet) -> None:
    assert len(shipped_cues.cues) >= 12
    assert {cue.speaks for cue in shipped_cues.cues} == {"for", "against"}
    assert {label for cue in shipped_cues.cues for label in cue.labels} == {"recruitment", "separatism"}
