"""The list of what waits: in order, filtered, page by page; it shows no text, so that only what is taken is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.responses import Response

from service.console.filters import address, chosen, read_filters, read_place, write_place
from service.console.telling import told
from service.console.visit import Route, Visit
from service.review import demo, queue
from service.review.priority import EDGES
from service.review.words import Role, Source, State
from service.store.tables import claims, posts, users
from training.guide import LANGUAGES

LISTED: Final = (State.QUEUED, State.SECOND, State.APPEALED, State.DISPUTE, State.ESCALATED, State.DECIDED)
REST_AFTER: Final = timedelta(minutes=45)
REST: Final = timedelta(minutes=10)


def band_names() -> list[str]:
    """Bands of probability as the pages write them, from the lowest."""
    edges = [0.0, *EDGES, 1.0]
    return [f"{low * 100:.0f}–{high * 100:.0f} %" for low, high in pairwise(edges)]


def listing(visit: Visit) -> Response:
    """A page of the list."""
    labels, now = visit.site.review.labels, datetime.now(UTC)
    filters, after = read_filters(visit.query, labels), read_place(visit.query.get("after"))
    with visit.site.review.store.read() as connection:
        found = queue.cards(connection, filters, labels, after=after, most=queue.PAGE + 1, now=now)
        shown: dict[str, Any] = {
            "waiting": queue.count(connection, filters, labels),
            "from_authorities": _from_authorities(connection, filters),
            "names": reader_names(connection, {card.claimed_by for card in found if card.claimed_by}),
            "mine": mine(connection, visit.reader.id, now),
            "demo": demo.is_shown(connection),
            "platforms": platform_names(connection),
            "reading_for": reading_for(connection, visit.reader.id, now),
        }
    if not shown["demo"]:
        shown["platforms"] = [name for name in shown["platforms"] if not name.startswith(demo.PREFIX)]
    more = len(found) > queue.PAGE
    cards = found[: queue.PAGE]
    following = address("/review", filters, {"after": write_place(cards[-1].place)}) if more else ""
    return visit.show(
        "queue.html",
        cards=cards,
        filters=filters,
        chosen=chosen(filters),
        following=following,
        first=after is None,
        take=address("/review/next", filters),
        back=address("/review", filters),
        labels=labels,
        bands=band_names(),
        langs=LANGUAGES,
        states=LISTED,
        sources=list(Source),
        most=queue.COUNTED,
        **told(visit),
        **shown,
    )


def platform_names(connection: Connection) -> list[str]:
    """Every platform whose posts are still here, read off an index by jumping from one to the next."""
    found: list[str] = []
    while True:
        beyond = [posts.c.platform > found[-1]] if found else []
        name = connection.execute(sa.select(sa.func.min(posts.c.platform)).where(*beyond)).scalar()
        if name is None or len(found) == 50:
            return found
        found.append(name)


def _from_authorities(connection: Connection, filters: queue.Filters) -> int:
    asked = queue.Filters(desk=filters.desk, source=Source.AUTHORITY)
    return queue.count(connection, asked, ())


def reader_names(connection: Connection, ids: set[int]) -> dict[int, str]:
    """Pseudonyms of readers."""
    rows = connection.execute(sa.select(users.c.id, users.c.pseudonym).where(users.c.id.in_(ids)))
    return {row.id: row.pseudonym for row in rows} if ids else {}


def mine(connection: Connection, user_id: int, now: datetime) -> list[Any]:
    """Posts that a reader has just now, soonest to run out first."""
    shown = (posts.c.id, posts.c.platform, posts.c.external_id, posts.c.claimed_until)
    asked = sa.select(*shown).where(posts.c.claimed_by == user_id, posts.c.claimed_until > now)
    return list(connection.execute(asked.order_by(posts.c.claimed_until)).all())


def reading_for(connection: Connection, user_id: int, now: datetime) -> timedelta | None:
    """How long a reader has been reading without a rest; None while that is not long."""
    asked = (
        sa.select(claims.c.claimed_at, claims.c.ended_at)
        .where(claims.c.user_id == user_id, claims.c.claimed_at > now - timedelta(hours=6))
        .order_by(claims.c.claimed_at.desc())
    )
    since = now
    for claimed_at, ended_at in connection.execute(asked):
        if since - (ended_at or since) > REST:
            break
        since = min(since, claimed_at)
    return now - since if now - since >= REST_AFTER else None


def take_next(visit: Visit) -> Response:
    """Claim the next post and open it."""
    filters = read_filters(visit.query, visit.site.review.labels)
    return visit.go(next_place(visit, filters, {}))


def next_place(visit: Visit, filters: queue.Filters, more: dict[str, object]) -> str:
    """Where to go on: the next post, claimed, or the list when nothing waits."""
    found = visit.site.review.next_for(visit.reader, filters)
    return address("/review" if found is None else f"/review/posts/{found}", filters, more)


def remove_demo(visit: Visit) -> Response:
    """Take the demonstration out."""
    demo.remove(visit.site.review.store, by=visit.reader.name)
    return visit.go("/review?said=demo")


PAGES: Final = (
    Route("GET", "/review", Role.VIEWER, listing),
    Route("POST", "/review/next", Role.REVIEWER, take_next),
    Route("POST", "/review/demo/remove", Role.LEAD, remove_demo),
)
