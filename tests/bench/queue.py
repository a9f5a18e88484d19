"""Piece of work: readers who claim, read and decide at a long queue, and one who pages through the list."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from typing import Final

from classifier import Classifier
from service.review.claims import Reader, read_reader
from service.review.desk import Review
from service.review.queue import Filters, cards
from service.review.reading import read_post
from service.review.verdicts import Decision, Verdict
from service.review.words import Outcome, Role
from service.store.engine import Store
from service.store.tables import users
from tests.bench.filling import POLICY, fill
from tests.bench.posts import read_posts
from tests.bench.rounds import Measured, Repeat

LABEL: Final = "recruitment"
SAID: Final = Decision({LABEL: Verdict(Outcome.NOT_AN_APPEAL, "news")})
LISTS: Final = (Filters(), Filters(label=LABEL), Filters(lang="ru"), Filters(band=5), Filters(source="none"))


@dataclass
class Watch:
    """How long each kind of step took, in milliseconds."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Measure one step."""
        start = time.perf_counter()
        yield
        self.taken[what].append((time.perf_counter() - start) * 1e3)

    def figures(self) -> Measured:
        """Median, 95th percentile and the longest of each kind."""
        shares = {"median": 0.5, "p95": 0.95, "longest": 1.0}
        return {
            f"{what} {name}": sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]
            for what, taken in self.taken.items()
            for name, share in shares.items()
        }


@dataclass(frozen=True)
class Office:
    """Readers at work for some seconds; each thinks about a post for `think` seconds, give or take a half."""

    review: Review
    think: float
    until: float
    watch: Watch

    def read_on(self, reader: Reader) -> int:
        """Claim, read and decide until the time is up; how many were decided."""
        review, chance, decided = self.review, random.Random(reader.id), 0  # noqa: S311
        time.sleep(chance.random() * self.think)  # nobody begins at the same moment
        while time.perf_counter() < self.until:
            with self.watch.timed("claim"):
                post = review.claims.take_next(reader)
            if post is None:
                raise RuntimeError("the queue is empty: fill it with more posts")
            with self.watch.timed("open"):
                version = read_post(review.store, reader, post).versions[0].id
            time.sleep(self.think * chance.uniform(0.5, 1.5))
            with self.watch.timed("decide"):
                review.deciding.decide(reader, post, version, SAID)
            decided += 1
        return decided

    def page_on(self) -> None:
        """Look at the first and at the second page of one list after the other."""
        for filters in cycle(LISTS):
            after = None
            for _ in range(2):
                with self.watch.timed("list"), self.review.store.read() as connection:
                    page = cards(connection, filters, self.review.labels, after=after)
                after = page[-1].place if page else None
            if time.perf_counter() > self.until:
                return
            time.sleep(self.think)


def queue(
    bundle: str, posts: str, database: str, queued: int, readers: int, think: float, last: float = 60.0
) -> Repeat:
    """Milliseconds of each step at a queue of so many posts."""
    classifier, store = Classifier.load(bundle), Store(database)
    fill(store, classifier, read_posts(posts), queued)
    hired = [hired_reader(store, f"bench reader {number}") for number in range(readers)]
    review = Review(store, POLICY, classifier.labels)

    def repeat() -> Measured:
        watch = Watch()
        office = Office(review, think, time.perf_counter() + last, watch)
        with ThreadPoolExecutor(readers + 1) as pool:
            paging = pool.submit(office.page_on)
            decided = sum(pool.map(office.read_on, hired))
            paging.result()
        return watch.figures() | {"decided": decided / last}

    return repeat


def hired_reader(store: Store, name: str) -> Reader:
    """A reader of that name, made where there is none."""
    row = {"name": name, "pseudonym": name, "role": Role.REVIEWER, "created_at": datetime.now(UTC)}
    with store.write() as connection:
        known = read_reader(connection, name)
        if known is None:
            connection.execute(users.insert().values(**row))
        found = known or read_reader(connection, name)
    assert found is not None
    return found
