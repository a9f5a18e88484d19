"""New posts join the campaigns of the posts that they copy; one card stands for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from service.review import campaigns
from service.review.arrivals import Scored
from service.review.policy import Policy
from service.review.words import DESK_OF, State
from service.store import tables
from service.store.bulk import among


@dataclass(frozen=True)
class Place:
    """Where a new post goes."""

    state: State
    campaign: int | None = None
    variant: str = ""


class Copies:
    """The campaigns that new posts join.

    Parameters
    ----------
    connection : Connection
        Of the transaction in which they arrive.
    policy : Policy
        How much copies add to the priority of their card.
    at : datetime
        When they arrive.
    posts : mapping of int to Scored
        By id, in the order in which they came.
    edited : set of int
        Posts of the database whose text has just changed.
    """

    def __init__(
        self, connection: Connection, policy: Policy, at: datetime, posts: Mapping[int, Scored], edited: set[int]
    ) -> None:
        self._connection, self._policy, self._at, self._posts = connection, policy, at, posts
        sketched = {post_id: post.sketch for post_id, post in posts.items() if post.sketch}
        found = campaigns.Finder(connection, sketched, edited).roots
        self._roots = {post_id: root for post_id, root in found.items() if root is not None}
        self._old = set(self._roots.values()) - posts.keys()
        self._texts = {post_id: post.arrival.text for post_id, post in posts.items()} | self._read_texts()
        self._sizes = self._read_campaigns()
        self._joined = Counter(self._roots.values())

    def _read_texts(self) -> dict[int, str]:
        asked = (
            sa.select(tables.posts.c.id, tables.versions.c.text)
            .join(tables.versions, tables.versions.c.id == tables.posts.c.version_id)
            .where(among(self._connection, tables.posts.c.id, self._old))
        )
        return {post_id: text or "" for post_id, text in self._connection.execute(asked)} if self._old else {}

    def _read_campaigns(self) -> dict[int, int]:
        """Sizes of the campaigns that are there already; finds the cards that still stand for one, and keeps them."""
        posts, table = tables.posts, tables.campaigns
        asked = sa.select(table.c.id, table.c.lead_id, table.c.size).where(
            among(self._connection, table.c.id, self._old)
        )
        rows = self._connection.execute(asked).all() if self._old else []
        leads = {root: root for root in self._roots.values()} | {row.id: row.lead_id for row in rows}
        # Locked, so that nobody decides on a card while copies are put behind it, where they would be forgotten.
        waiting = sa.select(posts.c.id).where(
            among(self._connection, posts.c.id, leads.values()), posts.c.state == State.QUEUED
        )
        asked_leads = waiting.order_by(posts.c.id).with_for_update()
        there = set(self._connection.execute(asked_leads).scalars()) | self._posts.keys() if leads else set()
        self._leads = {root: lead for root, lead in leads.items() if lead in there}
        return {row.id: row.size for row in rows}

    def place(self, post_id: int) -> Place:
        """Where a new post goes: behind a card, or as a card."""
        root = self._roots.get(post_id)
        if root is None:
            return Place(State.QUEUED)
        variant = campaigns.variant_of(self._texts[post_id], self._texts[root])
        state = State.COPY if root in self._leads else State.QUEUED
        self._leads.setdefault(root, post_id)
        return Place(state, root, variant)

    def close(self) -> None:
        """Write what grew, after the posts themselves."""
        if not self._joined:
            return
        posts, table = tables.posts, tables.campaigns
        begun = [root for root in self._joined if root not in self._sizes]
        if begun:
            mark = posts.update().where(among(self._connection, posts.c.id, begun)).values(campaign_id=posts.c.id)
            self._connection.execute(mark)
            first = sa.select(posts.c.id, posts.c.id, 1, posts.c.received_at, posts.c.received_at).where(
                among(self._connection, posts.c.id, begun)
            )
            self._connection.execute(table.insert().from_select([column.name for column in table.c], first))
        grown = [
            {"campaign": root, "joined": joined, "lead": self._leads[root], "at": self._at}
            for root, joined in self._joined.items()
        ]
        self._connection.execute(
            table.update()
            .where(table.c.id == sa.bindparam("campaign"))
            .values(
                size=table.c.size + sa.bindparam("joined"),
                lead_id=sa.bindparam("lead"),
                last_seen=sa.bindparam("at", type_=tables.Moment()),
            ),
            grown,
        )
        self._connection.execute(
            posts.update().where(posts.c.id == sa.bindparam("lead")).values(rank=posts.c.rank - sa.bindparam("gain")),
            [{"lead": self._leads[root], "gain": self._gain(root)} for root in self._joined],
        )

    def _gain(self, root: int) -> float:
        before = self._sizes.get(root, 1)
        after, lead = before + self._joined[root], self._leads[root]
        counted = 1 if lead in self._posts and lead != root else before  # a new card has gained nothing yet
        return self._policy.priority.grown(after) - self._policy.priority.grown(counted)


def leave(connection: Connection, post: Row[Any]) -> None:
    """Take an edited post out of its campaign; its card passes to the next copy."""
    if post.campaign_id is None:
        return
    table = tables.campaigns
    one = table.c.id == post.campaign_id
    connection.execute(table.update().where(one).values(size=table.c.size - 1))
    pass_on(connection, post.campaign_id, post.id)


def pass_on(connection: Connection, campaign: int, from_post: int) -> int | None:
    """Let the next copy stand for a campaign whose card was decided or left it.

    Returns
    -------
    int or None
        The post that stands for it now; None where no copy waits, or another card stands for it already.
    """
    table, posts = tables.campaigns, tables.posts
    lead = connection.execute(sa.select(table.c.lead_id).where(table.c.id == campaign).with_for_update()).scalar()
    if lead != from_post:
        return None
    waiting = (
        sa.select(posts.c.id)
        .where(posts.c.campaign_id == campaign, posts.c.state == State.COPY, posts.c.id != from_post)
        .order_by(posts.c.due_key, posts.c.rank, posts.c.id)
        .limit(1)
    )
    heir = connection.execute(waiting).scalar()
    if heir is None:
        return None
    connection.execute(table.update().where(table.c.id == campaign).values(lead_id=heir))
    desk = {"state": State.QUEUED, "desk": DESK_OF[State.QUEUED]}
    connection.execute(posts.update().where(posts.c.id == heir).values(**desk))
    return int(heir)
