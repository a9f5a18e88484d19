"""The demonstration: invented posts that show what a queue looks like, marked as such and taken out in one stroke.

Their platforms are called ``demo-…``, so that nobody takes one for a real post.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review.arrivals import Arrival, ScorerName
from service.review.retention import let_go
from service.review.words import Source, State
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import posts
from training.shipped import data_directory

if TYPE_CHECKING:
    from classifier.model import Score
    from service.review.desk import Review

PREFIX: Final = "demo-"
IS_REAL: Final = ~posts.c.platform.between(PREFIX, PREFIX + "\U0010ffff")
OF_IT: Final = sa.and_(~IS_REAL, posts.c.state != State.EXPIRED)
COUNTS: Final = sa.or_(IS_REAL, OF_IT)  # in figures: all but a demonstration that was taken out
Scoring = Callable[[Sequence[str]], "Sequence[Score]"]


def demo_file() -> Path:
    """The shipped posts of the demonstration."""
    return data_directory() / "demo" / "posts.csv"


@dataclass(frozen=True)
class Shown:
    """A post of the demonstration, and when it came in."""

    arrival: Arrival
    at: datetime


def read_demo(now: datetime) -> Iterator[Shown]:
    """The posts of the demonstration as if they had come in during the last days, oldest first.

    Parameters
    ----------
    now : datetime
        When it begins.
    """
    with demo_file().open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: -float(row["hours_ago"]))
    for row in rows:
        at, due = now - timedelta(hours=float(row["hours_ago"])), row["due_in_hours"]
        yield Shown(
            Arrival(
                platform=PREFIX + row["platform"],
                id=row["id"],
                text=row["text"],
                author=row["author"] or None,
                parent_text=row["parent_text"] or None,
                created_at=at,
                due_at=now + timedelta(hours=float(due)) if due else None,
                reach=int(row["reach"] or 0),
                source=Source(row["report_source"] or Source.NONE),
            ),
            at,
        )


def fill(review: Review, score: Scoring, scorer: ScorerName, now: datetime | None = None) -> int:
    """Put the demonstration into a database that has no posts.

    Parameters
    ----------
    review : Review
        Where posts go.
    score : callable
        From texts to their scores.
    scorer : ScorerName
        Who scores.
    now : datetime, optional
        The present by default.

    Returns
    -------
    int
        How many came in; 0 where there were posts already.
    """
    with review.store.read() as connection:
        if connection.execute(sa.select(posts.c.id).limit(1)).first():
            return 0
    shown = list(read_demo(now or datetime.now(UTC)))
    scores = score([one.arrival.text for one in shown])
    for one, scored in zip(shown, scores, strict=True):
        review.intake.take([one.arrival], [scored], scorer, one.at)
    return len(shown)


def is_shown(connection: Connection) -> bool:
    """Whether posts of the demonstration are still there."""
    return connection.execute(sa.select(posts.c.id).where(OF_IT).limit(1)).first() is not None


def remove(store: Store, *, by: str) -> int:
    """Take the demonstration out of the queue, the lists and the figures; its texts are gone.

    Returns
    -------
    int
        How many posts it was.
    """
    with store.write(arrivals=True) as connection:
        asked = sa.select(posts.c.id).where(OF_IT)
        shown = list(connection.execute(asked.with_for_update()).scalars())
        if shown:
            let_go(connection, shown)
            closed = {"state": State.EXPIRED, "desk": None, "decision_id": None}
            connection.execute(posts.update().where(posts.c.id.in_(shown)).values(**closed))
            record(connection, Entry(by, "remove demonstration", "posts", {"posts": len(shown)}))
    return len(shown)
