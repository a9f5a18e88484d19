"""How well reviewing goes: agreement of blind readings, precision by band, how often appeals change a decision."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review.words import Outcome, Stage, State
from service.store.tables import decisions, posts, scores, verdicts

JUDGED: Final = (Outcome.CONFIRM, Outcome.NOT_AN_APPEAL, Outcome.UNSURE)


class Agreement(NamedTuple):
    """Agreement of first and second readings on one label; `kappa` is NaN where all said the same."""

    label: str
    posts: int
    same: int
    kappa: float


class Precision(NamedTuple):
    """Of posts in one band of probability of a label, how many a reader confirmed."""

    label: str
    band: int
    judged: int
    confirmed: int


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
    undone = decisions.alias()
    first, second = decisions.alias("first"), decisions.alias("second")
    one, other = verdicts.alias("one"), verdicts.alias("other")
    asked = (
        sa.select(one.c.label, one.c.outcome, other.c.outcome, sa.func.count())
        .select_from(second)
        .join(first, first.c.id == second.c.replaces)
        .join(one, one.c.decision_id == first.c.id)
        .join(other, sa.and_(other.c.decision_id == second.c.id, other.c.label == one.c.label))
        .where(
            second.c.stage == Stage.SECOND,
            one.c.outcome.in_(JUDGED),
            other.c.outcome.in_(JUDGED),
            ~sa.exists().where(undone.c.post_id == second.c.post_id, undone.c.undoes == second.c.id),
        )
        .group_by(one.c.label, one.c.outcome, other.c.outcome)
    )
    return {(label, said, again): number for label, said, again, number in connection.execute(asked)}


def precision(connection: Connection) -> list[Precision]:
    """Share of confirmed posts by label and band, from the decisions that stand."""
    from service.review.priority import band_of

    asked = (
        sa.select(verdicts.c.label, scores.c.probability, verdicts.c.outcome)
        .join(decisions, decisions.c.id == verdicts.c.decision_id)
        .join(posts, posts.c.decision_id == decisions.c.id)
        .join(scores, sa.and_(scores.c.version_id == decisions.c.version_id, scores.c.label == verdicts.c.label))
        .where(posts.c.state == State.DECIDED, verdicts.c.outcome.in_(JUDGED[:2]))
    )
    counts: Counter[tuple[str, int, str]] = Counter()
    for label, probability, outcome in connection.execute(asked):
        counts[label, band_of(probability), outcome] += 1
    return [
        Precision(
            label, band, sum(counts[label, band, one] for one in JUDGED[:2]), counts[label, band, Outcome.CONFIRM]
        )
        for label, band in sorted({key[:2] for key in counts})
    ]
