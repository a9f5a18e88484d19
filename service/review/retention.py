"""Text does not stay for ever: what nobody decided in time expires, and old posts are purged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review import campaigns
from service.review.joining import pass_on
from service.review.words import State
from service.store.audit import Entry, record
from service.store.bulk import among
from service.store.engine import Store
from service.store.tables import notes, posts, versions

AT_ONCE: Final = 500


def expire(store: Store, now: datetime | None = None) -> int:
    """Let go of posts that waited too long, with their text.

    Returns
    -------
    int
        How many.
    """
    now = now or datetime.now(UTC)
    waits = (posts.c.desk.is_not(None), posts.c.state == State.COPY)
    return _in_batches(store, sa.and_(posts.c.expires_at <= now, sa.or_(*waits)), "expire", "service", now)


def purge(store: Store, older_than: timedelta, *, by: str, now: datetime | None = None) -> int:
    """Take out the text, author, address and notes of every post that came in long ago; decisions stay, for figures.

    Parameters
    ----------
    store : Store
        Where they are.
    older_than : timedelta
        Since they came in.
    by : str
        Who asks for it, for the audit log.

    Returns
    -------
    int
        How many posts had a text and have none now.
    """
    now = now or datetime.now(UTC)
    has_text = sa.exists().where(versions.c.post_id == posts.c.id, versions.c.text.is_not(None))
    return _in_batches(store, sa.and_(posts.c.received_at <= now - older_than, has_text), "purge", by, now)


def _in_batches(store: Store, chosen: sa.ColumnElement[bool], action: str, by: str, now: datetime) -> int:
    done = 0
    while True:
        with store.write(arrivals=True) as connection:
            asked = sa.select(posts.c.id).where(chosen).order_by(posts.c.id).limit(AT_ONCE).with_for_update()
            some = list(connection.execute(asked).scalars())
            if some:
                let_go(connection, some)
                record(connection, Entry(by, action, "posts", {"posts": len(some)}), at=now)
        done += len(some)
        if len(some) < AT_ONCE:
            return done


def let_go(connection: Connection, post_ids: Sequence[int]) -> None:
    """Drop the text of posts and all that tells of people; those that are not decided leave the queue."""
    these = among(connection, posts.c.id, post_ids)
    gone = {"author": None, "url": None, "parent_text": None, "claimed_by": None, "claimed_until": None}
    connection.execute(posts.update().where(these).values(**gone))
    connection.execute(
        posts.update().where(these, posts.c.state != State.DECIDED).values(state=State.EXPIRED, desk=None)
    )
    connection.execute(versions.update().where(among(connection, versions.c.post_id, post_ids)).values(text=None))
    connection.execute(notes.delete().where(among(connection, notes.c.post_id, post_ids)))
    campaigns.forget(connection, post_ids)
    in_campaigns = sa.select(posts.c.campaign_id, posts.c.id).where(these, posts.c.campaign_id.is_not(None))
    for campaign, post_id in connection.execute(in_campaigns).all():
        pass_on(connection, campaign, post_id)
