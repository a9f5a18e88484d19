"""Everything that a reader sees of one post; that they saw it goes into the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from service.review.claims import Reader, locked, subject
from service.review.errors import UnknownPostError
from service.review.records import read_decision
from service.review.verdicts import Decision
from service.review.words import Role, Stage, State
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import campaigns, decisions, notes, posts, scorers, scores, users, versions

AUTHORS_OTHERS: Final = 20
VARIANTS_SHOWN: Final = 12


@dataclass(frozen=True)
class Version:
    """One text of a post, its scores and who gave them; the text is None once it expired."""

    id: int
    number: int
    text: str | None
    received_at: datetime
    scores: dict[str, dict[str, Any]]
    scorer: dict[str, Any]


@dataclass(frozen=True)
class Past:
    """A decision in the history of a post."""

    id: int
    reader: str
    decided_at: datetime
    stage: str
    undoes: int | None
    decision: Decision


@dataclass(frozen=True)
class Note:
    """What a reader wrote for colleagues."""

    reader: str
    written_at: datetime
    text: str


@dataclass(frozen=True)
class Sample:
    """One copy of each way in which the copies of a campaign differ; `copies` counts those that wait."""

    variant: str
    copies: int
    post_id: int
    text: str | None


@dataclass(frozen=True)
class Campaign:
    """What is known of the copies of a post."""

    id: int
    size: int
    waiting: int
    authors: int
    first_seen: datetime
    last_seen: datetime
    days: dict[str, int]
    samples: list[Sample]


@dataclass(frozen=True)
class Reading:
    """A post with all that belongs to it.

    Parameters
    ----------
    post : dict
        Its columns.
    versions : list of Version
        Newest first.
    history : list of Past
        Oldest first; empty for who is to read it blind.
    blind : bool
        Whether decisions and notes of others are kept from this reader.
    notes : list of Note
        Oldest first.
    campaign : Campaign or None
        Its copies.
    by_author : list of int
        Other posts by the same author that wait.
    """

    post: dict[str, Any]
    versions: list[Version]
    history: list[Past]
    blind: bool
    notes: list[Note]
    campaign: Campaign | None
    by_author: list[int]


def read_post(store: Store, reader: Reader, post_id: int, now: datetime | None = None) -> Reading:
    """Open a post for a reader, and note in the audit log that they saw it.

    Raises
    ------
    UnknownPostError
        When there is none.
    NotAllowedError
        When the account may not see posts.
    """
    reader.require(Role.VIEWER)
    now = now or datetime.now(UTC)
    with store.write() as connection:
        post = locked(connection, post_id)
        made = _history(connection, post_id)
        known = any(past.reader == reader.pseudonym for past in made)
        # A golden post is decided, and looks like one that nobody has read to whoever reads it now.
        golden = post.state == State.DECIDED and post.claimed_by == reader.id and not known
        blind = post.state in (State.SECOND, State.APPEALED) and not known
        reading = Reading(
            post._asdict(),
            _versions(connection, post_id),
            [] if blind or golden else made,
            blind,
            [] if blind or golden else _notes(connection, post_id),
            read_campaign(connection, post) if post.campaign_id is not None else None,
            _by_author(connection, post),
        )
        record(connection, Entry(reader.name, "view", subject(post_id), {"version": post.version_id}), at=now)
    return reading


def write_note(store: Store, reader: Reader, post_id: int, text: str, now: datetime | None = None) -> None:
    """Leave a note on a post for colleagues.

    Raises
    ------
    UnknownPostError
        When there is no such post.
    """
    reader.require(Role.REVIEWER)
    now = now or datetime.now(UTC)
    with store.write() as connection:
        locked(connection, post_id)
        row = {"post_id": post_id, "user_id": reader.id, "written_at": now, "text": text}
        connection.execute(notes.insert().values(**row))
        record(connection, Entry(reader.name, "note", subject(post_id)), at=now)


def find_post(connection: Connection, platform: str, external_id: str) -> Row[Any]:
    """A post by the platform's own id.

    Raises
    ------
    UnknownPostError
        When it was never stored.
    """
    asked = sa.select(posts).where(posts.c.platform == platform, posts.c.external_id == external_id)
    row: Row[Any] | None = connection.execute(asked).one_or_none()
    if row is None:
        raise UnknownPostError
    return row


def _versions(connection: Connection, post_id: int) -> list[Version]:
    asked = sa.select(versions).where(versions.c.post_id == post_id).order_by(versions.c.number.desc())
    return [read_version(connection, row) for row in connection.execute(asked).all()]


def read_version(connection: Connection, row: Row[Any]) -> Version:
    """A version of a text with its scores."""
    columns = [column for column in scores.c if column.name != "version_id"]
    found = connection.execute(sa.select(*columns).where(scores.c.version_id == row.id).order_by(scores.c.label))
    by_label = {part.label: part._asdict() for part in found}
    scorer = connection.execute(sa.select(scorers).where(scorers.c.id == row.scorer_id)).one()._asdict()
    return Version(row.id, row.number, row.text, row.received_at, by_label, scorer)


def _history(connection: Connection, post_id: int) -> list[Past]:
    asked = (
        sa.select(decisions, users.c.pseudonym)
        .join(users, users.c.id == decisions.c.user_id)
        .where(decisions.c.post_id == post_id)
        .order_by(decisions.c.id)
    )
    past = []
    for row in connection.execute(asked).all():
        said = read_decision(connection, row.id)
        if said is not None:
            past.append(Past(row.id, row.pseudonym, row.decided_at, Stage(row.stage), row.undoes, said))
    return past


def _notes(connection: Connection, post_id: int) -> list[Note]:
    asked = (
        sa.select(users.c.pseudonym, notes.c.written_at, notes.c.text)
        .join(users, users.c.id == notes.c.user_id)
        .where(notes.c.post_id == post_id)
        .order_by(notes.c.id)
    )
    return [Note(*row) for row in connection.execute(asked)]


def _by_author(connection: Connection, post: Row[Any]) -> list[int]:
    if post.author is None:
        return []
    asked = (
        sa.select(posts.c.id)
        .where(
            posts.c.platform == post.platform,
            posts.c.author == post.author,
            posts.c.id != post.id,
            posts.c.desk.is_not(None),
        )
        .limit(AUTHORS_OTHERS)
    )
    return list(connection.execute(asked).scalars())


def read_campaign(connection: Connection, post: Row[Any]) -> Campaign:
    """The campaign of a post, with a sample of each way in which waiting copies like it differ."""
    row = connection.execute(sa.select(campaigns).where(campaigns.c.id == post.campaign_id)).one()
    all_of = sa.select(posts.c.author, posts.c.received_at, posts.c.state).where(posts.c.campaign_id == row.id)
    members = connection.execute(all_of).all()
    days: dict[str, int] = {}
    for member in members:
        day = member.received_at.date().isoformat()
        days[day] = days.get(day, 0) + 1
    authors = len({member.author for member in members if member.author})
    waiting = sum(member.state == State.COPY for member in members)
    samples = _samples(connection, post)
    return Campaign(
        row.id, row.size, waiting, authors, row.first_seen, row.last_seen, dict(sorted(days.items())), samples
    )


def _samples(connection: Connection, post: Row[Any]) -> list[Sample]:
    alike = (
        posts.c.campaign_id == post.campaign_id,
        posts.c.state == State.COPY,
        posts.c.band == post.band,
        posts.c.labels == post.labels,
    )
    grouped = (
        sa.select(posts.c.variant, sa.func.count().label("copies"), sa.func.min(posts.c.id).label("post_id"))
        .where(*alike)
        .group_by(posts.c.variant)
        .order_by(sa.desc("copies"), posts.c.variant)
        .limit(VARIANTS_SHOWN)
        .subquery()
    )
    asked = (
        sa.select(grouped, versions.c.text)
        .join(posts, posts.c.id == grouped.c.post_id)
        .join(versions, versions.c.id == posts.c.version_id)
        .order_by(grouped.c.copies.desc(), grouped.c.variant)
    )
    return [Sample(*row) for row in connection.execute(asked)]
