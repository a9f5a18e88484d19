"""How well reviewing goes: what waits, how fast it is read, how often readers agree, and what the scorer misses."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review.demo import COUNTS
from service.review.words import Outcome, SampledBy, Stage, State
from service.store.tables import decisions, posts, scores, verdicts

JUDGED: Final = (Outcome.CONFIRM, Outcome.NOT_AN_APPEAL, Outcome.UNSURE)
HOUR: Final = timedelta(hours=1)


class Agreement(NamedTuple):
    """Agreement of first and second readings on one label; `kappa` is NaN where all said the same."""

    label: str
    posts: int
    same: int
    kappa: float


class Share(NamedTuple):
    """A share of counts, with Wilson's 95 % interval; the whole range where nothing was counted."""

    hits: int
    tries: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.hits / self.tries if self.tries else None

    @classmethod
    def of(cls, hits: int, tries: int) -> Share:
        """A share with its interval."""
        import numpy as np

        from training.shares import wilson

        low, high = wilson(np.array(float(hits)), np.array(float(tries)))
        return cls(hits, tries, float(low), float(high))


class Precision(NamedTuple):
    """Of posts in one band of probability of a label, how many a reader confirmed."""

    label: str
    band: int
    judged: int
    confirmed: int


class Missed(NamedTuple):
    """Of the posts below the floor that were read as a sample, how many a reader confirmed, and how many that makes.

    Parameters
    ----------
    label : str
        Of the appeal.
    share : Share
        Of the sampled posts that were read.
    stands_for : float
        Posts below the floor that those confirmed stand for, each counted by one over its inclusion probability.
    """

    label: str
    share: Share
    stands_for: float


class Pace(NamedTuple):
    """How long decisions took since their post was claimed, in seconds; None where none was made."""

    decisions: int
    median: float | None
    slow: float | None


class Drift(NamedTuple):
    """How far the scores of the last days are from those before, by band; `chance` is what no change would give."""

    posts: int
    before: int
    psi: float
    chance: float


def agreement(connection: Connection) -> list[Agreement]:
    """How far first and blind second readings agree, label by label (Cohen's kappa).

    Readings that were undone do not count.
    """
    import numpy as np

    from training.kappa import cohen_kappa

    pairs = _pairs(connection)
    found = []
    for label in sorted({key[0] for key in pairs}):
        counts = [(one, other, number) for (each, one, other), number in pairs.items() if each == label]
        first, second = ([JUDGED.index(Outcome(str(count[place]))) for count in counts] for place in (0, 1))
        weights = np.array([count[2] for count in counts], float)
        same = sum(number for one, other, number in counts if one == other)
        kappa = cohen_kappa(np.array(first, float), np.array(second, float), weights)
        found.append(Agreement(label, int(weights.sum()), same, kappa))
    return found


def _pairs(connection: Connection) -> dict[tuple[str, str, str], int]:
    first, second = decisions.alias("first"), decisions.alias("second")
    one, other = verdicts.alias("one"), verdicts.alias("other")
    asked = (
        sa.select(one.c.label, one.c.outcome, other.c.outcome, sa.func.count())
        .select_from(second)
        .join(first, first.c.id == second.c.replaces)
        .join(posts, posts.c.id == second.c.post_id)
        .join(one, one.c.decision_id == first.c.id)
        .join(other, sa.and_(other.c.decision_id == second.c.id, other.c.label == one.c.label))
        .where(
            second.c.stage == Stage.SECOND,
            COUNTS,
            one.c.outcome.in_(JUDGED),
            other.c.outcome.in_(JUDGED),
            ~_undone(second),
        )
        .group_by(one.c.label, one.c.outcome, other.c.outcome)
    )
    return {(label, said, again): number for label, said, again, number in connection.execute(asked)}


def _undone(made: sa.FromClause) -> sa.ColumnElement[bool]:
    undoing = decisions.alias()
    return sa.exists().where(undoing.c.post_id == made.c.post_id, undoing.c.undoes == made.c.id)


def precision(connection: Connection) -> list[Precision]:
    """Share of confirmed posts by label and band, from the decisions that stand."""
    from service.review.priority import band_of

    counts: Counter[tuple[str, int, str]] = Counter()
    for row in connection.execute(_judged().where(verdicts.c.outcome.in_(JUDGED[:2]))):
        counts[row.label, band_of(row.probability), row.outcome] += 1
    return [
        Precision(
            label, band, sum(counts[label, band, one] for one in JUDGED[:2]), counts[label, band, Outcome.CONFIRM]
        )
        for label, band in sorted({key[:2] for key in counts})
    ]


def _judged() -> sa.Select[tuple[str, float, str, str, float, bool]]:
    return (
        sa.select(verdicts.c.label, scores.c.probability, verdicts.c.outcome, posts.c.sampled_by,
                  posts.c.inclusion_probability, scores.c.flagged)
        .join(decisions, decisions.c.id == verdicts.c.decision_id)
        .join(posts, posts.c.decision_id == decisions.c.id)
        .join(scores, sa.and_(scores.c.version_id == decisions.c.version_id, scores.c.label == verdicts.c.label))
        .where(posts.c.state == State.DECIDED)
    )  # fmt: skip


def missed(connection: Connection) -> list[Missed]:
    """What readers found among the posts below the floor that are read as a sample."""
    sampled = posts.c.sampled_by != SampledBy.SCORE
    counts: dict[str, list[float]] = {}
    for row in connection.execute(_judged().where(sampled, verdicts.c.outcome.in_(JUDGED[:2]))):
        one = counts.setdefault(row.label, [0, 0, 0.0])
        one[1] += 1
        if row.outcome == Outcome.CONFIRM:
            one[0] += 1
            one[2] += 1 / row.inclusion_probability
    return [Missed(label, Share.of(int(hits), int(tries)), stands) for label, (hits, tries, stands) in counts.items()]


def _made_since(since: datetime, column: sa.ColumnElement[Any]) -> sa.Select[Any]:
    joined = sa.select(column).join(posts, posts.c.id == decisions.c.post_id)
    return joined.where(decisions.c.decided_at >= since, decisions.c.stage != Stage.UNDO, COUNTS)


def by_hour(connection: Connection, now: datetime, hours: int) -> list[tuple[datetime, int]]:
    """Decisions made in each of the last hours, oldest first, each hour by its beginning."""
    begin = now.replace(minute=0, second=0, microsecond=0) - (hours - 1) * HOUR
    asked = _made_since(begin, decisions.c.decided_at)
    counts = Counter((made - begin) // HOUR for made in connection.execute(asked).scalars())
    return [(begin + hour * HOUR, counts[hour]) for hour in range(hours)]


def pace(connection: Connection, since: datetime) -> Pace:
    """How long decisions took since some time; the slow ones are those of which one in ten takes longer."""
    asked = _made_since(since, decisions.c.seconds).where(decisions.c.seconds.is_not(None))
    took = sorted(connection.execute(asked).scalars())
    if not took:
        return Pace(0, None, None)
    return Pace(len(took), took[len(took) // 2], took[min(len(took) - 1, len(took) * 9 // 10)])


def drift(connection: Connection, now: datetime, days: int = 7, before: int = 28) -> Drift | None:
    """Population stability index of the bands of posts that came in during the last days, against those before.

    Returns
    -------
    Drift or None
        None where either time saw no post.
    """
    import numpy as np

    from service.review.priority import BANDS
    from training.shares import by_chance, stability_index

    border, first = now - timedelta(days=days), now - timedelta(days=days + before)
    counts = np.array([[_came(connection, band, *time) for band in range(BANDS)]
                       for time in ((first, border), (border, now))], float)  # fmt: skip
    old, late = counts.sum(axis=1)
    if not old or not late:
        return None
    index = stability_index(counts[0] / old, counts[1] / late)
    return Drift(int(late), int(old), index, by_chance(BANDS, int(old), int(late)))


def _came(connection: Connection, band: int, begin: datetime, end: datetime) -> int:
    """Posts of one band that came in during a time; counted along an index, band by band."""
    during = posts.c.received_at.between(begin, end)
    return int(connection.execute(sa.select(sa.func.count()).where(posts.c.band == band, during)).scalar_one())
