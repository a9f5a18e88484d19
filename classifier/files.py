"""Tables of posts in files: CSV, JSON lines and Parquet, read row by row and written in one step.

The only reader and writer of such files. A fault of the file itself raises `InputError` with its place;
a fault of one row travels with the row, for the caller to refuse or report.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from classifier.errors import InputError, MissingExtraError

STDIN: Final = "-"
SUFFIXES: Final = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".parquet")
BATCH: Final = 1000
csv.field_size_limit(2**31 - 1)  # a post may be longer than the 128 KB that the csv module allows


@dataclass(frozen=True)
class Row:
    """One row of a file.

    Parameters
    ----------
    place : str
        File and row, for messages.
    values : dict
        By column: strings from CSV, JSON or Arrow values otherwise.
    fault : str or None
        Why the row could not be read as it should.
    """

    place: str
    values: dict[str, Any]
    fault: str | None = None


@dataclass
class Source:
    """A file of posts that is being read.

    Parameters
    ----------
    name : str
        As the user gave it.
    columns : list of str
        Known before the first row is read.
    rows : iterator of Row
        The rows.
    raw : binary file
        The file underneath, whose position tells how far reading has come.
    size : int
        Bytes of the file, 0 when unknown.
    schema : object
        Arrow schema of a Parquet file, else None.
    """

    name: str
    columns: list[str]
    rows: Iterator[Row]
    raw: BinaryIO
    size: int
    schema: Any = field(default=None)


def kind_of(name: str) -> str:
    """Format of a file by its suffix: csv, jsonl or parquet."""
    if name == STDIN:
        return "jsonl"
    for suffix in SUFFIXES:
        if name.lower().endswith(suffix):
            return suffix.split(".")[1]
    raise InputError(f"{name}: unknown suffix; use one of {', '.join(SUFFIXES)}, or - for JSON lines on standard input")


@contextmanager
def open_source(name: str, *, ahead: bool = True) -> Iterator[Source]:
    """Open a file of posts.

    Parameters
    ----------
    name : str
        Path, or "-" for JSON lines on standard input.
    ahead : bool
        Whether the columns are those of every row also where JSON lines come through a pipe, which are then kept on
        disk; else they are those of the first row, and the others may bring more.

    Yields
    ------
    Source
        Columns and rows.

    Raises
    ------
    InputError
        When the file is missing, empty, of unknown kind, wrongly encoded or truncated; also while rows are read.
    """
    kind = kind_of(name)
    with ExitStack() as stack:
        with reading_faults(name):
            raw: Any = sys.stdin.buffer if name == STDIN else stack.enter_context(Path(name).open("rb"))
            size = 0 if name == STDIN else Path(name).stat().st_size
            if kind == "jsonl" and ahead and not raw.seekable():
                raw = stack.enter_context(on_disk(raw))
            opener = {"csv": open_csv, "jsonl": open_jsonl, "parquet": open_parquet}[kind]
            source = opener(name, raw, size)
        yield source


@contextmanager
def on_disk(pipe: BinaryIO) -> Iterator[BinaryIO]:
    """What comes through a pipe, in a nameless file that can be read twice."""
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(pipe, kept)
        kept.seek(0)
        yield kept


@contextmanager
def reading_faults(name: str) -> Iterator[None]:
    """Say in the user's words what can go wrong while bytes are read."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise InputError(f"{name}: the gzip stream is damaged or cut short; fetch or compress the file anew") from fault
    except OSError as fault:
        raise InputError(f"{name}: cannot be read: {fault.strerror or fault}") from fault


def guarded(name: str, rows: Iterator[Row]) -> Iterator[Row]:
    """Rows, with the faults of their file put into words."""
    done = 0
    with reading_faults(name):
        try:
            for row in rows:
                yield row
                done += 1
        except UnicodeDecodeError as fault:
            raise InputError(
                f"{name}, after row {done}: not UTF-8 (byte 0x{fault.object[fault.start]:02X}); save the file as UTF-8"
            ) from fault


class Borrowed(io.TextIOWrapper):
    """Text over a file that its opener closes: when nobody reads any more, the file beneath stays open."""

    def close(self) -> None:
        """Leave the file to its opener."""


def text_of(name: str, raw: BinaryIO) -> Borrowed:
    """The text of a file, decompressed, without a byte order mark."""
    binary: Any = gzip.GzipFile(fileobj=raw) if name.lower().endswith(".gz") else raw
    buffered = binary if isinstance(binary, io.BufferedReader | io.BufferedRandom) else io.BufferedReader(binary)
    start = buffered.peek(4)[:4]
    if not start:
        raise InputError(f"{name}: the file is empty")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{name}: encoded as UTF-16; save the file as UTF-8")
    return Borrowed(buffered, encoding="utf-8-sig", newline="")


def open_csv(name: str, raw: BinaryIO, size: int) -> Source:
    """CSV with a header; every cell is a string."""
    reader = csv.reader(text_of(name, raw), strict=True)
    try:
        columns = next(reader, [])
    except csv.Error as fault:
        raise InputError(f"{name}, row 1: not CSV: {fault}") from fault
    except UnicodeDecodeError as fault:
        raise InputError(f"{name}, row 1: not UTF-8; save the file as UTF-8") from fault
    check_columns(name, columns)
    return Source(name, columns, guarded(name, csv_rows(name, reader, columns)), raw, size)


def check_columns(name: str, columns: Sequence[str]) -> None:
    """Refuse a header that names a column twice or not at all."""
    if not any(columns):
        raise InputError(f"{name}, row 1: no column names; the first row must name the columns")
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise InputError(f"{name}, row 1: column named twice: {', '.join(map(repr, twice))}; rename one of them")


def csv_rows(name: str, reader: Any, columns: list[str]) -> Iterator[Row]:
    """Rows of a CSV file; rows are counted as a spreadsheet does, the header being row 1."""
    number = 1
    while True:
        number += 1
        place, line = f"{name}, row {number}", reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if "unexpected end of data" in str(fault):
                raise InputError(f"{place}: a quote opened in line {line} is never closed; close it") from fault
            yield Row(place, {}, f"not CSV: {fault}")
            continue
        if not cells:
            number -= 1
            continue
        odd = len(cells) != len(columns)
        fault_text = f"the row has {len(cells)} cells, the header {len(columns)}" if odd else None
        yield Row(place, dict(zip(columns, cells, strict=False)), fault_text)


def open_jsonl(name: str, raw: BinaryIO, size: int) -> Source:
    """JSON lines; columns are those of all rows where the file can be read twice, else of the first row."""
    lines = text_of(name, raw)
    rows = guarded(name, jsonl_rows(name, lines))
    if not raw.seekable():
        first = next(rows, None)
        return Source(name, list(first.values) if first else [], chain_row(first, rows), raw, size)
    columns = list(dict.fromkeys(column for row in rows for column in row.values))
    raw.seek(0)
    return Source(name, columns, guarded(name, jsonl_rows(name, text_of(name, raw))), raw, size)


def chain_row(first: Row | None, rows: Iterator[Row]) -> Iterator[Row]:
    """The row that was read ahead, then the others."""
    if first is not None:
        yield first
        yield from rows


def jsonl_rows(name: str, lines: Iterator[str]) -> Iterator[Row]:
    """One object per line; blank lines are no rows."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as fault:
            yield Row(place, {}, f"not JSON: {fault}")
            continue
        if isinstance(values, dict):
            yield Row(place, values)
        else:
            yield Row(place, {}, "not a JSON object")


def parquet() -> Any:
    """The Parquet library, or the words that install it."""
    try:
        import pyarrow.parquet
    except ImportError as fault:
        raise MissingExtraError("pyarrow", "files") from fault
    return pyarrow.parquet


def open_parquet(name: str, raw: BinaryIO, size: int) -> Source:
    """Parquet, read by row groups."""
    library = parquet()
    import pyarrow

    if name == STDIN or size == 0:
        raise InputError(f"{name}: the file is empty")
    try:
        table = library.ParquetFile(raw)
    except (pyarrow.ArrowInvalid, OSError) as fault:
        raise InputError(f"{name}: not a readable Parquet file: {fault}") from fault
    columns = list(table.schema_arrow.names)
    check_columns(name, columns)
    return Source(name, columns, guarded(name, parquet_rows(name, table)), raw, size, table.schema_arrow)


def parquet_rows(name: str, table: Any) -> Iterator[Row]:
    """Rows of a Parquet file, counted from 1."""
    number = 0
    for batch in table.iter_batches(batch_size=BATCH):
        for values in batch.to_pylist():
            number += 1
            yield Row(f"{name}, row {number}", values)
