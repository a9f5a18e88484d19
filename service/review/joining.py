"""New posts join the campaigns of the posts that they copy; one card stands for each."""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True)
class Place:
    """Where a new post goes."""

    state: State
    campaign: int | None = None
    variant: str = ""


class Copies:
    """The campaigns that the posts of a batch join."""

    def __init__(
        self, connection: Connection, policy: Policy, at: datetime, sketches: Sequence[campaigns.Sketch]
    ) -> None:
        self._connection, self._policy, self._at = connection, policy, at
        self._finder = campaigns.Finder(connection, sketches)
        self._joined: dict[int, int] = {}  # by campaign, how many of this batch
        self._leads: dict[int, int] = {}  # by campaign, the post whose card stands for it
        self._born: set[int] = set()  # posts of this batch
        self._known: set[int] = set()  # campaigns that are in the database

    def place(self, post_id: int, post: Scored) -> Place:
        """Find what a new post copies, if anything."""
        self._born.add(post_id)
        if post.sketch is None:
            return Place(State.QUEUED)
        root = self._finder.root(post.sketch)
        if root is None:
            self._finder.add(post_id, post.sketch, post.arrival.text)
            return Place(State.QUEUED)
        waits = self._join(root)
        if not waits:
            self._leads[root] = post_id
        variant = campaigns.variant_of(post.arrival.text, self._finder.text(root))
        return Place(State.COPY if waits else State.QUEUED, root, variant)

    def _join(self, root: int) -> bool:
        """Count a copy; whether a card waits that it can stand behind."""
        if root not in self._joined:
            lead = self._lead(root)
            if lead is not None:
                self._leads[root] = lead
        self._joined[root] = self._joined.get(root, 0) + 1
        return root in self._leads

    def _lead(self, root: int) -> int | None:
        if root in self._born:
            return root
        table, known = tables.campaigns, tables.posts
        lead = self._connection.execute(sa.select(table.c.lead_id).where(table.c.id == root)).scalar()
        if lead is not None:
            self._known.add(root)
        lead = root if lead is None else int(lead)
        state = self._connection.execute(sa.select(known.c.state).where(known.c.id == lead)).scalar()
        return lead if state == State.QUEUED else None

    def leave(self, post: Row[Any]) -> None:
        """Take an edited post out of its campaign; its card passes to the next copy."""
        self._finder.drop(post.id)
        if post.campaign_id is not None:
            self._connection.execute(
                tables.campaigns.update()
                .where(tables.campaigns.c.id == post.campaign_id)
                .values(size=tables.campaigns.c.size - 1)
            )
            pass_on(self._connection, post.campaign_id, post.id)

    def close(self) -> None:
        """Write what grew, after the posts themselves."""
        table, posts = tables.campaigns, tables.posts
        for campaign, joined in self._joined.items():
            lead = self._leads[campaign]
            if campaign not in self._known:
                first = self._connection.execute(
                    posts.update().where(posts.c.id == campaign).values(campaign_id=campaign).returning(
                        posts.c.received_at
                    )
                ).scalar_one()  # fmt: skip
                made = {"id": campaign, "lead_id": lead, "size": 1, "first_seen": first, "last_seen": first}
                self._connection.execute(table.insert().values(**made))
            grown = {"size": table.c.size + joined, "last_seen": self._at, "lead_id": lead}
            size = self._connection.execute(
                table.update().where(table.c.id == campaign).values(**grown).returning(table.c.size)
            ).scalar_one()
            before = 1 if lead in self._born and lead != campaign else size - joined
            gain = self._policy.priority.grown(size) - self._policy.priority.grown(before)
            self._connection.execute(posts.update().where(posts.c.id == lead).values(rank=posts.c.rank - gain))


def pass_on(connection: Connection, campaign: int, from_post: int) -> int | None:
    """Let the next copy stand for a campaign whose card was decided or left it.

    Returns
    -------
    int or None
        The post that stands for it now; None where no copy waits, or another card stands for it already.
    """
    table, posts = tables.campaigns, tables.posts
    lead = connection.execute(sa.select(table.c.lead_id).where(table.c.id == campaign)).scalar()
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
