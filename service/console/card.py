"""What the page of one post shows: the post, why it was flagged, what is known of it, and what may be done with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from classifier.visible import shown
from service.api.items import Refusal
from service.console.listing import reader_names, reading_for
from service.console.view import PostView, view_post
from service.console.visit import Visit
from service.review.golden import is_golden
from service.review.priority import BANDS
from service.review.queue import read_by
from service.review.reading import Past, Reading, Version, read_post
from service.review.words import Desk, Outcome, Role, Stage, State
from service.store.tables import posts, users

MINE, FREE, OTHERS, READ, CLOSED, NOT_MY_DESK = "mine", "free", "others", "read", "closed", "desk"
JUDGED: Final = (Stage.FIRST, Stage.SECOND)


@dataclass(frozen=True)
class Difference:
    """A run of words of a copy, and whether the card lacks it."""

    text: str
    added: bool


@dataclass(frozen=True)
class Card:
    """Everything that the page of a post shows.

    Parameters
    ----------
    reading : Reading
        What the store knows.
    view : PostView or None
        Why it is flagged, by what scores now; None once its text is gone, or where it cannot be scored any more.
    standing : str
        Whether the post is mine, free, with others, read by me already, closed, or of a desk that I may not take from.
    holder : str
        Pseudonym of whom it is with.
    rescored : bool
        Whether what scores now is not what scored the post when it came in.
    undoable : Past or None
        The decision that this reader may take back.
    colleagues : list of str
        To whom it can be handed over.
    disputed : list of Past
        Both readings, for who decides between them.
    golden : bool
        Whether it is a golden post; told to leads only.
    resting : timedelta or None
        How long this reader has been reading without a rest, once that is long.
    """

    reading: Reading
    view: PostView | None
    standing: str
    holder: str
    rescored: bool
    undoable: Past | None
    colleagues: list[str]
    disputed: list[Past]
    golden: bool
    resting: timedelta | None

    @property
    def version(self) -> Version:
        """The text as it is."""
        return self.reading.versions[0]

    @property
    def flagged(self) -> list[str]:
        """Labels to be judged: those at or above the floor, or the likeliest one where the post is a sample."""
        return flagged_labels(self.version)

    @property
    def state(self) -> str:
        """Where the post stands, as this reader may know: a golden one looks like any that waits."""
        state = str(self.reading.post["state"])
        return State.QUEUED if self.standing == MINE and state == State.DECIDED else state

    @property
    def covered(self) -> int:
        """Copies that a decision on all of them covers without a further sample: those with the card's own words."""
        campaign = self.reading.campaign
        own = self.reading.post["variant"]
        return sum(sample.copies for sample in campaign.samples if sample.variant == own) if campaign else 0

    @property
    def bulk(self) -> bool:
        """Whether one decision may cover copies."""
        campaign = self.reading.campaign
        return bool(campaign and campaign.samples) and self.reading.post["state"] == State.QUEUED


def flagged_labels(version: Version) -> list[str]:
    """Labels at or above the floor; the likeliest one where there is none."""
    scores = version.scores
    found = [label for label, score in scores.items() if score["flagged"]]
    return found or [max(scores, key=lambda label: float(scores[label]["probability"]))]


def open_card(visit: Visit, post_id: int) -> Card:
    """Read a post for whoever asks, which the audit log notes.

    Raises
    ------
    UnknownPostError
        When there is none.
    """
    now, store = datetime.now(UTC), visit.site.review.store
    reading = read_post(store, visit.reader, post_id, now)
    post = reading.post
    with store.read() as connection:
        has_read = connection.execute(sa.select(posts.c.id).where(posts.c.id == post_id, read_by(visit.reader.id)))
        standing = _standing(visit, post, now, has_read=has_read.first() is not None)
        holder = reader_names(connection, {post["claimed_by"]} - {None}).get(post["claimed_by"], "")
        others = sa.select(users.c.name).where(users.c.id != visit.reader.id, users.c.disabled_at.is_(None),
                                               users.c.role != Role.VIEWER)  # fmt: skip
        colleagues = list(connection.execute(others.order_by(users.c.name)).scalars()) if standing == MINE else []
        resting = reading_for(connection, visit.reader.id, now)
        marked = visit.reader.role.at_least(Role.LEAD) and standing != MINE and is_golden(connection, post_id)
    served = visit.site.scorer.classifier
    scorer = reading.versions[0].scorer
    rescored = (scorer["sha256"], scorer["cues_sha256"]) != (served.sha256, served.cues_sha256)
    disputed = [past for past in _standing_decisions(reading.history) if past.stage in JUDGED]
    return Card(
        reading, _view(visit, reading), standing, holder, rescored, _undoable(visit, reading), colleagues,
        disputed if post["state"] == State.DISPUTE else [], marked, resting,
    )  # fmt: skip


def _standing(visit: Visit, post: dict[str, Any], now: datetime, *, has_read: bool) -> str:
    claimed = post["claimed_until"] is not None and post["claimed_until"] > now
    if claimed and post["claimed_by"] == visit.reader.id:
        return MINE
    if post["desk"] is None:
        return CLOSED
    if claimed:
        return OTHERS
    needed = Role.LEAD if post["desk"] == Desk.LEAD else Role.REVIEWER
    if not visit.reader.role.at_least(needed):
        return NOT_MY_DESK
    return READ if has_read else FREE


def _view(visit: Visit, reading: Reading) -> PostView | None:
    newest = reading.versions[0]
    if newest.text is None:
        return None
    scorer = visit.site.scorer
    served, profile = scorer.classifier, newest.scorer["profile"]
    known = profile if profile in served.manifest.profiles else scorer.settings.profile
    score = scorer.explain(served, newest.text, known)
    return None if isinstance(score, Refusal) else view_post(newest.text, score, served, known, visit.words)


def _standing_decisions(history: Sequence[Past]) -> list[Past]:
    undone = {past.undoes for past in history}
    return [past for past in history if past.stage != Stage.UNDO and past.id not in undone]


def _undoable(visit: Visit, reading: Reading) -> Past | None:
    """The last decision on the post, where it stands and this reader may take it back."""
    made = [past for past in _standing_decisions(reading.history) if past.decision.outcomes() != {Outcome.SKIP}]
    if not made or made[-1].id != reading.post["decision_id"]:
        return None
    own = made[-1].reader == visit.reader.pseudonym
    return made[-1] if own or visit.reader.role.at_least(Role.LEAD) else None


def differences(text: str, other: str) -> list[Difference]:
    """A copy cut into what the card has too and what is added, word by word; both made safe to show."""
    ours, theirs = (re.findall(r"\s+|\S+", shown(one)) for one in (text, other))
    found: Iterator[Difference] = (
        Difference("".join(theirs[begin:end]), tag != "equal")
        for tag, _, _, begin, end in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
        if end > begin
    )
    return list(found)


def band_steps(band: int) -> list[bool]:
    """The bands from the lowest, and whether each is reached: drawn as steps."""
    return [step <= band for step in range(BANDS)]
