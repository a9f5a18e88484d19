"""The whole database as one file that either kind of database can be restored from.

Gzipped JSON lines: what it is, then rows of one table after the other, then how many there were. A backup that was cut
short is refused; sessions are left out, so that nobody is signed in after a restore.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from classifier.errors import InputError
from classifier.files import reading_faults
from classifier.output import whole_file
from service.store.bulk import insert_many
from service.store.engine import Store
from service.store.tables import Moment, metadata, sessions

FORMAT: Final = 1
AT_ONCE: Final = 500
TABLES: Final = [table for table in metadata.sorted_tables if table is not sessions]


def revision(connection: Connection) -> str:
    """Form of the tables."""
    return str(MigrationContext.configure(connection).get_current_revision())


def back_up(store: Store, out: str) -> Iterator[tuple[int, int]]:
    """Write everything to a file, as of one moment, while the service goes on.

    Parameters
    ----------
    store : Store
        What to write.
    out : str
        The file; readable by its owner only.

    Yields
    ------
    tuple of int
        Rows so far, and 0: how many there are is not counted first.

    Raises
    ------
    InputError
        When the file cannot be written; nothing is left behind.
    """
    with store.read() as connection, whole_file(out) as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as stream:
        if hasattr(raw, "name") and isinstance(raw.name, str):
            Path(raw.name).chmod(0o600)
        stream.write(_line({"clarion_backup": FORMAT, "revision": revision(connection)}))
        rows = 0
        for table in TABLES:
            for part in _parts(connection, table):
                stream.write(_line({"table": table.name, "rows": part}))
                rows += len(part)
                yield rows, 0
        stream.write(_line({"rows": rows}))


def _line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def _parts(connection: Connection, table: sa.Table) -> Iterator[list[list[Any]]]:
    plain = [sa.type_coerce(column, sa.BigInteger) if isinstance(column.type, Moment) else column for column in table.c]
    found = connection.execution_options(yield_per=AT_ONCE).execute(sa.select(*plain).order_by(*table.primary_key))
    for part in found.partitions():
        yield [[_packed(value) for value in row] for row in part]


def _packed(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _unpacked(table: sa.Table, row: list[Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, value in zip(table.c, row, strict=True):
        moment = isinstance(column.type, Moment) and value is not None
        values[column.name] = column.type.process_result_value(value, None) if moment else value  # type: ignore[attr-defined]
        if isinstance(value, dict):
            values[column.name] = base64.b64decode(value["base64"])
    return values


def restore(store: Store, name: str) -> Iterator[tuple[int, int]]:
    """Fill an empty database from a backup, all or nothing.

    Parameters
    ----------
    store : Store
        A database without posts, accounts and keys.
    name : str
        The backup.

    Yields
    ------
    tuple of int
        Bytes read so far and bytes in all.

    Raises
    ------
    InputError
        When the database is not empty, or the file is no backup, damaged, cut short or of another version.
    """
    path = Path(name)
    with store.write(arrivals=True) as connection, reading_faults(name):
        _refuse_filled(connection)
        with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as stream:
            rows, told = 0, None
            lines = (_read(name, line) for line in stream)
            _check(name, next(lines, None), connection)
            connection.execute(metadata.tables["facts"].delete())
            for line in lines:
                if "table" in line:
                    table = metadata.tables[line["table"]]
                    insert_many(connection, table, [_unpacked(table, row) for row in line["rows"]])
                    rows += len(line["rows"])
                    yield raw.tell(), path.stat().st_size
                else:
                    told = line["rows"]
        if told != rows:
            raise InputError(f"{name}: the backup is cut short; take another one. Nothing was restored")
        _count_on(connection)


def _read(name: str, line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError as fault:
        raise InputError(f"{name}: not a backup of this program, or damaged; nothing was restored") from fault


def _refuse_filled(connection: Connection) -> None:
    for table in ("posts", "users", "keys", "events"):
        if connection.execute(sa.select(sa.literal(1)).select_from(metadata.tables[table]).limit(1)).first():
            raise InputError("the database is not empty; restore into a new one, and then let CLARION_DATABASE name it")


def _check(name: str, head: Any, connection: Connection) -> None:
    if not isinstance(head, dict) or head.get("clarion_backup") != FORMAT:
        raise InputError(f"{name}: not a backup of this program")
    if head["revision"] != revision(connection):
        raise InputError(
            f"{name}: made by another version ({head['revision']}); restore it with that one, then upgrade"
        )


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL give new rows the numbers after those that were restored."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        column = table.autoincrement_column
        if column is not None:
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            last = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(named, last, False)))
