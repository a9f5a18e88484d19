"""The words of reviewing: states, desks, stages, outcomes, roles. One place, so that a word is never misspelt."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a post stands."""

    QUEUED = "queued"  # waits for its first reader
    COPY = "copy"  # waits behind the card of its campaign
    SECOND = "second"  # waits for a blind second reading
    DISPUTE = "dispute"  # two readings differ: somebody else decides with both before them
    ESCALATED = "escalated"  # a reader asks for a lead
    APPEALED = "appealed"  # waits for another reader
    DECIDED = "decided"
    EXPIRED = "expired"  # nobody read it in time; its text is gone


class Desk(StrEnum):
    """Who may take a post."""

    REVIEW = "review"
    LEAD = "lead"


DESK_OF: Final[dict[State, Desk | None]] = {
    State.QUEUED: Desk.REVIEW,
    State.SECOND: Desk.REVIEW,
    State.APPEALED: Desk.REVIEW,
    State.DISPUTE: Desk.LEAD,
    State.ESCALATED: Desk.LEAD,
    State.COPY: None,
    State.DECIDED: None,
    State.EXPIRED: None,
}


class Stage(StrEnum):
    """What a decision is in the life of a post."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATION = "adjudication"
    APPEAL = "appeal"
    GOLDEN = "golden"  # of a post whose answer is known; changes nothing of it
    UNDO = "undo"


STAGE_OF: Final[dict[State, Stage]] = {
    State.QUEUED: Stage.FIRST,
    State.COPY: Stage.FIRST,
    State.SECOND: Stage.SECOND,
    State.DISPUTE: Stage.ADJUDICATION,
    State.ESCALATED: Stage.ADJUDICATION,
    State.APPEALED: Stage.APPEAL,
    State.DECIDED: Stage.GOLDEN,
}


class Outcome(StrEnum):
    """What a reader says of one label."""

    CONFIRM = "confirm"
    NOT_AN_APPEAL = "not_an_appeal"
    UNSURE = "unsure"
    ESCALATE = "escalate"
    SKIP = "skip"


class Role(StrEnum):
    """What an account may do; each may do what those before it may."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMIN = "admin"

    def at_least(self, other: Role) -> bool:
        """Whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class SampledBy(StrEnum):
    """Why a post is in the queue."""

    SCORE = "score"
    LOW_SCORE = "low_score"
    RANDOM = "random"


class Source(StrEnum):
    """Who reported a post; the later ones count more where several did."""

    NONE = "none"
    USER = "user"
    TRUSTED_FLAGGER = "trusted_flagger"
    AUTHORITY = "authority"


ROUTES: Final = ("foreign_army", "private_company", "armed_group", "paid_task", "cyber_task")
RECRUITMENT: Final = "recruitment"
SEPARATISM: Final = "separatism"
PEACEFUL: Final = "peaceful"
