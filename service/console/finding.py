"""Finding things: a post by its id, a campaign, a clause of the guide; and the pages that only show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from starlette.responses import Response

from service.console.guide import guide, passages
from service.console.listing import platform_names
from service.console.visit import Route, Visit
from service.review.words import Role, State
from service.store.audit import head
from service.store.tables import campaigns, decisions, events, posts, users

FOUND_AT_MOST: Final = 30
EVENTS_SHOWN: Final = 200


@dataclass(frozen=True)
class Found:
    """Something that fits what was looked for."""

    place: str
    what: str
    more: str = ""


def find(visit: Visit) -> Response:
    """Everything that fits some words; straight to a post whose id they are."""
    words = visit.query.get("q", "").strip()[:200]
    found_posts = _posts(visit, words) if words else []
    if len(found_posts) == 1:
        return visit.go(found_posts[0].place)
    found = found_posts + _campaign(visit, words) + _guide(visit, words) if words else []
    return visit.show("find.html", words=words, found=found)


def _posts(visit: Visit, words: str) -> list[Found]:
    external = re.split(r"\s*[·/]\s*", words, maxsplit=1)[-1]
    # By the beginning of the id: a condition that an index answers, on every platform.
    likely = [posts.c.platform == name for name in _platform(words)]
    near = posts.c.external_id.between(external, external + "\U0010ffff")
    with visit.site.review.store.read() as connection:
        platforms = likely or [posts.c.platform.in_(platform_names(connection))]
        asked = sa.select(posts.c.id, posts.c.platform, posts.c.external_id).where(*platforms, near)
        rows = connection.execute(asked.order_by(posts.c.external_id).limit(FOUND_AT_MOST)).all()
    exact = [row for row in rows if row.external_id == external]
    return [
        Found(f"/review/posts/{row.id}", f"{row.platform} · {row.external_id}", visit.words.say("post"))
        for row in (exact if len(exact) == 1 else rows)
    ]


def _platform(words: str) -> list[str]:
    parts = re.split(r"\s*[·/]\s*", words, maxsplit=1)
    return parts[:1] if len(parts) == 2 else []


def _campaign(visit: Visit, words: str) -> list[Found]:
    if not (words.isascii() and words.isdigit() and len(words) < 18):
        return []
    with visit.site.review.store.read() as connection:
        size = connection.execute(sa.select(campaigns.c.size).where(campaigns.c.id == int(words))).scalar()
    said = visit.words.say("campaign of %(size)s posts", size=size)
    return [Found(f"/review?campaign={words}", said)] if size else []


def _guide(visit: Visit, words: str) -> list[Found]:
    said = visit.words.say("labelling guide")
    return [Found("/review/guide", passage, said) for passage in passages(words)[:FOUND_AT_MOST]]


def show_guide(visit: Visit) -> Response:
    """The labelling guide."""
    return visit.show("guide.html", guide=guide())


def at_risk(visit: Visit) -> Response:
    """Posts whose reader thinks that a person may be at risk: a list of their own, newest first."""
    asked = (
        sa.select(posts.c.id, posts.c.platform, posts.c.external_id, posts.c.lang, posts.c.state,
                  decisions.c.decided_at, decisions.c.threat_to_life, users.c.pseudonym)
        .join(decisions, decisions.c.id == posts.c.decision_id)
        .join(users, users.c.id == decisions.c.user_id)
        .where(sa.or_(decisions.c.person_at_risk, decisions.c.threat_to_life), posts.c.state != State.EXPIRED)
        .order_by(decisions.c.id.desc())
        .limit(EVENTS_SHOWN)
    )  # fmt: skip
    with visit.site.review.store.read() as connection:
        rows = connection.execute(asked).all()
    return visit.show("at-risk.html", rows=rows)


def audit(visit: Visit) -> Response:
    """The last entries of the audit log, and its head, to be noted elsewhere."""
    subject = visit.query.get("subject", "").strip()
    only = [events.c.subject == subject] if subject else []
    with visit.site.review.store.read() as connection:
        asked = sa.select(events).where(*only).order_by(events.c.number.desc()).limit(EVENTS_SHOWN)
        rows = connection.execute(asked).all()
        number, last = head(connection)
    return visit.show("audit.html", rows=rows, number=number, last=last, subject=subject)


PAGES: Final = (
    Route("GET", "/review/find", Role.VIEWER, find),
    Route("GET", "/review/guide", Role.VIEWER, show_guide),
    Route("GET", "/review/at-risk", Role.REVIEWER, at_risk),
    Route("GET", "/review/audit", Role.LEAD, audit),
)
