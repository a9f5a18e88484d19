"""Many rows at once, the way that is quickest for each database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

FEW: Final = 20


def insert_many(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    table : Table
        Where they go.
    rows : sequence of mapping
        By column; there may be none.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql" or len(rows) <= FEW:
        connection.execute(table.insert(), list(rows))
        return
    names = list(rows[0])
    made = [table.c[name].type.bind_processor(connection.dialect) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([make(row[name]) if make else row[name] for name, make in zip(names, made, strict=True)])


def among(connection: Connection, column: sa.Column[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """Whether a column is one of many values, which travel as one parameter however many they are."""
    some = list(values)
    if connection.dialect.name == "postgresql":
        kind = sa.BigInteger() if isinstance(column.type, sa.Integer) else column.type
        return column == sa.any_(sa.cast(some, postgresql.ARRAY(kind)))
    listed = sa.func.json_each(json.dumps(some)).table_valued("value")
    return column.in_(sa.select(listed.c.value))
