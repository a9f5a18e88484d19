"""Reading tables of posts: every kind of file, and every way in which one can be broken."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.errors import InputError, MissingExtraError
from classifier.files import Row, kind_of, open_source

PLAIN = 'id,text\n007,Вступай\nNA,"a, b\n""c"""\n'


def rows_of(path: Path | str, **how: Any) -> list[Row]:
    with open_source(str(path), **how) as source:
        return list(source.rows)


def columns_of(path: Path | str, **how: Any) -> list[str]:
    with open_source(str(path), **how) as source:
        return source.columns


def refusal(path: Path) -> str:
    """The message reading ends with, without the file's name: one line, no traceback."""
    with pytest.raises(InputError) as fault:
        rows_of(path)
    message = str(fault.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message.removeprefix(str(path)).lstrip(":, ")


def made(path: Path, content: str | bytes) -> Path:
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(raw, mtime=0) if path.suffix == ".gz" else raw)
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("A.CSV", "csv"),
        ("a.b.csv.gz", "csv"),
        ("a.jsonl", "jsonl"),
        ("a.jsonl.gz", "jsonl"),
        ("a.parquet", "parquet"),
        ("-", "jsonl"),
    ],
)
def test_the_suffix_tells_the_kind(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.csv.bz2", "a.parquet.gz", "csv", "a.json"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(
        InputError, match=r"unknown suffix; use one of \.csv, \.csv\.gz, \.jsonl, \.jsonl\.gz, \.parquet"
    ):
        kind_of(name)


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_csv_cells_are_strings_as_they_stand(tmp_path: Path, name: str, start: str) -> None:
    path = made(tmp_path / name, start + PLAIN)
    assert columns_of(path) == ["id", "text"]
    assert [row.values for row in rows_of(path)] == [
        {"id": "007", "text": "Вступай"},
        {"id": "NA", "text": 'a, b\n"c"'},
    ]


def test_csv_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = made(tmp_path / "a.csv", 'text\n"a\nb"\n\nc\n')
    assert [row.place for row in rows_of(path)] == [f"{path}, row 2", f"{path}, row 3"]


def test_a_csv_row_of_another_width_travels_with_its_fault(tmp_path: Path) -> None:
    path = made(tmp_path / "a.csv", "id,text\n1\n2,b\n3,c,d\n")
    faults = [row.fault for row in rows_of(path)]
    assert faults == ["the row has 1 cells, the header 2", None, "the row has 3 cells, the header 2"]


def test_a_csv_row_with_a_stray_quote_travels_with_its_fault(tmp_path: Path) -> None:
    path = made(tmp_path / "a.csv", 'text\n"a"b\nc\n')
    bad, good = rows_of(path)
    assert bad.fault is not None
    assert bad.fault.startswith("not CSV: ")
    assert good.values == {"text": "c"}


def test_ten_megabytes_in_one_cell_are_read(tmp_path: Path) -> None:
    path = made(tmp_path / "a.csv", "text\n" + "ы" * 5_000_000 + "\n")
    assert len(rows_of(path)[0].values["text"]) == 5_000_000


def test_line_ends_and_nul_inside_cells_survive(tmp_path: Path) -> None:
    texts = ["a\rb", "a\r\nb", "a\u2028b", "\x0b\x0c\x85", "a\0b", "\r"]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])
    path = made(tmp_path / "a.csv", buffer.getvalue())
    assert [row.values["text"] for row in rows_of(path)] == texts


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("\n", "row 1: no column names; the first row must name the columns"),
        (",,\n", "row 1: no column names; the first row must name the columns"),
        ("text,id,text\n", "row 1: column named twice: 'text'; rename one of them"),
        ('"text', "row 1: not CSV: unexpected end of data"),
        ('text\na\n"b\nc\n', "row 3: a quote opened in line 3 is never closed; close it"),
        ("text\nпривет".encode("cp1251"), "row 1: not UTF-8; save the file as UTF-8"),
        ("text\nпривет".encode("utf-16"), "encoded as UTF-16; save the file as UTF-8"),
        (b"\xfe\xff" + "text".encode("utf-16-be"), "encoded as UTF-16; save the file as UTF-8"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_broken_csv_file_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    assert refusal(made(tmp_path / name, content)) == message


def test_a_byte_that_is_not_utf8_far_down_a_file_is_shown_with_a_row_before_it(tmp_path: Path) -> None:
    refused = refusal(made(tmp_path / "a.csv", b"text\n" + b"a\n" * 10_000 + b"\xcf\n"))
    found = re.fullmatch(r"after row (\d+): not UTF-8 \(byte 0xCF\); save the file as UTF-8", refused)
    assert found is not None
    assert 0 < int(found[1]) <= 10_000


def test_a_header_alone_is_no_rows(tmp_path: Path) -> None:
    assert rows_of(made(tmp_path / "a.csv", "id,text\n")) == []
    assert rows_of(made(tmp_path / "a.jsonl", "\n\n")) == []


def test_json_lines_keep_their_values_and_say_which_line_is_bad(tmp_path: Path) -> None:
    lines = [
        '{"text": "a", "n": 1.5}',
        "",
        "not json",
        '["a list"]',
        '{"text": null, "more": {"x": [1]}}',
        "[" * 100_000,
    ]
    path = made(tmp_path / "a.jsonl", "\n".join(lines))
    assert columns_of(path) == ["text", "n", "more"]
    found = rows_of(path)
    assert [row.values for row in found] == [{"text": "a", "n": 1.5}, {}, {}, {"text": None, "more": {"x": [1]}}, {}]
    assert [row.place for row in found] == [f"{path}, line {number}" for number in (1, 3, 4, 5, 6)]
    assert [(row.fault or "fine").split(":")[0] for row in found] == [
        "fine",
        "not JSON",
        "not a JSON object",
        "fine",
        "not JSON",
    ]


def test_unusual_line_separators_inside_json_strings_do_not_break_lines(tmp_path: Path) -> None:
    text = "a\u2028b\u0085c\x0bd"
    path = made(tmp_path / "a.jsonl", json.dumps({"text": text}, ensure_ascii=False) + "\r\n")
    assert [row.values for row in rows_of(path)] == [{"text": text}]


@pytest.mark.parametrize("content", ["привет".encode("cp1251"), b'{"text": "a"}\n' * 3000 + b"\xff"])
def test_json_lines_in_another_encoding_are_refused(tmp_path: Path, content: bytes) -> None:
    assert "not UTF-8 (byte 0x" in refusal(made(tmp_path / "a.jsonl", content))
    assert refusal(made(tmp_path / "b.jsonl", "{}".encode("utf-16"))) == "encoded as UTF-16; save the file as UTF-8"


@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "no gzip", "tail"])
def test_a_damaged_gzip_stream_is_refused(tmp_path: Path, name: str, damage: str) -> None:
    lines = "".join(json.dumps({"text": os.urandom(8).hex()}) + "\n" for _ in range(5000))
    content = gzip.compress(("text\n" + lines if "csv" in name else lines).encode())
    broken = {
        "cut": content[: len(content) // 2],
        "flipped": content[:5000] + bytes(255 - byte for byte in content[5000:5100]) + content[5100:],
        "no gzip": b"text\nplain",
        "tail": content + b"tail",
    }
    (tmp_path / name).write_bytes(broken[damage])
    assert refusal(tmp_path / name).startswith(
        "the gzip stream is damaged or cut short; fetch or compress the file anew"
    )


def test_an_empty_gzip_stream_is_an_empty_file(tmp_path: Path) -> None:
    assert refusal(made(tmp_path / "a.csv.gz", b"")) == "the file is empty"
    (tmp_path / "b.csv.gz").write_bytes(b"")
    assert refusal(tmp_path / "b.csv.gz") == "the file is empty"


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl.gz", "a.parquet"])
def test_what_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path / name) == "cannot be read: No such file or directory"
    (tmp_path / name).mkdir()
    assert refusal(tmp_path / name) == "cannot be read: Is a directory"


def test_parquet_rows_come_with_their_types(tmp_path: Path) -> None:
    table = pa.table({"text": ["a", None], "n": [1, 2], "tags": [["x"], []]})
    pq.write_table(table, tmp_path / "a.parquet")
    assert [row.values for row in rows_of(tmp_path / "a.parquet")] == table.to_pylist()
    assert [row.place for row in rows_of(tmp_path / "a.parquet")][1] == f"{tmp_path / 'a.parquet'}, row 2"


def test_broken_parquet_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [os.urandom(20).hex() for _ in range(5000)]}), path)
    content = path.read_bytes()
    assert refusal(made(path, b"")) == "the file is empty"
    assert refusal(made(path, b"text\nplain")).startswith("not a readable Parquet file: ")
    assert refusal(made(path, content[:1000])).startswith("not a readable Parquet file: ")
    assert refusal(made(path, content[:4000] + b"\x55" * 60_000 + content[64_000:])).startswith("cannot be read: ")
    assert rows_of(made(path, content))


def test_parquet_with_a_column_twice_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"]), tmp_path / "a.parquet")
    assert refusal(tmp_path / "a.parquet") == "row 1: column named twice: 'text'; rename one of them"


def test_parquet_without_its_library_is_told_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r'type: pip install "clarion\[files\]"'):
        rows_of(made(tmp_path / "a.parquet", b"PAR1"))


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.TextIOWrapper]:
    """Standard input that can be read once, fed by the test."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "r") as stdin, os.fdopen(writing, "w") as feed:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield feed


def feed_in(pipe: io.TextIOWrapper, lines: str) -> threading.Thread:
    def feed() -> None:
        pipe.write(lines)
        pipe.close()

    thread = threading.Thread(target=feed)
    thread.start()
    return thread


def test_all_columns_of_a_pipe_are_known_before_its_first_row(pipe: io.TextIOWrapper) -> None:
    feeding = feed_in(pipe, 'bad\n{"text": "a"}\n' * 5000 + '{"text": "b", "late": 1}\n')
    with open_source("-") as source:
        assert source.columns == ["text", "late"]
        assert sum(1 for _ in source.rows) == 10_001
    feeding.join()


def test_a_pipe_can_be_read_row_by_row(pipe: io.TextIOWrapper) -> None:
    """The second row is written only after the first was read."""
    pipe.write('{"text": "a"}\n' + " " * 9000 + "\n")  # more than the reader takes at once
    pipe.flush()
    with open_source("-", ahead=False) as source:
        assert source.columns == ["text"]
        assert next(source.rows).values == {"text": "a"}
        pipe.write('{"text": "b", "late": 1}\n')
        pipe.close()
        assert [row.values for row in source.rows] == [{"text": "b", "late": 1}]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.csv.gz"])
def test_a_file_is_read_as_rows_are_asked_for(tmp_path: Path, name: str) -> None:
    rows = "".join(f'{{"text": "{os.urandom(16).hex()}"}}\n' for _ in range(20_000))
    path = made(tmp_path / name, rows if "json" in name else "text\n" + rows.replace('"', "'"))
    with open_source(str(path)) as source:
        next(source.rows)
        assert 0 < source.raw.tell() < source.size / 4
        assert sum(1 for _ in source.rows) == 19_999
        assert source.raw.tell() == source.size


def test_an_empty_pipe_is_an_empty_file(pipe: io.TextIOWrapper) -> None:
    pipe.close()
    with pytest.raises(InputError, match=r"^-: the file is empty$"):
        rows_of("-")
