"""Somebody asks that a decision be looked at again: another reader does, without seeing the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from service.review.claims import locked, subject
from service.review.demo import COUNTS
from service.review.errors import ReviewError
from service.review.records import said_the_same
from service.review.words import DESK_OF, State
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import appeals, posts


@dataclass(frozen=True)
class Appeals:
    """Takes appeals.

    Parameters
    ----------
    store : Store
        Where posts are.
    """

    store: Store

    def file(self, post_id: int, by: str, now: datetime | None = None) -> int:
        """Ask for another reader.

        Parameters
        ----------
        post_id : int
            A decided post.
        by : str
            Who asks: a platform's key or an account.
        now : datetime, optional
            The present by default.

        Returns
        -------
        int
            The appeal.

        Raises
        ------
        UnknownPostError
            When there is no such post.
        ReviewError
            When nothing stands that could be appealed against.
        """
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            post = locked(connection, post_id)
            if post.state != State.DECIDED or post.decision_id is None:
                raise ReviewError("only a decided post can be appealed; this one still waits or has expired")
            row = {"post_id": post_id, "decision_id": post.decision_id, "filed_at": now, "filed_by": by}
            made = connection.execute(appeals.insert().values(**row).returning(appeals.c.id)).scalar_one()
            moved = {"state": State.APPEALED, "desk": DESK_OF[State.APPEALED]}
            connection.execute(posts.update().where(posts.c.id == post_id).values(**moved))
            record(connection, Entry(by, "appeal", subject(post_id), {"appeal": made}), at=now)
        return int(made)

    def outcomes(self) -> tuple[int, int, int]:
        """How many appeals were filed, settled, and settled otherwise than the first reader had said."""
        with self.store.read() as connection:
            asked = sa.select(appeals.c.decision_id, appeals.c.settled_by).join(posts, posts.c.id == appeals.c.post_id)
            rows = connection.execute(asked.where(COUNTS)).all()
            settled = [row for row in rows if row.settled_by is not None]
            changed = sum(not said_the_same(connection, row.decision_id, row.settled_by) for row in settled)
        return len(rows), len(settled), changed
