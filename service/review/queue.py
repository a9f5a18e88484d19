"""The queue as readers see it: cards in order, by filters, page by page; one question to an index each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review.words import Desk, Stage, State
from service.store.tables import campaigns, decisions, posts

PAGE: Final = 50
COUNTED: Final = 10_000  # counting further would take longer than anybody wants to wait


@dataclass(frozen=True)
class Filters:
    """Which cards; None and empty stand for all.

    Parameters
    ----------
    desk : Desk
        Whose queue.
    state : State or None
        Only posts in this state, also those on no desk.
    label : str or None
        Only posts at or above the floor of this label.
    lang, source, platform : str or None
        Only posts in this language, with this source of the report, from this platform.
    band : int or None
        Only posts in this band of probability.
    campaign : int or None
        Only posts of this campaign, copies included.
    """

    desk: Desk = Desk.REVIEW
    state: State | None = None
    label: str | None = None
    lang: str | None = None
    source: str | None = None
    platform: str | None = None
    band: int | None = None
    campaign: int | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What a post must fulfil besides the label."""
        column, chosen = posts.c, []
        if self.campaign is not None:
            chosen.append(column.campaign_id == self.campaign)
        elif self.state is None:
            chosen.append(column.desk == self.desk)
        if self.state is not None:
            chosen.append(column.state == self.state)
        given = {name: getattr(self, name) for name in ("lang", "source", "platform", "band")}
        return chosen + [column[name] == value for name, value in given.items() if value is not None]

    def parts(self, labels: Sequence[str]) -> list[list[sa.ColumnElement[bool]]]:
        """The conditions once for each set of labels that has the label: each part can walk along an index in order."""
        plain = self.conditions()
        if self.label is None:
            return [plain]
        return [[*plain, posts.c.labels == each] for each in label_sets(labels) if self.label in each.split("+")]


class Place(NamedTuple):
    """Where a card stands in the order."""

    due_key: int
    rank: float
    id: int


class Card(NamedTuple):
    """A post as a line of the list; `copies` counts its campaign, itself included."""

    id: int
    platform: str
    external_id: str
    lang: str
    state: str
    labels: str
    probability: float
    band: int
    source: str
    due_at: datetime | None
    received_at: datetime
    reach: int
    sampled_by: str
    campaign_id: int | None
    copies: int
    claimed_by: int | None
    place: Place

    @property
    def priority(self) -> float:
        """As the formula says."""
        return -self.place.rank


ORDER: Final = (posts.c.due_key, posts.c.rank, posts.c.id)
SHOWN: Final = ("id", "platform", "external_id", "lang", "state", "labels", "probability", "band", "source", "due_at",
                "received_at", "reach", "sampled_by", "campaign_id")  # fmt: skip


def label_sets(labels: Sequence[str]) -> list[str]:
    """Every set of labels as the column has it: joined in the model's order."""
    sets: list[tuple[str, ...]] = [()]
    for label in labels:
        sets += [(*some, label) for some in sets]
    return ["+".join(some) for some in sets]


def cards(
    connection: Connection,
    filters: Filters,
    labels: Sequence[str],
    *,
    after: Place | None = None,
    most: int = PAGE,
    now: datetime | None = None,
) -> list[Card]:
    """A page of the queue.

    Parameters
    ----------
    connection : Connection
        Of a reading transaction.
    filters : Filters
        Which cards.
    labels : sequence of str
        All labels of the model.
    after : Place, optional
        The last card of the page before.
    most : int
        Cards on a page.
    now : datetime, optional
        By which claims are judged; the present by default.

    Returns
    -------
    list of Card
        In the order of the queue.
    """
    now = now or datetime.now(UTC)
    holder = sa.case((posts.c.claimed_until > now, posts.c.claimed_by), else_=None).label("holder")
    columns = [*(posts.c[name] for name in SHOWN), holder, *ORDER[:2]]
    beyond = [] if after is None else [sa.tuple_(*ORDER) > _literal(after)]
    parts = [
        sa.select(*columns).where(*part, *beyond).order_by(*ORDER).limit(most).subquery()
        for part in filters.parts(labels)
    ]
    if not parts:
        return []
    page = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    asked = (
        sa.select(page, sa.func.coalesce(campaigns.c.size, 1).label("copies"))
        .outerjoin(campaigns, campaigns.c.id == page.c.campaign_id)
        .order_by(*(page.c[column.name] for column in ORDER))
        .limit(most)
    )
    return [_card(row._asdict()) for row in connection.execute(asked)]


def _card(values: dict[str, Any]) -> Card:
    place = Place(values["due_key"], values["rank"], values["id"])
    return Card(
        **{name: values[name] for name in SHOWN}, copies=values["copies"], claimed_by=values["holder"], place=place
    )


def count(connection: Connection, filters: Filters, labels: Sequence[str]) -> int:
    """How many cards there are; `COUNTED` stands for that many or more."""
    found = 0
    for part in filters.parts(labels):
        some = sa.select(posts.c.id).where(*part).limit(COUNTED - found).subquery()
        found += int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
    return found


class Depth(NamedTuple):
    """How much waits in one state, and since when."""

    state: str
    posts: int
    oldest: datetime | None


def depth(connection: Connection) -> list[Depth]:
    """How many posts stand in each state; the dashboard's first line."""
    asked = sa.select(posts.c.state, sa.func.count(), sa.func.min(posts.c.received_at)).group_by(posts.c.state)
    return [Depth(*row) for row in connection.execute(asked)]


def read_by(user_id: int) -> sa.ColumnElement[bool]:
    """Whether a reader has decided on a post as it is and not undone that."""
    other = decisions.alias()
    undone = sa.exists().where(other.c.post_id == decisions.c.post_id, other.c.undoes == decisions.c.id)
    return sa.exists().where(
        decisions.c.post_id == posts.c.id,
        decisions.c.user_id == user_id,
        decisions.c.version_id == posts.c.version_id,
        decisions.c.stage != Stage.UNDO,
        ~undone,
    )


class Free(NamedTuple):
    """A post that can be taken, who let their claim on it run out, and where it stands in the order."""

    id: int
    claimed_by: int | None
    place: Place


def next_free(
    connection: Connection,
    filters: Filters,
    labels: Sequence[str],
    user_id: int,
    now: datetime,
    *,
    since: Place | None = None,
    locking: bool = False,
) -> Free | None:
    """The first post that a reader may take: unclaimed, or claimed too long ago, and never read by them as it is.

    Parameters
    ----------
    connection : Connection
        Of a transaction; one that writes for `locking`.
    filters, labels
        See `cards`.
    user_id : int
        The reader.
    now : datetime
        By which claims are judged.
    since : Place, optional
        Where to begin, that place included; at the head of the queue by default.
    locking : bool
        On PostgreSQL: lock its row, and pass over rows that others are just taking.
    """
    free = [posts.c.desk == filters.desk, sa.or_(posts.c.claimed_until.is_(None), posts.c.claimed_until <= now)]
    if since is not None:
        free.append(sa.tuple_(*ORDER) >= _literal(since))
    found: list[Free] = []
    for part in filters.parts(labels):
        asked = sa.select(*ORDER, posts.c.claimed_by).where(*part, *free, ~read_by(user_id)).order_by(*ORDER).limit(1)
        if locking:
            asked = asked.with_for_update(skip_locked=True, of=posts)
        found += [Free(row.id, row.claimed_by, Place(*row[:3])) for row in connection.execute(asked)]
    return min(found, key=lambda one: one.place, default=None)


def _literal(place: Place) -> sa.Tuple:
    return sa.tuple_(*(sa.literal(value) for value in place))
