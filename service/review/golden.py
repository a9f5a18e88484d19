"""Golden posts: decided ones whose answer a lead vouches for, given now and then to readers who do not know it.

They show where readers and the guide part, and tell a reader at once. A golden reading changes nothing of its post.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review.claims import Reader, give, locked, subject
from service.review.demo import COUNTS
from service.review.errors import ReviewError
from service.review.policy import Policy, drawn
from service.review.queue import read_by
from service.review.records import said_the_same
from service.review.words import Role, Stage, State
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import claims, decisions, golden, posts, users, versions


class Tried(NamedTuple):
    """How one reader fared with golden posts."""

    reader: str
    read: int
    same: int


@dataclass(frozen=True)
class Golden:
    """The golden posts of a store.

    Parameters
    ----------
    store : Store
        Where they are.
    policy : Policy
        How often one is given.
    """

    store: Store
    policy: Policy

    def mark(self, reader: Reader, post_id: int, now: datetime | None = None) -> None:
        """Vouch for the decision that stands on a post.

        Raises
        ------
        ReviewError
            When none stands.
        """
        reader.require(Role.LEAD)
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            post = locked(connection, post_id)
            if post.state != State.DECIDED or post.decision_id is None:
                raise ReviewError("only a decided post can be golden: its decision is the answer")
            connection.execute(golden.delete().where(golden.c.post_id == post_id))
            connection.execute(golden.insert().values(post_id=post_id, added_by=reader.id, added_at=now))
            record(connection, Entry(reader.name, "mark golden", subject(post_id)), at=now)

    def retire(self, reader: Reader, post_id: int, now: datetime | None = None) -> None:
        """Give a golden post to nobody any more."""
        reader.require(Role.LEAD)
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            one = sa.and_(golden.c.post_id == post_id, golden.c.retired_at.is_(None))
            connection.execute(golden.update().where(one).values(retired_at=now))
            record(connection, Entry(reader.name, "retire golden", subject(post_id)), at=now)

    def offer(self, reader: Reader, now: datetime | None = None) -> int | None:
        """Claim a golden post for a reader, in as many of their turns as the policy says.

        Returns
        -------
        int or None
            The post; None when it is not the turn for one, or they have read all there are.
        """
        reader.require(Role.REVIEWER)
        now = now or datetime.now(UTC)
        with self.store.read() as connection:
            if connection.execute(_unread(reader, now)).first() is None or not self._is_turn(connection, reader):
                return None
        with self.store.write(durable=False) as connection:
            # Rows that others are just taking are passed over, as in the queue: no post is ever with two readers.
            found = connection.execute(_unread(reader, now).with_for_update(skip_locked=True, of=posts)).first()
            if found is None:
                return None
            give(connection, found, reader, now, now + self.policy.claim)
            record(connection, Entry(reader.name, "claim", subject(found.id)), at=now)
        return int(found.id)

    def _is_turn(self, connection: Connection, reader: Reader) -> bool:
        taken = connection.execute(sa.select(sa.func.count()).where(claims.c.user_id == reader.id)).scalar_one()
        return drawn(f"golden {reader.id} {taken}", self.policy.golden_share)


def _unread(reader: Reader, now: datetime) -> sa.Select[tuple[int, int | None]]:
    """The golden post that a reader has not read and nobody has, the one added first."""
    return (
        sa.select(posts.c.id, posts.c.claimed_by)
        .join(golden, golden.c.post_id == posts.c.id)
        .join(versions, versions.c.id == posts.c.version_id)
        .where(
            golden.c.retired_at.is_(None),
            posts.c.state == State.DECIDED,
            versions.c.text.is_not(None),
            sa.or_(posts.c.claimed_until.is_(None), posts.c.claimed_until <= now),
            ~read_by(reader.id),
        )
        .order_by(golden.c.added_at, posts.c.id)
        .limit(1)
    )


def is_golden(connection: Connection, post_id: int) -> bool:
    """Whether a post is given to readers as a golden one."""
    asked = sa.select(golden.c.post_id).where(golden.c.post_id == post_id, golden.c.retired_at.is_(None))
    return connection.execute(asked).first() is not None


def tried(connection: Connection) -> list[Tried]:
    """How often each reader said of golden posts what stood at the time."""
    asked = (
        sa.select(decisions.c.id, decisions.c.replaces, users.c.pseudonym)
        .join(users, users.c.id == decisions.c.user_id)
        .join(posts, posts.c.id == decisions.c.post_id)
        .where(decisions.c.stage == Stage.GOLDEN, COUNTS)
        .order_by(decisions.c.id)
    )
    read: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for made, answer, reader in connection.execute(asked).all():
        read[reader] += 1
        same[reader] += said_the_same(connection, made, answer)
    return [Tried(reader, number, same[reader]) for reader, number in sorted(read.items())]
