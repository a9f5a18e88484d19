"""Decisions that stand, as labelled posts that `clarion train` reads; streamed, readers by pseudonym."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from service.review.demo import IS_REAL
from service.review.words import SEPARATISM, Outcome, State
from service.store.bulk import among
from service.store.tables import decisions, posts, scorers, scores, users, verdicts, versions
from training.guide import LANGUAGES

AT_ONCE: Final = 500
BEFORE: Final = ("id", "text", "lang")
AFTER: Final = ("means", "uncertain", "reader", "decided_at", "model", "policy", "sampled_by", "inclusion_probability",
                "source")  # fmt: skip
# To be paged by number: the index of states would give all decided posts, to be sorted anew for every page.
STANDS: Final = sa.and_(sa.func.coalesce(posts.c.state, "") == State.DECIDED, IS_REAL)
VALUES: Final = {Outcome.CONFIRM: 1, Outcome.NOT_AN_APPEAL: 0}


def labels_of(connection: Connection) -> list[str]:
    """Every label that decided posts were scored for."""
    asked = (
        sa.select(scores.c.label)
        .join(posts, posts.c.version_id == scores.c.version_id)
        .where(posts.c.state == State.DECIDED)
        .distinct()
    )
    return sorted(connection.execute(asked).scalars())


def decided(connection: Connection) -> Iterator[dict[str, Any]]:
    """Rows of the export, in the order in which posts came in.

    Parameters
    ----------
    connection : Connection
        Of a reading transaction.

    Yields
    ------
    dict
        One decided post: 1, 0 or None for each label; `uncertain` names labels that its reader was unsure of. Posts
        whose text is gone, and those of the demonstration, are left out.
    """
    labels, last = labels_of(connection), 0
    while rows := connection.execute(_page(last)).all():
        last = rows[-1].post
        said: dict[int, list[Row[Any]]] = {}
        parts = among(connection, verdicts.c.decision_id, [row.decision for row in rows])
        for part in connection.execute(sa.select(verdicts).where(parts)):
            said.setdefault(part.decision_id, []).append(part)
        yield from (_row(row, said.get(row.decision, []), labels) for row in rows)


def _page(after: int) -> sa.Select[Any]:
    shown = (posts.c.id.label("post"), posts.c.platform, posts.c.external_id, posts.c.lang, posts.c.sampled_by,
             posts.c.inclusion_probability, versions.c.text, decisions.c.id.label("decision"), decisions.c.decided_at,
             users.c.pseudonym, scorers.c.model, scorers.c.model_version, scorers.c.policy_version)  # fmt: skip
    return (
        sa.select(*shown)
        .join(decisions, decisions.c.id == posts.c.decision_id)
        .join(versions, versions.c.id == decisions.c.version_id)
        .join(scorers, scorers.c.id == versions.c.scorer_id)
        .join(users, users.c.id == decisions.c.user_id)
        .where(STANDS, posts.c.id > after, versions.c.text.is_not(None))
        .order_by(posts.c.id)
        .limit(AT_ONCE)
    )


def _row(row: Row[Any], said: list[Row[Any]], labels: list[str]) -> dict[str, Any]:
    outcomes = {part.label: Outcome(part.outcome) for part in said}
    means = [part.means for part in said if part.label == SEPARATISM and part.means]
    return {
        "id": f"{row.platform}/{row.external_id}",
        "text": row.text,
        "lang": row.lang if row.lang in LANGUAGES else "",
        **{label: VALUES.get(outcomes[label]) if label in outcomes else None for label in labels},
        "means": means[0] if means else "",
        "uncertain": " ".join(label for label in labels if outcomes.get(label) is Outcome.UNSURE),
        "reader": row.pseudonym,
        "decided_at": row.decided_at.isoformat(timespec="seconds"),
        "model": f"{row.model} {row.model_version}",
        "policy": row.policy_version,
        "sampled_by": row.sampled_by,
        "inclusion_probability": row.inclusion_probability,
        "source": "review",
    }
