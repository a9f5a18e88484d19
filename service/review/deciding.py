"""Decisions: appended, never changed; each moves its post to the next state."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from service.review.claims import Reader, claimed, end
from service.review.errors import EditedError, NotAllowedError, TakenError, VerdictError
from service.review.joining import pass_on
from service.review.policy import Policy, drawn
from service.review.records import append, read_decision
from service.review.undoing import take_back
from service.review.verdicts import Decision, alike, check
from service.review.words import DESK_OF, PEACEFUL, SEPARATISM, STAGE_OF, Desk, Outcome, Role, Stage, State
from service.store.engine import Store
from service.store.tables import appeals, claims, decisions, notes, posts

JUDGED = (Outcome.CONFIRM, Outcome.NOT_AN_APPEAL)


@dataclass(frozen=True)
class Deciding:
    """Takes decisions of readers.

    Parameters
    ----------
    store : Store
        Where posts are.
    policy : Policy
        Which share is read twice.
    labels : sequence of str
        Labels that can be judged.
    """

    store: Store
    policy: Policy
    labels: Sequence[str]

    def decide(
        self, reader: Reader, post_id: int, version_id: int, decision: Decision, now: datetime | None = None
    ) -> int:
        """Decide on a post that this reader has.

        Parameters
        ----------
        reader : Reader
            Who decides.
        post_id, version_id : int
            The post and the version of its text that was read.
        decision : Decision
            What they say.
        now : datetime, optional
            The present by default.

        Returns
        -------
        int
            The decision, by which it can be undone.

        Raises
        ------
        VerdictError
            When it is incomplete.
        TakenError
            When the post is not, or no longer, this reader's.
        EditedError
            When the text changed in between.
        """
        check(decision, self.labels)
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            post = claimed(connection, reader, post_id, now)
            reader.require(Role.LEAD if post.desk == Desk.LEAD else Role.REVIEWER)
            if post.version_id != version_id:
                raise EditedError
            return Deed(connection, reader, decision, now).apply(post, self._next_state)

    def decide_campaign(
        self,
        reader: Reader,
        post_id: int,
        version_id: int,
        decision: Decision,
        variants: Sequence[str],
        now: datetime | None = None,
    ) -> tuple[str, int]:
        """Decide on a card and on those of its copies of which this reader saw a sample.

        Parameters
        ----------
        reader, post_id, version_id, decision, now
            See `decide`.
        variants : sequence of str
            Of which `sample` showed a copy; others stay in the queue.

        Returns
        -------
        bulk : str
            By which it can be undone as one.
        covered : int
            Posts decided, the card included.

        Raises
        ------
        VerdictError
            Also when peaceful separatism would be confirmed, which is never done in bulk.
        """
        check(decision, self.labels)
        _refuse_bulk(decision)
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            post = claimed(connection, reader, post_id, now)
            if post.version_id != version_id:
                raise EditedError
            if post.campaign_id is None or post.state != State.QUEUED:
                raise VerdictError("this post has no copies that wait; decide on it alone")
            bulk = secrets.token_hex(8)
            deed = Deed(connection, reader, decision, now, bulk)
            covered = copies_like(connection, post, variants, locking=True)
            deed.apply(post, self._next_state, passing_on=False)
            for copy in covered:
                deed.apply(copy, lambda *_: State.DECIDED, passing_on=False)
            pass_on(connection, post.campaign_id, post.id)
            return bulk, 1 + len(covered)

    def undo(self, reader: Reader, decision_id: int, now: datetime | None = None) -> int:
        """Take back a decision, and with it all that were made by the same stroke; a record of its own.

        Parameters
        ----------
        reader : Reader
            Who made it, or a lead.
        decision_id : int
            What is taken back.

        Returns
        -------
        int
            How many posts it covered; each waits again as before, the first one with this reader.

        Raises
        ------
        TakenError
            When somebody has decided or is reading on since.
        NotAllowedError
            When it is somebody else's and the reader is no lead.
        """
        now = now or datetime.now(UTC)
        with self.store.write() as connection:
            asked = sa.select(decisions).where(decisions.c.id == decision_id)
            made = connection.execute(asked).first()
            if made is None or made.stage in (Stage.UNDO, Stage.GOLDEN):
                raise TakenError
            if made.user_id != reader.id and not reader.role.at_least(Role.LEAD):
                raise NotAllowedError("only who decided, or a lead, can undo this")
            same = sa.select(decisions).where(decisions.c.bulk == made.bulk, decisions.c.stage != Stage.UNDO)
            together = connection.execute(same).all() if made.bulk else [made]
            for one in sorted(together, key=lambda row: (row.id != decision_id, row.id)):
                take_back(connection, reader, one, now, self.policy, keep=one.id == decision_id)
            return len(together)

    def _next_state(self, post: Row[Any], decision: Decision, before: Decision | None) -> State:
        outcomes = decision.outcomes()
        if post.state == State.DECIDED:
            return State.DECIDED
        if decision.threat_to_life or Outcome.ESCALATE in outcomes:
            return State.ESCALATED if post.state != State.DISPUTE else State.DECIDED
        stage = STAGE_OF[State(post.state)]
        if outcomes == {Outcome.SKIP}:
            return State(post.state)
        if stage is Stage.FIRST:
            return State.SECOND if self._read_twice(post) or Outcome.UNSURE in outcomes else State.DECIDED
        if stage is Stage.SECOND:
            return State.DECIDED if before is not None and alike(before, decision) else State.DISPUTE
        return State.DECIDED

    def _read_twice(self, post: Row[Any]) -> bool:
        return drawn(f"second {post.id} {post.version_id}", self.policy.second_share)


def _refuse_bulk(decision: Decision) -> None:
    if any(verdict.means == PEACEFUL for verdict in decision.verdicts.values()):
        raise VerdictError(f"{SEPARATISM}: peaceful appeals are lawful in most places; decide on each copy by itself")
    if decision.outcomes() - set(JUDGED):
        raise VerdictError("only what is confirmed or no appeal can be said of all copies; decide on this one alone")


@dataclass(frozen=True)
class Deed:
    """One stroke of a reader, over one post or many."""

    connection: Connection
    reader: Reader
    decision: Decision
    now: datetime
    bulk: str | None = None

    def apply(self, post: Row[Any], next_state: Any, *, passing_on: bool = True) -> int:
        """Append the decision and move the post on."""
        stage = STAGE_OF[State(post.state)]
        state = next_state(post, self.decision, read_decision(self.connection, post.decision_id))
        skipped = self.decision.outcomes() == {Outcome.SKIP}
        made = self._append(post, stage)
        changes: dict[str, Any] = {"state": state, "desk": DESK_OF[state]}
        if not skipped and stage is not Stage.GOLDEN:
            changes["decision_id"] = made
        self.connection.execute(posts.update().where(posts.c.id == post.id).values(**changes))
        if post.claimed_by is not None:
            end(self.connection, [post.id], "skipped" if skipped else "decided", self.now)
        if stage is Stage.APPEAL and not skipped:
            open_one = sa.and_(appeals.c.post_id == post.id, appeals.c.settled_by.is_(None))
            self.connection.execute(appeals.update().where(open_one).values(settled_by=made))
        if passing_on and post.campaign_id is not None and not skipped:
            pass_on(self.connection, post.campaign_id, post.id)
        return made

    def _append(self, post: Row[Any], stage: Stage) -> int:
        if self.decision.note:
            note = {"post_id": post.id, "user_id": self.reader.id, "written_at": self.now, "text": self.decision.note}
            self.connection.execute(notes.insert().values(**note))
        row = {
            "post_id": post.id, "version_id": post.version_id, "user_id": self.reader.id, "decided_at": self.now,
            "stage": stage, "seconds": _seconds(self.connection, post, self.now), "bulk": self.bulk,
            "replaces": post.decision_id, "undoes": None, "person_at_risk": self.decision.person_at_risk,
            "threat_to_life": self.decision.threat_to_life,
        }  # fmt: skip
        return append(self.connection, self.reader, row, self.decision.verdicts)


def _seconds(connection: Connection, post: Row[Any], now: datetime) -> float | None:
    if post.claimed_by is None:
        return None
    asked = sa.select(claims.c.claimed_at).where(claims.c.post_id == post.id, claims.c.ended_at.is_(None))
    since = connection.execute(asked).scalar()
    return None if since is None else (now - since).total_seconds()


def copies_like(
    connection: Connection, post: Row[Any], variants: Sequence[str], *, locking: bool = False
) -> Sequence[Row[Any]]:
    """Copies that wait behind a card, of the card's own variant and of those named, in its band and for its labels."""
    chosen = [
        posts.c.campaign_id == post.campaign_id,
        posts.c.state == State.COPY,
        posts.c.id != post.id,
        posts.c.variant.in_({post.variant, *variants}),
        posts.c.band == post.band,
        posts.c.labels == post.labels,
    ]
    asked = sa.select(posts).where(*chosen).order_by(posts.c.id)
    return connection.execute(asked.with_for_update() if locking else asked).all()
