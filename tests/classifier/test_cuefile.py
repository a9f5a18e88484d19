"""YAML with the place of every value, for messages that name file and line."""

from __future__ import annotations

import pytest

from classifier.cuefile import read_yaml
from classifier.errors import CueError


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "c.yaml, line 1: the file is empty"),
        (b"# only a comment\n", "c.yaml, line 1: the file is empty"),
        ("a: 1\nб: два".encode("cp1251"), "c.yaml, line 2: not UTF-8; save the file as UTF-8"),
        (b"a: 1\nb: \x07", "c.yaml, line 2: not YAML: holds a control character"),
        (b"a: 1\n\x00", "c.yaml, line 2: not YAML: holds a control character"),
        (b"a: b\n---\nc: d", "c.yaml, line 2: not YAML: but found another document"),
        (b"a: b\n  c: d: e\n", "c.yaml, line 2: not YAML: mapping values are not allowed in this context"),
    ],
)
def test_what_is_no_yaml_is_named_by_file_and_line(content: bytes, message: str) -> None:
    with pytest.raises(CueError) as fault:
        read_yaml(content, "c.yaml")
    assert str(fault.value) == message


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- "])
@pytest.mark.parametrize("times", [21, 200_000])
def test_what_is_nested_too_deep_is_refused_and_does_not_end_the_process(opening: bytes, times: int) -> None:
    with pytest.raises(CueError, match=r"^c\.yaml, line 2: nested more than 20 deep$"):
        read_yaml(b"# so deep\n" + opening * times, "c.yaml")
    assert read_yaml(b"[" * 20 + b"]" * 20, "c.yaml").items()


def test_what_yaml_leaves_open_is_one_line_with_a_place() -> None:
    with pytest.raises(CueError, match=r"^c\.yaml, line \d: not YAML: [^\n]+$"):
        read_yaml(b"a: [", "c.yaml")


def test_names_are_not_taken_for_other_things() -> None:
    """YAML would read `no` as false and 0x10 as a number; a cue's words stay as they are written."""
    root = read_yaml(b"no: [yes, 0x10, 1_000, ~]", "c.yaml")
    [(key, value)] = root.entries()
    assert key.text() == "no"
    assert [item.text() for item in value.items()] == ["yes", "0x10", "1_000", "~"]


@pytest.mark.parametrize(
    ("content", "step", "message"),
    [
        (b"[a]", "entries", "line 1: a mapping (`name: ...`) is expected here"),
        (b"a: 1\nb: 2\na: 3", "entries", "line 3: 'a' stands here twice"),
        (b"a: 1", "items", "line 1: a list is expected here"),
        (b"[a]", "text", "line 1: a piece of text is expected here"),
        (b"' '", "text", "line 1: a piece of text is expected here"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_place(content: bytes, step: str, message: str) -> None:
    with pytest.raises(CueError) as fault:
        list(getattr(read_yaml(content, "c.yaml"), step)())
    assert str(fault.value) == f"c.yaml, {message}"


def test_fields_must_be_exactly_the_known_ones() -> None:
    with pytest.raises(CueError, match=r"^c\.yaml, line 2: unknown field 'c'; known: a, b$"):
        list(read_yaml(b"a: 1\nc: 2", "c.yaml").fields({"a", "b"}))
    with pytest.raises(CueError, match=r"^c\.yaml, line 1: missing: b$"):
        list(read_yaml(b"a: 1", "c.yaml").fields({"a", "b"}))
