"""Posts, scores, readers and decisions for the tests of reviewing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from classifier.model import LabelScore, Score
from service.review.arrivals import Arrival, Receipt, ScorerName
from service.review.claims import Reader
from service.review.desk import Review
from service.review.policy import Policy
from service.review.verdicts import Decision, Verdict
from service.review.words import Outcome, Role
from service.store.engine import Store
from service.store.tables import posts, users

LABELS = ("recruitment", "separatism")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCORER = ScorerName("made", "1", "0" * 64, "1" * 64, "guide", "balanced")
WEIGHTS = {"join": (0.95, 0.02), "north": (0.05, 0.9), "maybe": (0.3, 0.01), "warning": (0.2, 0.01), "both": (0.8, 0.7)}
PLAIN = Policy(random_share=0.0, low_share=0.0, second_share=0.0, golden_share=0.0)
CONFIRM = Verdict(Outcome.CONFIRM, "state_contract", "foreign_army")
NONE = Verdict(Outcome.NOT_AN_APPEAL, "news")
SECEDE = Verdict(Outcome.CONFIRM, "slogan", means="violent")
YES = Decision({"recruitment": CONFIRM})
NO = Decision({"recruitment": NONE})
OFFER = "join our unit any passport two thousand a month good pay and papers for the family write me in private"


def score(text: str, threshold: float = 0.5) -> Score:
    """Score by the first known word; a word with a number such as p0.7 sets the probability."""
    chances = next((pair for word, pair in WEIGHTS.items() if word in text.lower().split()), (0.01, 0.01))
    given = [float(word[1:]) for word in text.split() if word.startswith("p0.")]
    chances = (given[0], chances[1]) if given else chances
    labels = {
        label: LabelScore(chance, threshold, chance >= threshold, False, None)
        for label, chance in zip(LABELS, chances, strict=True)
    }
    return Score("en", labels)


@dataclass
class Office:
    """Everything of reviewing over a store, with shorthands."""

    store: Store
    review: Review
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    @classmethod
    def over(cls, store: Store, **policy: Any) -> Office:
        return cls(store, Review(store, replace(PLAIN, **policy), LABELS))

    def with_policy(self, **policy: Any) -> Office:
        return Office.over(self.store, **policy)

    def take(self, *arrivals: Arrival | str, at: datetime = NOON) -> list[Receipt]:
        made = [self.post(one) if isinstance(one, str) else one for one in arrivals]
        return self.review.intake.take(made, [score(one.text) for one in made], SCORER, at)

    def post(self, text: str, **facts: Any) -> Arrival:
        return Arrival(**{"platform": "forum", "id": f"p{next(self.numbers)}", "text": text} | facts)

    def row(self, external_id: str) -> Any:
        with self.store.read() as connection:
            return connection.execute(sa.select(posts).where(posts.c.external_id == external_id)).one()

    def states(self) -> dict[str, str]:
        with self.store.read() as connection:
            rows = connection.execute(sa.select(posts.c.external_id, posts.c.state).order_by(posts.c.id))
            return {row.external_id: row.state for row in rows}

    def reader(self, name: str, role: Role = Role.REVIEWER) -> Reader:
        row = {"name": name, "pseudonym": f"reader-{name}", "role": role, "created_at": NOON}
        with self.store.write() as connection:
            made = connection.execute(users.insert().values(**row).returning(users.c.id)).scalar_one()
        return Reader(made, name, row["pseudonym"], role)

    def read(self, reader: Reader, external_id: str, decision: Decision, at: datetime = NOON) -> int:
        """Claim one post and decide on it."""
        post = self.row(external_id)
        self.review.claims.take(reader, post.id, at)
        return self.review.deciding.decide(reader, post.id, post.version_id, decision, at + timedelta(seconds=9))

    def next_ids(self, readers: Sequence[Reader], at: datetime = NOON) -> list[int | None]:
        return [self.review.claims.take_next(reader, now=at) for reader in readers]
