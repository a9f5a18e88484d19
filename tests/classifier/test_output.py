"""Writing tables: what is written is read again, whole or not at all."""

from __future__ import annotations

import errno
import json
import math
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.errors import InputError
from classifier.files import open_source
from classifier.output import cell, json_text, open_writer, whole_file
from tests.classifier.making import reproducibly

KINDS = ("csv", "csv.gz", "jsonl", "jsonl.gz", "parquet")
kinds = pytest.mark.parametrize("kind", KINDS)
strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def write(path: Path, columns: list[str], rows: Iterable[dict[str, Any]], schema: Any = None) -> Path:
    with open_writer(str(path), columns, schema) as writer:
        for row in rows:
            writer.write(row)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    with open_source(str(path)) as source:
        return [row.values for row in source.rows]


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@kinds
@settings(reproducibly, max_examples=40)
@given(rows=st.lists(st.tuples(strings, strings), min_size=1, max_size=5))
@example(rows=[("a\rb", "\r"), ("a\r\nb", "\n"), ('"', '""'), (",", ""), ("\0", "\u2028\x85"), ("\ufeff", " ")])
def test_any_text_is_read_as_it_was_written(kind: str, tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    written = [{"a": a, "b": f"|{b}"} for a, b in rows]
    assert read(write(tmp_path / f"t.{kind}", ["a", "b"], written)) == written


@kinds
def test_half_a_surrogate_pair_is_written_as_its_escape(kind: str, tmp_path: Path) -> None:
    [found] = read(write(tmp_path / f"t.{kind}", ["a"], [{"a": "x\ud800y"}]))
    assert found["a"] == ("x\ud800y" if "json" in kind else r"x\ud800y")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
@reproducibly
def test_json_text_is_utf8_and_reads_as_what_it_was(value: object) -> None:
    assert json.loads(json_text(value).encode()) == value


def test_json_has_null_for_what_json_lacks() -> None:
    nested = {"a": [math.nan, (1.5, -math.inf)], "b": {"c": math.inf}}
    assert json_text(nested) == '{"a": [null, [1.5, null]], "b": {"c": null}}'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "1"),
        (False, "0"),
        (0.5, "0.500000"),
        (1e-6, "0.000001"),
        (0.1234567, "0.1234567"),
        (12, "12"),
        ("007", "007"),
        ({"a": "я"}, '{"a": "я"}'),
        ([1, None], "[1, null]"),
    ],
)
def test_a_cell_is_plain_text(value: object, written: str) -> None:
    assert cell(value) == written


def test_parquet_takes_flags_as_numbers_and_objects_as_json(tmp_path: Path) -> None:
    schema = pa.schema(
        [("flag", pa.int8()), ("share", pa.float64()), ("note", pa.string()), ("large", pa.large_string())]
    )
    rows: list[dict[str, Any]] = [
        {"flag": True, "share": 0.5, "note": {"a": 1}, "large": 7},
        {"flag": False},
        {"flag": None, "note": "x"},
    ]
    path = write(tmp_path / "t.parquet", schema.names, rows, schema)
    assert pq.read_schema(path).equals(schema)
    assert pq.read_table(path).to_pylist() == [
        {"flag": 1, "share": 0.5, "note": '{"a": 1}', "large": "7"},
        {"flag": 0, "share": None, "note": None, "large": None},
        {"flag": None, "share": None, "note": "x", "large": None},
    ]


def test_parquet_is_written_in_groups_of_bounded_size(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", ["a"], [{"a": str(k)} for k in range(2500)])
    assert pq.ParquetFile(path).metadata.num_row_groups == 3
    assert [row["a"] for row in read(path)] == [str(k) for k in range(2500)]


@kinds
def test_no_rows_give_a_readable_file(kind: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"t.{kind}", ["a", "b"], [])
    if "json" not in kind:
        assert read(path) == []


@pytest.mark.parametrize("kind", ["csv.gz", "jsonl.gz"])
def test_the_same_rows_give_the_same_bytes(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = write(tmp_path / f"one.{kind}", ["a"], [{"a": "x"}]).read_bytes()
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert write(tmp_path / f"two.{kind}", ["a"], [{"a": "x"}]).read_bytes() == one


@kinds
def test_a_file_appears_when_it_is_whole(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{kind}"
    path.write_text("older", encoding="utf-8")
    with open_writer(str(path), ["a"]) as writer:
        for _ in range(3000):
            writer.write({"a": "x" * 100})
        assert path.read_text(encoding="utf-8") == "older"
    assert len(read(path)) == 3000
    assert names(tmp_path) == [path.name]


@kinds
@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_an_interruption_leaves_the_older_file_and_nothing_else(
    kind: str, fault: type[BaseException], tmp_path: Path
) -> None:
    path = tmp_path / f"t.{kind}"
    path.write_text("older", encoding="utf-8")

    def rows() -> Iterator[dict[str, str]]:
        yield from [{"a": "x" * 100}] * 3000
        raise fault

    with pytest.raises(fault):
        write(path, ["a"], rows())
    assert path.read_text(encoding="utf-8") == "older"
    assert names(tmp_path) == [path.name]


class FullDisk:
    """A file on a disk with room for so many bytes, and then none."""

    def __init__(self, stream: Any, room: int) -> None:
        self.stream, self.room = stream, room

    def write(self, content: bytes) -> int:
        self.room -= len(content)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(self.stream.write(content))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()


@kinds
@pytest.mark.parametrize("room", [0, 2, 300])
def test_a_full_disk_is_one_message_and_leaves_nothing(
    kind: str, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda path, mode: FullDisk(opened(path, mode), room))
    rows = [{"a": os.urandom(50).hex()} for _ in range(3000)]
    with pytest.raises(InputError) as fault:
        write(tmp_path / f"t.{kind}", ["a"], rows)
    assert (
        str(fault.value) == f"{tmp_path}/t.{kind}: cannot be written: No space left on device; nothing was left there"
    )
    assert names(tmp_path) == []


def test_what_cannot_be_written_is_named_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"missing/t\.csv: cannot be written: No such file or directory; nothing was left there$"
    ):
        write(tmp_path / "missing" / "t.csv", ["a"], [])
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match=r"t\.csv: cannot be written: Not a directory; nothing was left there$"):
        write(tmp_path / "file" / "t.csv", ["a"], [])
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(InputError, match=r"t\.csv: cannot be written: Is a directory; nothing was left there$"):
        write(tmp_path / "t.csv", ["a"], [])
    assert names(tmp_path) == ["file", "t.csv"]


@pytest.fixture
def mask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


@pytest.mark.usefixtures("mask")
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    with whole_file(str(tmp_path / "t.csv")) as stream:
        stream.write(b"x")
    assert stat.S_IMODE((tmp_path / "t.csv").stat().st_mode) == 0o640
