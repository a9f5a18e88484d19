"""Posts arrive: once each, scored before they come here, near-copies found, in one transaction for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from service.review import campaigns
from service.review.arrivals import Arrival, Receipt, Scored, ScorerName, ranked, weigh
from service.review.joining import Copies, leave
from service.review.policy import Policy
from service.review.priority import band_of, due_key
from service.review.words import DESK_OF, State
from service.store import tables
from service.store.bulk import among, insert_many
from service.store.engine import Store

if TYPE_CHECKING:
    from classifier.model import Score

FINISHED: Final = (State.DECIDED, State.EXPIRED)


class Intake:
    """Takes posts into a store.

    Parameters
    ----------
    store : Store
        Where they go.
    policy : Policy
        What goes into the queue, and where in it.
    """

    def __init__(self, store: Store, policy: Policy) -> None:
        self.store = store
        self.policy = policy

    @cached_property
    def salt(self) -> str:
        """What sampling is drawn with, made with the database."""
        with self.store.read() as connection:
            asked = sa.select(tables.facts.c.value).where(tables.facts.c.name == "salt")
            return str(connection.execute(asked).scalar_one())

    def take(
        self, arrivals: Sequence[Arrival], scores: Sequence[Score], scorer: ScorerName, at: datetime | None = None
    ) -> list[Receipt]:
        """Take scored posts; when this returns, they are there to stay.

        Parameters
        ----------
        arrivals : sequence of Arrival
            The posts; the same post may come twice.
        scores : sequence of Score
            Of their texts, in the same order.
        scorer : ScorerName
            Who scored.
        at : datetime, optional
            When; now by default.

        Returns
        -------
        list of Receipt
            In the same order.

        Raises
        ------
        StoreAwayError
            When the database cannot be used; nothing was taken.
        """
        salt = self.salt
        scored = [weigh(one, score, self.policy, salt) for one, score in zip(arrivals, scores, strict=True)]
        receipts: list[Receipt] = []
        with self.store.write(arrivals=True) as connection:
            scorer_id = _scorer_id(connection, scorer)
            for part in apart(scored):
                receipts += Batch(connection, self.policy, scorer_id, at or datetime.now(UTC)).take(part)
        return receipts


def apart(posts: Sequence[Scored]) -> Iterator[list[Scored]]:
    """Consecutive parts in which no post stands twice."""
    part: dict[tuple[str, str], Scored] = {}
    for post in posts:
        if post.arrival.key in part:
            yield list(part.values())
            part = {}
        part[post.arrival.key] = post
    if part:
        yield list(part.values())


def _scorer_id(connection: Connection, scorer: ScorerName) -> int:
    table, facts = tables.scorers, scorer._asdict()
    asked = sa.select(table.c.id).where(*(table.c[name] == value for name, value in facts.items()))
    known = connection.execute(asked).scalar()
    return int(known or connection.execute(table.insert().values(**facts).returning(table.c.id)).scalar_one())


@dataclass
class Batch:
    """Posts that arrive in one transaction, each once."""

    connection: Connection
    policy: Policy
    scorer_id: int
    at: datetime
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in ("posts", "versions", "scores", "sketches", "bands")}
    )

    def take(self, posts: Sequence[Scored]) -> list[Receipt]:
        """Take them; see `Intake.take`."""
        known = self._known(posts)
        last, self._version_id = _last_id(self.connection, tables.posts), _last_id(self.connection, tables.versions)
        fresh = [post for post in posts if post.arrival.key not in known and post.sampled_by]
        self._ids = {post.arrival.key: last + number for number, post in enumerate(fresh, 1)}
        edited = {
            known[post.arrival.key].id
            for post in posts
            if post.arrival.key in known and known[post.arrival.key].sha256 != post.sha256
        }
        by_id = {self._ids[post.arrival.key]: post for post in fresh}
        self._copies = Copies(self.connection, self.policy, self.at, by_id, edited)
        receipts = [self._one(post, known.get(post.arrival.key)) for post in posts]
        for name, rows in self.rows.items():
            insert_many(self.connection, tables.metadata.tables[name], rows)
        self._copies.close()
        self._count([post for post in posts if post.arrival.key not in known])
        return receipts

    def _known(self, posts: Sequence[Scored]) -> dict[tuple[str, str], Row[Any]]:
        found: dict[tuple[str, str], Row[Any]] = {}
        by_platform: dict[str, list[str]] = {}
        for post in posts:
            by_platform.setdefault(post.arrival.platform, []).append(post.arrival.id)
        table = tables.posts
        for platform, ids in by_platform.items():
            asked = (
                sa.select(table, tables.versions.c.sha256, tables.versions.c.number)
                .join(tables.versions, tables.versions.c.id == table.c.version_id)
                .where(table.c.platform == platform, among(self.connection, table.c.external_id, ids))
                .with_for_update(of=table)
            )
            found |= {(row.platform, row.external_id): row for row in self.connection.execute(asked)}
        return found

    def _one(self, post: Scored, known: Row[Any] | None) -> Receipt:
        if known is not None:
            return self._again(post, known)
        if post.sampled_by is None:
            return Receipt(*post.arrival.key, "below_floor", None)
        return Receipt(*post.arrival.key, "new", self._new(post))

    def _new(self, post: Scored) -> State:
        post_id, version_id = self._ids[post.arrival.key], self._next_version()
        place = self._copies.place(post_id)
        arrival, chances = post.arrival, post.chances
        rank = -self.policy.priority.of(chances, self.at, reach=arrival.reach)
        self.rows["posts"].append(
            {
                "id": post_id, "platform": arrival.platform, "external_id": arrival.id, "author": arrival.author,
                "url": arrival.url, "parent_text": arrival.parent_text, "created_at": arrival.created_at,
                "received_at": self.at, "expires_at": self.at + self.policy.keep, "due_at": arrival.due_at,
                "reach": arrival.reach, "source": arrival.source, "lang": post.score.detected_lang,
                "state": place.state, "desk": DESK_OF[place.state], "labels": post.labels,
                "probability": post.probability, "band": post.band, "due_key": due_key(arrival.due_at), "rank": rank,
                "campaign_id": place.campaign, "variant": place.variant, "sampled_by": post.sampled_by,
                "inclusion_probability": post.inclusion_probability, "version_id": version_id,
            }
        )  # fmt: skip
        self._version(post_id, version_id, 1, post)
        if place.campaign is None and post.sketch:
            self.rows["sketches"].append(post.sketch.row(post_id))
            self.rows["bands"] += campaigns.band_rows(post_id, post.sketch)
        return place.state

    def _next_version(self) -> int:
        self._version_id += 1
        return self._version_id

    def _version(self, post_id: int, version_id: int, number: int, post: Scored) -> None:
        self.rows["versions"].append(
            {"id": version_id, "post_id": post_id, "number": number, "text": post.arrival.text, "sha256": post.sha256,
             "received_at": self.at, "scorer_id": self.scorer_id}
        )  # fmt: skip
        self.rows["scores"] += (
            {"version_id": version_id, "label": label, "probability": part.probability, "threshold": part.threshold,
             "flagged": part.flagged, "reason": part.reason}
            for label, part in post.score.labels.items()
        )  # fmt: skip

    def _again(self, post: Scored, known: Row[Any]) -> Receipt:
        """The same post once more: its report may weigh more now, or its text may have changed."""
        changes: dict[str, Any] = {}
        due = min((date for date in (known.due_at, post.arrival.due_at) if date), default=None)
        if due != known.due_at:
            changes |= {"due_at": due, "due_key": due_key(due)}
        if ranked(post.arrival.source) > ranked(known.source):
            changes["source"] = post.arrival.source
        edited = post.sha256 != known.sha256
        if edited:
            changes |= self._edited(post, known)
        if changes:
            self.connection.execute(tables.posts.update().where(tables.posts.c.id == known.id).values(**changes))
        return Receipt(*post.arrival.key, "edited" if edited else "known", changes.get("state", known.state))

    def _edited(self, post: Scored, known: Row[Any]) -> dict[str, Any]:
        version_id = self._next_version()
        self._version(known.id, version_id, known.number + 1, post)
        # An edit never takes a post away from its reader: what it said before was public too.
        rank = -self.policy.priority.of(post.chances, known.received_at, reach=known.reach)
        flagged = {*known.labels.split("+"), *post.labels.split("+")}
        labels = "+".join(label for label in post.score.labels if label in flagged)
        probability = max(known.probability, post.probability)
        changes = {
            "version_id": version_id, "rank": min(rank, known.rank), "labels": labels, "probability": probability,
            "band": band_of(probability), "lang": post.score.detected_lang, "campaign_id": None, "variant": "",
        }  # fmt: skip
        campaigns.forget(self.connection, [known.id])
        leave(self.connection, known)
        if known.state == State.COPY or (known.state in FINISHED and post.labels):
            changes |= {"state": State.QUEUED, "desk": DESK_OF[State.QUEUED], "claimed_by": None}
            changes["expires_at"] = self.at + self.policy.keep
        return changes

    def _count(self, posts: Sequence[Scored]) -> None:
        day = self.at.date().isoformat()
        counts = Counter(
            (day, post.arrival.platform, post.score.detected_lang, post.sampled_by or "below_floor") for post in posts
        )
        names = ("day", "platform", "lang", "outcome")
        for key, number in counts.items():
            dialect: Any = sqlite if self.connection.dialect.name == "sqlite" else postgresql
            row = dialect.insert(tables.tallies).values(**dict(zip(names, key, strict=True)), posts=number)
            grown = {"posts": tables.tallies.c.posts + row.excluded.posts}
            self.connection.execute(row.on_conflict_do_update(index_elements=names, set_=grown))


def _last_id(connection: Connection, table: sa.Table) -> int:
    # Posts arrive one transaction after the other, so the next number is free until this one ends.
    return int(connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0)
