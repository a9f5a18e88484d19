"""Taking a decision back: a record of its own, and the post waits again as before."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from service.review.claims import Reader, locked
from service.review.errors import TakenError
from service.review.policy import Policy
from service.review.records import append, read_decision
from service.review.words import DESK_OF, Outcome, Stage, State
from service.store.tables import appeals, campaigns, claims, decisions, posts

STATE_BEFORE: Final = {
    Stage.FIRST: State.QUEUED,
    Stage.SECOND: State.SECOND,
    Stage.ADJUDICATION: State.DISPUTE,
    Stage.APPEAL: State.APPEALED,
}


def take_back(
    connection: Connection, reader: Reader, made: Row[Any], now: datetime, policy: Policy, *, keep: bool
) -> None:
    """Take back one decision; with `keep`, its reader has the post again.

    Raises
    ------
    TakenError
        When somebody has decided or is reading on since.
    """
    post = locked(connection, made.post_id)
    skipped = post.decision_id != made.id
    taken = post.claimed_until is not None and post.claimed_until > now and post.claimed_by != reader.id
    if taken or (skipped and not _was_skip(connection, made)):
        raise TakenError
    row = {
        "post_id": post.id, "version_id": made.version_id, "user_id": reader.id, "decided_at": now,
        "stage": Stage.UNDO, "seconds": None, "bulk": made.bulk, "replaces": post.decision_id, "undoes": made.id,
        "person_at_risk": False, "threat_to_life": False,
    }  # fmt: skip
    append(connection, reader, row, {})
    changes = _as_before(connection, post, made, keep=keep)
    if keep:
        changes |= {"claimed_by": reader.id, "claimed_until": now + policy.claim}
        connection.execute(claims.insert().values(post_id=post.id, user_id=reader.id, claimed_at=now))
    connection.execute(posts.update().where(posts.c.id == post.id).values(**changes))
    if made.stage == Stage.APPEAL:
        settled = sa.and_(appeals.c.post_id == post.id, appeals.c.settled_by == made.id)
        connection.execute(appeals.update().where(settled).values(settled_by=None))


def _was_skip(connection: Connection, made: Row[Any]) -> bool:
    said = read_decision(connection, made.id)
    undone = connection.execute(sa.select(decisions.c.id).where(decisions.c.undoes == made.id)).first()
    return undone is None and said is not None and said.outcomes() == {Outcome.SKIP}


def _as_before(connection: Connection, post: Row[Any], made: Row[Any], *, keep: bool) -> dict[str, Any]:
    if post.decision_id != made.id:
        return {}
    state = STATE_BEFORE[Stage(made.stage)]
    if made.stage == Stage.ADJUDICATION and not _was_disputed(connection, made):
        state = State.ESCALATED
    if made.bulk is not None:
        state = State.QUEUED if keep else State.COPY
        if keep:
            one = campaigns.c.id == post.campaign_id
            connection.execute(campaigns.update().where(one).values(lead_id=post.id))
    return {"state": state, "desk": DESK_OF[state], "decision_id": made.replaces}


def _was_disputed(connection: Connection, made: Row[Any]) -> bool:
    asked = sa.select(decisions.c.stage).where(decisions.c.id == made.replaces)
    return connection.execute(asked).scalar() == Stage.SECOND
