"""What the maker says of a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.errors import InputError
from training.card.about import FIELDS, NOT_STATED, SHIPPED, read_about


def test_nothing_is_known_of_posts_of_others() -> None:
    assert read_about(None, shipped=False) == dict.fromkeys(FIELDS, NOT_STATED)


def test_the_project_speaks_of_its_own_posts_only() -> None:
    known = read_about(None, shipped=True)
    assert known == dict.fromkeys(FIELDS, NOT_STATED) | dict(SHIPPED)
    assert set(SHIPPED) < set(FIELDS)


def test_a_file_fills_fields_each_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "about.yaml"
    path.write_text("made_by: Редакция\nuse: |\n  to sort\n  \u202ecomments\n", encoding="utf-8")
    known = read_about(str(path), shipped=False)
    assert (known["made_by"], known["use"], known["licence"]) == ("Редакция", "to sort [U+202E]comments", NOT_STATED)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"made_by: us\nauthor: me\n", "line 2: unknown field 'author'; known: made_by, contact"),
        (b"made_by: us\nmade_by: me\n", "line 2: 'made_by' stands here twice"),
        (b"made_by: [us]\n", "line 1: a piece of text is expected here"),
        (b"- us\n", "line 1: a mapping"),
        (b"", "line 1: the file is empty"),
        (b"made_by: \xff\n", "line 1: not UTF-8"),
    ],
)
def test_a_fault_is_named_with_its_line(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "about.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as fault:
        read_about(str(path), shipped=False)
    assert str(fault.value).startswith(f"{path}, {message}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"about\.yaml: cannot be read: No such file"):
        read_about(str(tmp_path / "about.yaml"), shipped=False)
