"""The folding table: shipped as a file, so that every Python folds alike."""

from __future__ import annotations

import hashlib
import unicodedata

import numpy as np
import pytest

from classifier.foldtable import (
    APOSTROPHES,
    LETTER,
    PATH,
    ROMAN,
    SHAPES,
    SIZE,
    TOKEN,
    TOKENS,
    FoldTable,
    build,
    load,
    roman,
    shapes,
)

BUILT_WITH = "14.0.0"  # Unicode of the Python that wrote the file
DIGEST = "78007df1e30d432435083cd5decbc3dbbaeab3521ce6d653cf0dcb2c68fc8c08"


def skeleton(table: FoldTable, code: int) -> str:
    if code >= SIZE:
        return chr(code)
    start, length = int(table.first[code]), int(table.length[code])
    return "".join(map(chr, table.pool[start : start + length]))


def test_the_shipped_table_is_the_pinned_one() -> None:
    assert hashlib.sha256(PATH.read_bytes()).hexdigest() == DIGEST


@pytest.mark.skipif(unicodedata.unidata_version != BUILT_WITH, reason="another Unicode knows other characters")
def test_the_shipped_table_is_what_its_module_builds() -> None:
    for shipped, built in zip(load(), build(), strict=True):
        np.testing.assert_array_equal(shipped, built)


def test_the_letter_lists_stand_in_the_shipped_table() -> None:
    table = load()
    written = {char: skeleton(table, ord(char)) for char in ROMAN}
    assert written == ROMAN | {"ß": "ss"}  # case folding comes first; doubled letters are merged later


def test_every_letter_that_a_skeleton_is_written_with_stands_for_itself() -> None:
    table = load()
    letters = np.flatnonzero(table.klass == LETTER)
    written = {char for code in letters for char in skeleton(table, int(code))}
    astray = {char for char in written - set("qwxy") if skeleton(table, ord(char)) != char}
    assert astray == set()


def test_every_look_alike_has_a_skeleton_of_latin_letters() -> None:
    table = load()
    for mapping in shapes():
        for code in (*mapping, *mapping.values()):
            assert skeleton(table, code).isascii(), chr(code)
            assert table.klass[code] == LETTER


def test_look_alikes_pair_letters_of_one_shape_once() -> None:
    to_cyrillic, to_latin = shapes()
    assert len({cyrillic for cyrillic, _ in SHAPES}) == len({latin for _, latin in SHAPES}) == len(SHAPES)
    assert all(to_latin[to_cyrillic[ord(latin)]] == ord(latin) for _, latin in SHAPES)


def test_typed_tokens_and_only_they_are_tokens() -> None:
    assert {chr(code) for code in np.flatnonzero(load().klass == TOKEN)} == {
        chr(symbol) for name, symbol in TOKENS.items() if name != "money"
    }


def test_places_in_the_pool_stay_inside_it() -> None:
    table = load()
    assert len(table.klass) == SIZE
    assert (table.first + table.length <= len(table.pool)).all()


@pytest.mark.parametrize(
    ("letter", "written"), [("й", "i"), ("ǵ", "g"), ("ŉ", "n"), ("ä", "a"), ("ש", "ש"), ("\u0b48", "\u0b47")]
)
def test_a_letter_loses_its_marks(letter: str, written: str) -> None:
    assert roman(letter) == written or "".join(map(roman, unicodedata.normalize("NFKC", letter))) == written
    assert not set(roman(letter)) & set(APOSTROPHES)
