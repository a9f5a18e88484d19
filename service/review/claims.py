"""Who reads which post: no post is ever with two readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from service.review.errors import NotAllowedError, TakenError, UnknownPostError
from service.review.policy import Policy
from service.review.queue import Filters, Free, next_free, read_by
from service.review.words import Desk, Role
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import claims, posts, users


@dataclass(frozen=True)
class Reader:
    """Who is reading."""

    id: int
    name: str
    pseudonym: str
    role: Role

    def require(self, role: Role) -> None:
        """Refuse who may not do what that role may.

        Raises
        ------
        NotAllowedError
            Naming the role that is needed.
        """
        if not self.role.at_least(role):
            raise NotAllowedError(f"this needs the role {role.value}; ask an admin of this service")


@dataclass(frozen=True)
class Claims:
    """Gives posts to readers and takes them back.

    A claim that a power cut undid has lost nothing but a click; the note that its reader saw the post, which follows
    at once, keeps it on the disk.

    Parameters
    ----------
    store : Store
        Where posts are.
    policy : Policy
        How long a claim lasts.
    labels : sequence of str
        Labels of the model, for filters.
    """

    store: Store
    policy: Policy
    labels: Sequence[str]

    def take_next(self, reader: Reader, filters: Filters | None = None, now: datetime | None = None) -> int | None:
        """Claim the first post of the queue that this reader may have.

        Parameters
        ----------
        reader : Reader
            A reviewer, or a lead for the desk of leads.
        filters : Filters, optional
            Which posts.
        now : datetime, optional
            The present by default.

        Returns
        -------
        int or None
            The post, or None when nothing waits.

        Raises
        ------
        NotAllowedError
            When the role does not reach.
        """
        filters, now = filters or Filters(), now or datetime.now(UTC)
        reader.require(Role.LEAD if filters.desk is Desk.LEAD else Role.REVIEWER)
        since = None
        if self.store.takes_turns:  # past posts that do not fit it may be far: nobody waits for that
            with self.store.read() as connection:
                seen = next_free(connection, filters, self.labels, reader.id, now)
            if seen is None:
                return None
            since = seen.place
        with self.store.write(durable=False) as connection:
            found = next_free(connection, filters, self.labels, reader.id, now, since=since, locking=True)
            if found is None:
                return None
            give(connection, found, reader, now, now + self.policy.claim)
            record(connection, Entry(reader.name, "claim", subject(found.id)), at=now)
            return int(found.id)

    def take(self, reader: Reader, post_id: int, now: datetime | None = None) -> None:
        """Claim one post that waits.

        Raises
        ------
        TakenError
            When somebody else has it, or it waits for nobody, or this reader has read it already.
        """
        now = now or datetime.now(UTC)
        with self.store.write(durable=False) as connection:
            post = locked(connection, post_id)
            if post.desk is None or held_by_other(post, reader, now) or _has_read(connection, post, reader):
                raise TakenError
            reader.require(Role.LEAD if post.desk == Desk.LEAD else Role.REVIEWER)
            give(connection, post, reader, now, now + self.policy.claim)
            record(connection, Entry(reader.name, "claim", subject(post_id)), at=now)

    def hold(self, reader: Reader, post_id: int, now: datetime | None = None) -> None:
        """Put a claimed post aside for longer.

        Raises
        ------
        TakenError
            When this reader does not have it.
        """
        self._prolong(reader, post_id, self.policy.hold, "hold", now)

    def renew(self, reader: Reader, post_id: int, now: datetime | None = None) -> None:
        """Keep a claim while the post is being read; see `hold`."""
        self._prolong(reader, post_id, self.policy.claim, "renew", now)

    def release(self, reader: Reader, post_id: int, now: datetime | None = None) -> None:
        """Give a post back to the queue undecided; see `hold`."""
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            claimed(connection, reader, post_id, now)
            end(connection, [post_id], "released", now)
            record(connection, Entry(reader.name, "release", subject(post_id)), at=now)

    def hand_over(self, reader: Reader, post_id: int, to: str, now: datetime | None = None) -> None:
        """Give a claimed post to another reader, who then has it for as long as a hold lasts.

        Raises
        ------
        TakenError
            When this reader does not have it.
        NotAllowedError
            When the other is no reader who may have it.
        """
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            post = claimed(connection, reader, post_id, now)
            other = read_reader(connection, to)
            if other is None or _has_read(connection, post, other):
                raise NotAllowedError(f"{to!r} cannot take this post: no such account, or they have read it already")
            other.require(Role.LEAD if post.desk == Desk.LEAD else Role.REVIEWER)
            end(connection, [post_id], "handed over", now)
            give(connection, post, other, now, now + self.policy.hold)
            record(connection, Entry(reader.name, "hand over", subject(post_id), {"to": other.pseudonym}), at=now)

    def _prolong(self, reader: Reader, post_id: int, time: timedelta, action: str, now: datetime | None) -> None:
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            claimed(connection, reader, post_id, now)
            connection.execute(posts.update().where(posts.c.id == post_id).values(claimed_until=now + time))
            record(connection, Entry(reader.name, action, subject(post_id)), at=now)


def subject(post_id: int) -> str:
    """How the audit log names a post."""
    return f"post {post_id}"


def read_reader(connection: Connection, name: str) -> Reader | None:
    """An account that is in use, by its name."""
    asked = sa.select(users.c.id, users.c.name, users.c.pseudonym, users.c.role)
    row = connection.execute(asked.where(users.c.name == name, users.c.disabled_at.is_(None))).first()
    return None if row is None else Reader(row.id, row.name, row.pseudonym, Role(row.role))


def locked(connection: Connection, post_id: int) -> Row[Any]:
    """A post, kept from others until the transaction ends.

    Raises
    ------
    UnknownPostError
        When there is none.
    """
    row = connection.execute(sa.select(posts).where(posts.c.id == post_id).with_for_update()).first()
    if row is None:
        raise UnknownPostError
    return row


def claimed(connection: Connection, reader: Reader, post_id: int, now: datetime) -> Row[Any]:
    """A post that this reader has, kept from others until the transaction ends.

    Raises
    ------
    TakenError
        When they do not have it, or no longer.
    """
    post = locked(connection, post_id)
    if post.claimed_by != reader.id or post.claimed_until is None or post.claimed_until <= now:
        raise TakenError
    return post


def held_by_other(post: Row[Any], reader: Reader, now: datetime) -> bool:
    """Whether somebody else has a post."""
    return bool(post.claimed_until and post.claimed_until > now and post.claimed_by != reader.id)


def _has_read(connection: Connection, post: Row[Any], reader: Reader) -> bool:
    asked = sa.select(posts.c.id).where(posts.c.id == post.id, read_by(reader.id))
    return connection.execute(asked).first() is not None


def give(connection: Connection, post: Row[Any] | Free, reader: Reader, now: datetime, until: datetime) -> None:
    """Give a post to a reader; a claim that ran out is ended."""
    if post.claimed_by is not None:
        end(connection, [post.id], "expired", now)
    connection.execute(
        posts.update().where(posts.c.id == post.id).values(claimed_by=reader.id, claimed_until=until)
    )  # fmt: skip
    connection.execute(claims.insert().values(post_id=post.id, user_id=reader.id, claimed_at=now))


def end(connection: Connection, post_ids: Sequence[int], why: str, now: datetime) -> None:
    """End the claims on posts."""
    connection.execute(
        posts.update().where(posts.c.id.in_(post_ids)).values(claimed_by=None, claimed_until=None)
    )  # fmt: skip
    running = sa.and_(claims.c.post_id.in_(post_ids), claims.c.ended_at.is_(None))
    connection.execute(claims.update().where(running).values(ended_at=now, ended_by=why))
