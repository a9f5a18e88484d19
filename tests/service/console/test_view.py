"""Words and numbers of the page."""

from __future__ import annotations

import pytest

from classifier.model import REASONS as DOUBTS
from service.console.view import REASONS, language_name, percent, signed


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, "0.0 %"), (0.0004, "< 0.1 %"), (0.4275, "42.8 %"), (0.9996, "> 99.9 %"), (1.0, "100.0 %")],
)
def test_percent(share: float, expected: str) -> None:
    assert percent(share) == expected


def test_signed() -> None:
    assert (signed(0.5), signed(-0.5)) == ("+0.50", "−0.50")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("ru", "Russian (ru)"),
        ("kk-Latn", "Kazakh in Latin letters (kk-Latn)"),
        ("unknown", "not recognised"),
        ("xx", "xx (xx)"),
    ],
)
def test_language_names(tag: str, expected: str) -> None:
    assert language_name(tag) == expected


def test_every_reason_has_a_sentence() -> None:
    assert set(REASONS) == set(DOUBTS)
