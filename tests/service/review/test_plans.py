"""What readers wait for is found along an index, however long the queue is; docs/review.md shows the very plans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.review.queue import Filters, cards, count, depth, next_free
from service.review.reading import read_post
from service.store.engine import Store
from tests.service.review.making import LABELS, NO, NOON, OFFER, Office

SHOWN = re.findall(r"^    (SEARCH posts .*)$", Path("docs/review.md").read_text("utf-8"), re.MULTILINE)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Over SQLite, whose plans depend on the tables alone: a card with copies, and posts by themselves."""
    store = Store(str(tmp_path / "plans.db"))
    made = Office.over(store)
    made.take(*[made.post(f"{OFFER} {number}", author="a") for number in range(4)], "north", "join both maybe")
    yield made
    store.close()


def plans(store: Store, work: Callable[[], Any]) -> list[str]:
    """The plan of every question and change of some work, a line per step."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE")):
            asked.append((statement, parameters))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    work()
    sa.event.remove(store.engine, "before_cursor_execute", note)
    with store.read() as connection:
        return [
            str(row[-1])
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


def work(office: Office) -> None:
    """A card with copies claimed, opened and decided, and lists of every kind."""
    reader = office.reader("anna")
    post = office.review.claims.take_next(reader, Filters(label="recruitment"), NOON)
    assert post is not None
    reading = read_post(office.store, reader, post, NOON)
    assert reading.campaign is not None
    office.review.deciding.decide(reader, post, reading.versions[0].id, NO, NOON)
    with office.store.read() as connection:
        for one in ({}, {"label": "separatism"}, {"lang": "ru"}, {"platform": "x"}, {"source": "none"}, {"band": 1}):
            filters = Filters(**one)  # type: ignore[arg-type]
            page = cards(connection, filters, LABELS)
            cards(connection, filters, LABELS, after=page[-1].place if page else None)
            count(connection, filters, LABELS)
            next_free(connection, filters, LABELS, reader.id, NOON, since=page[-1].place if page else None)


def test_no_step_walks_over_a_whole_table(office: Office) -> None:
    found = plans(office.store, lambda: work(office))
    assert len(found) > 50
    assert [line for line in found if re.match(r"SCAN (?!anon_)", line)] == []
    assert [line for line in found if "ix_posts_state " in line] == []


def test_how_much_waits_is_read_off_an_index_alone(office: Office) -> None:
    def ask() -> None:
        with office.store.read() as connection:
            assert sum(state.posts for state in depth(connection)) == 6

    assert plans(office.store, ask) == ["SCAN posts USING COVERING INDEX ix_posts_state_received"]


def test_the_document_shows_these_plans(office: Office) -> None:
    found = plans(office.store, lambda: work(office))
    assert len(SHOWN) >= 4
    assert [line for line in SHOWN if line not in found] == []
