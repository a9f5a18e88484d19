"""Statements of reasons for decisions that stand, made one page of posts after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review.demo import IS_REAL
from service.review.export import STANDS
from service.review.reasons.grounds import Grounds
from service.review.reasons.maker import Count, Maker
from service.review.reasons.wording import Finding
from service.review.words import Outcome, State
from service.store.bulk import among
from service.store.tables import decisions, facts, posts, verdicts

AT_ONCE: Final = 500
A_CALL: Final = 100  # statements that the database takes in one call
CONFIRMED: Final = sa.exists().where(
    verdicts.c.decision_id == posts.c.decision_id, verdicts.c.outcome == Outcome.CONFIRM
)


@dataclass(frozen=True)
class Period:
    """Decisions from one moment on and before another; either may be open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self) -> list[sa.ColumnElement[bool]]:
        """Conditions on decisions."""
        made = [decisions.c.decided_at >= self.since] if self.since else []
        return made + ([decisions.c.decided_at < self.until] if self.until else [])


def check_grounds(connection: Connection, grounds: Grounds, period: Period) -> None:
    """Refuse a file that names no ground for something that was confirmed, before anything is written.

    Raises
    ------
    InputError
        Naming the field that is missing.
    """
    asked = (
        sa.select(verdicts.c.label, verdicts.c.means)
        .join(posts, posts.c.decision_id == verdicts.c.decision_id)
        .join(decisions, decisions.c.id == posts.c.decision_id)
        .where(posts.c.state == State.DECIDED, IS_REAL, verdicts.c.outcome == Outcome.CONFIRM, *period.holds())
        .distinct()
        .order_by(verdicts.c.label, verdicts.c.means)
    )
    for label, means in connection.execute(asked).all():
        grounds.key(label, means)


def unsettled(connection: Connection, period: Period) -> tuple[int, int]:
    """Confirmed posts whose decision does not stand: under appeal, and others (read again, or expired before that)."""
    asked = (
        sa.select(posts.c.state, sa.func.count())
        .join(decisions, decisions.c.id == posts.c.decision_id)
        .where(posts.c.state != State.DECIDED, IS_REAL, CONFIRMED, *period.holds())
        .group_by(posts.c.state)
    )
    found = {state: int(number) for state, number in connection.execute(asked).all()}
    appealed = found.pop(State.APPEALED, 0)
    return appealed, sum(found.values())


def statements(connection: Connection, grounds: Grounds, period: Period, count: Count) -> Iterator[dict[str, Any]]:
    """Statements of reasons, in the order in which posts came in.

    Parameters
    ----------
    connection : Connection
        Of a reading transaction.
    grounds : Grounds
        What the platform did, and why.
    period : Period
        In which decisions were made.
    count : Count
        Is counted up along the way.

    Yields
    ------
    dict
        One for each decided post of which a label was confirmed, also where the text is gone: a statement needs none.
        It keeps the published rules, and holds neither text nor author nor reader.

    Raises
    ------
    InputError
        When the file names no ground for something that was confirmed.
    """
    maker, last = Maker(grounds, _prefix(connection), count), 0
    while rows := connection.execute(_page(last, period)).all():
        last = rows[-1].post
        said: dict[int, list[Finding]] = {}
        parts = among(connection, verdicts.c.decision_id, [row.decision for row in rows])
        confirmed = sa.select(verdicts).where(parts, verdicts.c.outcome == Outcome.CONFIRM).order_by(verdicts.c.label)
        for part in connection.execute(confirmed):
            said.setdefault(part.decision_id, []).append(Finding(part.label, part.reason, part.route, part.means))
        made = (maker.make(row, said[row.decision]) for row in rows if row.decision in said)
        yield from (statement for statement in made if statement)


def calls(made: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Bodies of calls to the database, each with as many statements as it takes."""
    rest = iter(made)
    while some := list(islice(rest, A_CALL)):
        yield {"statements": some}


def _prefix(connection: Connection) -> str:
    """What sets the decisions of this database apart from those of any other."""
    asked = sa.select(facts.c.value).where(facts.c.name == "salt")
    salt = connection.execute(asked).scalar_one()
    return f"clarion-{hashlib.sha256(f'puid {salt}'.encode()).hexdigest()[:12]}"


def _page(after: int, period: Period) -> sa.Select[Any]:
    shown = (posts.c.id.label("post"), posts.c.platform, posts.c.external_id, posts.c.created_at, posts.c.received_at,
             posts.c.lang, posts.c.source, posts.c.sampled_by, decisions.c.id.label("decision"),
             decisions.c.decided_at, decisions.c.stage)  # fmt: skip
    return (
        sa.select(*shown)
        .join(decisions, decisions.c.id == posts.c.decision_id)
        .where(STANDS, posts.c.id > after, *period.holds())
        .order_by(posts.c.id)
        .limit(AT_ONCE)
    )
