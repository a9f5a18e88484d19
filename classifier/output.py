"""Write tables of posts: to a temporary name first, so that a file is there whole or not at all."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from classifier.errors import InputError
from classifier.files import BATCH, STDIN, kind_of, parquet

STDOUT: Final = STDIN


class Writer(Protocol):
    """Takes rows until it is closed."""

    def write(self, row: Mapping[str, Any]) -> None:
        """Add one row."""

    def close(self) -> None:
        """Write what is held back."""

    def abandon(self) -> None:
        """Forget what is held back: the file underneath is going away."""
        return


@contextmanager
def whole_file(name: str) -> Iterator[BinaryIO]:
    """A file that appears under its name only when everything was written.

    Parameters
    ----------
    name : str
        Path, or "-" for standard output.

    Yields
    ------
    binary file
        What to write to.

    Raises
    ------
    InputError
        When the place cannot be written or the disk is full; nothing is left behind.
    """
    if name == STDOUT:
        with standard_output() as stream:
            yield stream
        return
    path = Path(name)
    made = beside(path)
    try:
        with made.open("xb") as stream:
            yield stream
        made.replace(path)
    except OSError as fault:
        raise InputError(f"{name}: cannot be written: {fault.strerror or fault}; nothing was left there") from fault
    finally:
        with suppress(OSError):
            made.unlink()


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output, with a message of its own when it takes no more."""
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        raise
    except OSError as fault:
        raise InputError(f"standard output: cannot be written: {fault.strerror or fault}") from fault


def beside(path: Path, what: str = "partial") -> Path:
    """A hidden name in the same directory that nothing has yet.

    Named before it is made, so that an interruption between the two leaves nothing behind.
    """
    return path.parent / f".{path.name}.{what}-{secrets.token_hex(6)}"


@contextmanager
def open_writer(name: str, columns: Sequence[str], schema: Any = None) -> Iterator[Writer]:
    """A writer for a file's format.

    Parameters
    ----------
    name : str
        Path, or "-" for JSON lines on standard output.
    columns : sequence of str
        Columns in order.
    schema : pyarrow.Schema, optional
        Types for Parquet; columns that it lacks are strings.

    Yields
    ------
    Writer
        Takes rows as mappings; missing columns are empty.
    """
    kind = kind_of(name)
    if kind == "parquet":
        parquet()  # loaded before there is a file to clear away
    with whole_file(name) as stream:
        packed: Any = gzip.GzipFile("", "wb", fileobj=stream, mtime=0) if name.lower().endswith(".gz") else stream
        writer: Writer
        if kind == "csv":
            writer = CsvWriter(packed, columns)
        elif kind == "jsonl":
            writer = JsonWriter(packed)
        else:
            writer = ParquetWriter(packed, columns, schema)
        try:
            yield writer
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        if packed is not stream:
            packed.close()


class UnixLines:
    """Takes lines that end in CR LF and writes them with LF alone."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text

    def write(self, line: str) -> int:
        """Write one line."""
        return self.text.write(line.removesuffix("\r\n") + "\n")


class CsvWriter(Writer):
    """Comma-separated rows with a header; objects become JSON text."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str]) -> None:
        self.text = io.TextIOWrapper(stream, "utf-8", "backslashreplace", newline="", write_through=False)
        # Up to Python 3.12 the csv module quotes a cell with a bare CR only where lines end with one.
        self.rows = csv.writer(UnixLines(self.text), lineterminator="\r\n")
        self.columns = columns
        self.rows.writerow(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        """Add one row."""
        self.rows.writerow([cell(row.get(column)) for column in self.columns])

    def close(self) -> None:
        """Flush; the stream underneath stays open."""
        self.text.flush()
        self.text.detach()


def cell(value: Any) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return format(value, ".6f") if value == round(value, 6) else repr(value)
    return json_text(value) if isinstance(value, (dict, list)) else str(value)


def json_text(value: Any) -> str:
    """JSON that UTF-8 can carry, whatever halves of surrogate pairs the input held."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return json_text(finite(value))
    return json.dumps(value, default=str) if any("\ud800" <= char <= "\udfff" for char in text) else text


def finite(value: Any) -> Any:
    """A value without the NaN and infinity that JSON lacks: null in their place."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


class JsonWriter(Writer):
    """One JSON object per line."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def write(self, row: Mapping[str, Any]) -> None:
        """Add one row."""
        self.stream.write(json_text(dict(row)).encode() + b"\n")

    def close(self) -> None:
        """Nothing is held back."""


class ParquetWriter(Writer):
    """Row groups of a thousand; objects become JSON text."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str], schema: Any) -> None:
        library = parquet()
        import pyarrow

        known = {item.name: item.type for item in schema} if schema is not None else {}
        self.schema = pyarrow.schema([(column, known.get(column, pyarrow.string())) for column in columns])
        self.converters = {item.name: converter(item.type) for item in self.schema}
        self.batch = pyarrow.RecordBatch
        self.writer = library.ParquetWriter(stream, self.schema)
        self.rows: list[Mapping[str, Any]] = []

    def write(self, row: Mapping[str, Any]) -> None:
        """Add one row."""
        self.rows.append(row)
        if len(self.rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the rows held back as one group."""
        table = {
            name: [None if row.get(name) is None else convert(row[name]) for row in self.rows]
            for name, convert in self.converters.items()
        }
        self.writer.write_batch(self.batch.from_pydict(table, schema=self.schema))
        self.rows = []

    def close(self) -> None:
        """Write the rest and the footer."""
        if self.rows:
            self.flush()
        self.writer.close()

    def abandon(self) -> None:
        """Keep the finaliser from writing to a file that is gone."""
        self.writer.is_open = False


def converter(kind: Any) -> Callable[[Any], Any]:
    """What makes a value fit a column of some Arrow type: text where it holds text, 0 and 1 where it holds numbers."""
    import pyarrow

    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
        return lambda value: cell(value).encode("utf-8", "backslashreplace").decode()
    if pyarrow.types.is_integer(kind):
        return lambda value: int(value) if isinstance(value, bool) else value
    return lambda value: value
