"""Everything of reviewing over one store, put together once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.review.appeals import Appeals
from service.review.claims import Claims, Reader
from service.review.deciding import Deciding
from service.review.golden import Golden
from service.review.intake import Intake
from service.review.policy import Policy
from service.review.queue import Filters
from service.store.engine import Store


@dataclass(frozen=True)
class Review:
    """What pages, routes and commands work with.

    Parameters
    ----------
    store : Store
        Where everything is.
    policy : Policy
        What whoever runs the service decides.
    labels : sequence of str
        Labels of the model.
    """

    store: Store
    policy: Policy
    labels: Sequence[str]

    @cached_property
    def intake(self) -> Intake:
        """Takes posts."""
        return Intake(self.store, self.policy)

    @cached_property
    def claims(self) -> Claims:
        """Gives posts to readers."""
        return Claims(self.store, self.policy, self.labels)

    @cached_property
    def deciding(self) -> Deciding:
        """Takes decisions."""
        return Deciding(self.store, self.policy, self.labels)

    @cached_property
    def golden(self) -> Golden:
        """Mixes in posts whose answer is known."""
        return Golden(self.store, self.policy)

    def next_for(self, reader: Reader, filters: Filters) -> int | None:
        """Claim the next post for a reader: now and then a golden one, else the first of the queue."""
        found = self.golden.offer(reader) if filters == Filters() else None
        return found if found is not None else self.claims.take_next(reader, filters)

    @cached_property
    def appeals(self) -> Appeals:
        """Takes appeals."""
        return Appeals(self.store)
