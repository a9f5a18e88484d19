"""The folding table: shipped as a file, so that every Python folds alike."""

from __future__ import annotations

import csv
import hashlib
import unicodedata

import numpy as np
import pytest

from classifier import emoji, shapes
from classifier.foldtable import (
    APOSTROPHES,
    AS_CYRILLIC,
    AS_LATIN,
    CASE,
    CLASS,
    COLUMNS,
    CYRILLIC,
    CYRILLIC_SHARED,
    DATE,
    FIRST,
    FOREIGN,
    HANDLE,
    LATIN,
    LATIN_SHARED,
    LENGTH,
    LETTER,
    LINK,
    LOWER,
    MOST,
    NUMBER,
    OTHER,
    PATH,
    PHONE,
    ROMAN,
    SCRIPT,
    SIGN,
    SINGLE,
    SIZE,
    SOUNDING,
    SUM,
    TOKEN,
    UPPER,
    WORD,
    YEARS,
    build,
    capitals,
    load,
    load_small_letters,
    read,
    roman,
)

BUILT_WITH = "14.0.0"  # Unicode of the Python that wrote the file
DIGEST = "d772a8c82039b7d3fbd9b8396311522d4844c87f36a532307721917dd763f0ac"
TABLE = load()
LETTERS = np.flatnonzero(TABLE[:, CLASS] == LETTER).tolist()


def skeleton(code: int) -> str:
    if code >= SIZE:
        return chr(code)
    return "".join(map(chr, TABLE[code, FIRST : FIRST + TABLE[code, LENGTH]]))


def test_the_shipped_table_is_the_pinned_one() -> None:
    assert hashlib.sha256(PATH.read_bytes()).hexdigest() == DIGEST


@pytest.mark.skipif(unicodedata.unidata_version != BUILT_WITH, reason="another Unicode knows other characters")
def test_the_shipped_table_is_what_its_module_builds() -> None:
    np.testing.assert_array_equal(TABLE, build())
    np.testing.assert_array_equal(read("capitals"), capitals())


def test_capitals_become_small_letters_and_all_else_stays() -> None:
    small = load_small_letters()
    assert small.shape == (SIZE,)
    for char, letter in ("Aa", "Яя", "Әә", "Ğğ", "ββ", "55", "ii"):
        assert chr(small[ord(char)]) == letter
    assert chr(small[ord("İ")]) == "İ"  # it would become two characters


def test_the_table_has_the_form_that_the_loops_read_without_checking() -> None:
    assert TABLE.shape == (SIZE, COLUMNS)
    assert TABLE.dtype == np.int32
    assert TABLE.flags.c_contiguous
    assert TABLE.min() == 0
    assert TABLE[:, LENGTH].max() <= MOST == COLUMNS - FIRST
    assert TABLE[:, SCRIPT].max() == SOUNDING
    for column in (AS_CYRILLIC, AS_LATIN):
        assert TABLE[:, column].max() < SIZE
    for code in LETTERS:  # of a word only so many symbols are looked at before it is cut
        assert 1 <= TABLE[code, LENGTH] <= 4


def test_the_letter_lists_stand_in_the_shipped_table() -> None:
    written = {char: skeleton(ord(char)) for char in ROMAN}
    assert written == ROMAN | {"ß": "ss"}  # case folding comes first; doubled letters are merged later


def test_every_letter_that_a_skeleton_is_written_with_stands_for_itself() -> None:
    written = {char for code in LETTERS for char in skeleton(code)}
    astray = {char for char in written - set("qwxy") if skeleton(ord(char)) != char}
    assert astray == set()
    assert not {char for char in written if ord(char) < SIZE and TABLE[ord(char), CASE] == UPPER}


def test_a_letter_that_stays_as_it_is_speaks_for_no_script_that_is_read_otherwise() -> None:
    """Else a skeleton could be read in another script than the post was."""
    left = {char for code in LETTERS for char in skeleton(code) if not char.isascii() and ord(char) < SIZE}
    assert {int(TABLE[ord(char), SCRIPT]) for char in left} <= {OTHER, LATIN, FOREIGN}
    shaped = {char for char in left if TABLE[ord(char), AS_LATIN]}
    assert shaped == {char for char in left if TABLE[ord(char), SCRIPT] == FOREIGN}
    assert {"ѡ", "ո"} <= shaped


def test_the_fast_way_through_a_word_is_for_letters_that_nothing_can_change() -> None:
    for code in LETTERS:
        one = TABLE[code, LENGTH] == 1 and skeleton(code) not in "hz" and TABLE[code, SCRIPT] != FOREIGN
        assert TABLE[code, SINGLE] == (ord(skeleton(code)) if one else 0), chr(code)
    assert not TABLE[TABLE[:, CLASS] != LETTER, SINGLE].any()


@pytest.mark.parametrize(
    ("chars", "script"),
    [
        ("sSoOcCpPI", LATIN_SHARED),
        ("gGrRşłéⓖＧ𝐠", LATIN),
        ("оОсСрРіІ", CYRILLIC_SHARED),
        ("бБгГүҮғЯ", CYRILLIC),
        ("γΓρΡµΩ", SOUNDING),
        ("ոѡհӀ", FOREIGN),
        ("中שӌђ", OTHER),
    ],
)
def test_letters_know_their_script(chars: str, script: int) -> None:
    assert {char: int(TABLE[ord(char), SCRIPT]) for char in chars} == dict.fromkeys(chars, script)


def test_case_is_that_of_unicode() -> None:
    assert {char: int(TABLE[ord(char), CASE]) for char in "aAжЖ中1"} == {
        **dict.fromkeys("aж", LOWER),
        **dict.fromkeys("AЖ", UPPER),
        **dict.fromkeys("中1", 0),
    }


def test_every_look_alike_has_a_skeleton_of_latin_letters() -> None:
    for column in (AS_CYRILLIC, AS_LATIN):
        for code in np.flatnonzero(TABLE[:, column]).tolist():
            shape = int(TABLE[code, column])
            assert skeleton(shape).isascii(), chr(code)
            assert TABLE[shape, LENGTH] == 1, chr(code)
            assert TABLE[shape, CLASS] == LETTER


def test_look_alikes_are_those_of_the_standard_and_the_few_that_are_added() -> None:
    with shapes.PATH.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    standard = {chr(int(row["code"], 16)): row["latin"] for row in rows}
    assert len(standard) == len(rows)
    assert shapes.latin_shapes() == standard | shapes.ALSO
    for char, latin in shapes.latin_shapes().items():
        assert len(char) == len(latin) == 1
        assert "a" <= latin.lower() <= "z"
        assert char in shapes.ALSO or char not in standard or unicodedata.normalize("NFKC", char) != latin
        if not shapes.is_latin(char):
            assert TABLE[ord(char), AS_LATIN] == ord(latin)


def test_look_alikes_pair_letters_of_one_shape() -> None:
    pairs = shapes.cyrillic_pairs()
    assert len({cyrillic for cyrillic, _ in pairs}) == len(pairs)
    assert {"С": "C", "с": "c", "В": "B", "у": "y", "р": "p", "Т": "T"}.items() <= dict(pairs).items()
    for cyrillic, latin in pairs:
        back = chr(TABLE[ord(latin), AS_CYRILLIC])
        assert dict(pairs)[back] == latin  # one of those of its shape
        assert TABLE[ord(cyrillic), AS_LATIN] == ord(latin)
        assert TABLE[ord(cyrillic), AS_CYRILLIC] == 0


def test_letters_too_far_from_the_one_that_is_meant_are_not_read_back() -> None:
    assert TABLE[ord("r"), AS_CYRILLIC] == TABLE[ord("b"), AS_CYRILLIC] == 0
    for char in shapes.ONE_WAY:
        assert char not in dict(shapes.cyrillic_pairs())
        if char in shapes.latin_shapes():
            assert TABLE[ord(char), AS_LATIN] == ord(shapes.latin_shapes()[char])


def test_an_odd_latin_letter_is_a_form_of_a_plain_one() -> None:
    for char in "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ":
        latin = unicodedata.name(char)[-1].lower()
        assert shapes.plain_latin(char) == latin
        assert skeleton(ord(char)) == ROMAN[latin]
    assert shapes.plain_latin("ж") is None
    assert shapes.plain_latin("a") is None


def test_typed_tokens_and_only_they_are_tokens() -> None:
    tokens = np.flatnonzero(TABLE[:, CLASS] == TOKEN).tolist()
    assert tokens == [LINK, HANDLE, PHONE, DATE, SUM, YEARS, NUMBER] == list(range(LINK, NUMBER + 1))
    assert all(skeleton(code) == chr(code) for code in tokens)


def test_an_emoji_says_its_word_or_is_a_sign_of_its_own() -> None:
    assert {chr(code) for code in np.flatnonzero(TABLE[:, CLASS] == WORD)} == set(emoji.WORDS)
    assert skeleton(ord("🎻")) == "skripka"
    assert skeleton(ord("💰")) == "$"
    assert skeleton(ord("🔫")) == "orujie"
    assert (TABLE[ord("👍"), CLASS], skeleton(ord("👍"))) == (SIGN, "👍")


def test_no_emoji_has_two_meanings() -> None:
    assert len(emoji.WORDS) == sum(map(len, emoji.MEANINGS.values()))


@pytest.mark.parametrize(
    ("letter", "written"), [("й", "i"), ("ǵ", "g"), ("ŉ", "n"), ("ä", "a"), ("ש", "ש"), ("\u0b48", "\u0b47")]
)
def test_a_letter_loses_its_marks(letter: str, written: str) -> None:
    assert roman(letter) == written or "".join(map(roman, unicodedata.normalize("NFKC", letter))) == written
    assert not set(roman(letter)) & set(APOSTROPHES)
