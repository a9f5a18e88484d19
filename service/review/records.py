"""Decisions as they stand in the tables, each with its digest in the audit log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review.claims import Reader, subject
from service.review.verdicts import Decision, Verdict, alike
from service.review.words import Outcome, Stage
from service.store.audit import Entry, record
from service.store.tables import EPOCH, MICROSECOND, decisions, events, verdicts


def append(connection: Connection, reader: Reader, row: dict[str, Any], said: Mapping[str, Verdict]) -> int:
    """Append a decision, and its digest to the audit log."""
    # The log is written one transaction after the other: once its head is taken, so is the next number.
    record(connection)
    made = int(connection.execute(sa.select(sa.func.max(decisions.c.id))).scalar() or 0) + 1
    connection.execute(decisions.insert().values(id=made, **row))
    parts = [
        {"decision_id": made, "label": label, "outcome": one.outcome, "reason": one.reason, "route": one.route,
         "means": one.means}
        for label, one in sorted(said.items())
    ]  # fmt: skip
    if parts:
        connection.execute(verdicts.insert(), parts)
    details = {"decision": made, "sha256": digest({"id": made} | row, parts)}
    action = "undo" if row["stage"] == Stage.UNDO else "decide"
    record(connection, Entry(reader.name, action, subject(row["post_id"]), details), at=row["decided_at"])
    return made


def digest(row: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> str:
    """Digest of a decision as it stands in the tables, which the audit log keeps."""
    values = {name: (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value
              for name, value in row.items()}  # fmt: skip
    content = json.dumps([values, list(parts)], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def read_decision(connection: Connection, decision_id: int | None) -> Decision | None:
    """A decision as its reader gave it, without the note."""
    if decision_id is None:
        return None
    row = connection.execute(sa.select(decisions).where(decisions.c.id == decision_id)).one()
    parts = connection.execute(sa.select(verdicts).where(verdicts.c.decision_id == decision_id))
    said = {part.label: Verdict(Outcome(part.outcome), part.reason, part.route, part.means) for part in parts}
    return Decision(said, "", row.person_at_risk, row.threat_to_life)


def said_the_same(connection: Connection, one: int, other: int) -> bool:
    """Whether two decisions say the same; see `alike`."""
    first, second = read_decision(connection, one), read_decision(connection, other)
    return first is not None and second is not None and alike(first, second)


def faults(connection: Connection) -> Iterator[str]:
    """Say which decisions are not what the audit log says they were.

    Yields
    ------
    str
        One line about a decision that was changed, taken out or put in.
    """
    told: dict[int, str] = {}
    asked = sa.select(events.c.details).where(events.c.action.in_(("decide", "undo"))).order_by(events.c.number)
    for (details,) in connection.execute(asked):
        said = json.loads(details)
        told[said["decision"]] = said["sha256"]
    parts: dict[int, list[dict[str, Any]]] = {}
    for part in connection.execute(sa.select(verdicts).order_by(verdicts.c.decision_id, verdicts.c.label)):
        parts.setdefault(part.decision_id, []).append(part._asdict())
    for row in connection.execute(sa.select(decisions).order_by(decisions.c.id)):
        logged = told.pop(row.id, None)
        if logged is None:
            yield f"decision {row.id} is not in the audit log"
        elif logged != digest(row._asdict(), parts.get(row.id, [])):
            yield f"decision {row.id} was changed: it is not what the audit log says"
    yield from (f"decision {missing} is in the audit log but no longer in its table" for missing in sorted(told))
