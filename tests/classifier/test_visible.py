"""Hidden characters are shown; ordinary ones, emoji and other scripts are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.visible import hidden, pieces, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u200bb", "a[U+200B]b"),
        ("\u202eabc", "[U+202E]abc"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("\ufeffa", "[U+FEFF]a"),
        ("a\x07b\x1b", "a[U+0007]b[U+001B]"),
        ("so\u00adft", "so[U+00AD]ft"),
        ("\u3164", "[U+3164]"),
        ("a\u200db", "a[U+200D]b"),
        ("\U000e0041", "[U+E0041]"),
        ("\u2028", "[U+2028]"),
        ("line\n\ttab", "line\n\ttab"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("шалом שלום e\u0301", "шалом שלום e\u0301"),
    ],
)
def test_badges(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_badges_have_names() -> None:
    (badge,) = pieces("\u202e", 0, 1, hidden("\u202e"))
    assert badge.name == "U+202E RIGHT-TO-LEFT OVERRIDE"


@given(st.text(), st.data())
def test_nothing_is_lost(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert "".join(piece.text for piece in pieces(text, start, end, hidden(text))) == text[start:end]
