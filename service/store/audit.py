"""The audit log: every entry holds the hash of the one before, so that none can be changed, lost or moved unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from service.store.tables import EPOCH, MICROSECOND, events, facts

START: Final = "0" * 64
HEAD: Final = "audit_head"


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did; never the text of a post."""

    actor: str
    action: str
    subject: str = ""
    details: Mapping[str, Any] | None = None


def digest(number: int, at: datetime, entry: Sequence[str], previous: str) -> str:
    """Hash of an entry and, through `previous`, of all before it."""
    content = [number, (at - EPOCH) // MICROSECOND, *entry, previous]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def record(connection: Connection, *entries: Entry, at: datetime | None = None) -> str:
    """Append entries in the transaction that does what they tell of.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    *entries : Entry
        What was done, in order.
    at : datetime, optional
        When; now by default.

    Returns
    -------
    str
        Hash of the last entry.
    """
    number, previous = _take_head(connection)
    at = at or datetime.now(UTC)
    rows = []
    for entry in entries:
        number += 1
        details = json.dumps(entry.details or {}, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
        made = digest(number, at, (entry.actor, entry.action, entry.subject, details), previous)
        rows.append(
            {"number": number, "at": at, "actor": entry.actor, "action": entry.action, "subject": entry.subject,
             "details": details, "previous": previous, "hash": made}
        )  # fmt: skip
        previous = made
    if rows:
        connection.execute(events.insert(), rows)
        head = facts.update().where(facts.c.name == HEAD).values(value=f"{number} {previous}")
        connection.execute(head)
    return previous


def _take_head(connection: Connection) -> tuple[int, str]:
    # The row is locked to the end of the transaction: entries are written one after the other.
    select = sa.select(facts.c.value).where(facts.c.name == HEAD).with_for_update()
    number, _, last = str(connection.execute(select).scalar_one()).partition(" ")
    return int(number), last


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry, as the database says."""
    number, _, last = str(
        connection.execute(sa.select(facts.c.value).where(facts.c.name == HEAD)).scalar_one()
    ).partition(" ")
    return int(number), last


def faults(connection: Connection) -> Iterator[str]:
    """Say what is wrong with the log, first to last; nothing when it is whole.

    Parameters
    ----------
    connection : Connection
        Of a reading transaction.

    Yields
    ------
    str
        One line about an entry that was changed, or about a gap, or about a wrong order.
    """
    number, previous = 0, START
    rows = connection.execution_options(yield_per=1000).execute(sa.select(events).order_by(events.c.number))
    for row in rows:
        if row.number != number + 1:
            yield f"entry {number + 1} is missing: {row.number} follows {number}"
        elif row.previous != previous:
            yield f"entry {row.number} does not follow entry {number}: one of them was changed, moved or put in"
        if _hash_of(row) != row.hash:
            yield f"entry {row.number} was changed: it is not what its hash was made of"
        number, previous = row.number, row.hash
    told = head(connection)
    if told != (number, previous):
        yield f"the log ends at entry {number}, but entry {told[0]} was the last one written"


def _hash_of(row: Row[Any]) -> str:
    return digest(row.number, row.at, (row.actor, row.action, row.subject, row.details), row.previous)
