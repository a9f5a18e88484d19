"""Whoever changes, drops or reorders an entry of the log, or a decision, is found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.review import records
from service.store import audit
from service.store.audit import HEAD, Entry, record
from service.store.engine import Store
from service.store.tables import decisions, events, facts, verdicts
from tests.service.review.making import NO, YES, Office

Tamper = Callable[[Connection], None]


def without_guard(store: Store, change: Tamper) -> None:
    """Change what the database refuses to change, as somebody who owns it could."""
    with store.write() as connection:
        for table in ("events", "decisions", "verdicts"):
            if store.sqlite:
                for kind in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER keep_{table}_{kind}")
            else:
                connection.exec_driver_sql(f"DROP TRIGGER keep_{table} ON {table}")
        change(connection)


@pytest.fixture
def log(store: Store) -> Store:
    with store.write() as connection:
        record(connection, *(Entry("anna", "view", f"post {number}", {"version": number}) for number in range(1, 6)))
    with store.write() as connection:
        record(connection, Entry("boris", "decide", "post 9"))
    return store


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return list(audit.faults(connection))


def change(**values: object) -> Tamper:
    return lambda connection: connection.execute(events.update().where(events.c.number == 3).values(**values)) and None


def drop(number: int) -> Tamper:
    return lambda connection: connection.execute(events.delete().where(events.c.number == number)) and None


def swap(connection: Connection) -> None:
    for before, after in ((3, 100), (4, 3), (100, 4)):
        connection.execute(events.update().where(events.c.number == before).values(number=after))


def rehash(connection: Connection) -> None:
    """Change an entry and mend its own hash."""
    row = connection.execute(sa.select(events).where(events.c.number == 3)).one()
    made = audit.digest(row.number, row.at, ("eve", row.action, row.subject, row.details), row.previous)
    connection.execute(events.update().where(events.c.number == 3).values(actor="eve", hash=made))


def cut(connection: Connection) -> None:
    """Drop the last entry and mend the head but for its hash."""
    drop(6)(connection)
    connection.execute(facts.update().where(facts.c.name == HEAD).values(value="5 " + "0" * 64))


def test_a_whole_log_has_no_faults(log: Store) -> None:
    assert faults(log) == []


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change(actor="eve"), "entry 3 was changed"),
        (change(details="{}"), "entry 3 was changed"),
        (change(subject="post 30"), "entry 3 was changed"),
        (change(hash="f" * 64), "entry 3 was changed"),
        (rehash, "entry 4 does not follow entry 3"),
        (drop(1), "entry 1 is missing"),
        (drop(3), "entry 3 is missing"),
        (drop(6), "the log ends at entry 5"),
        (cut, "the log ends at entry 5"),
        (swap, "entry 3 does not follow entry 2"),
    ],
)
def test_what_was_done_to_the_log_is_found(log: Store, tamper: Tamper, said: str) -> None:
    without_guard(log, tamper)
    assert any(said in fault for fault in faults(log)), faults(log)


@pytest.fixture
def decided(office: Office) -> Office:
    office.take(office.post("join alpha bravo", id="1"), office.post("join charlie delta", id="2"))
    anna = office.reader("anna")
    office.read(anna, "1", YES)
    office.review.deciding.undo(anna, office.read(anna, "2", NO))
    return office


def decision_faults(store: Store) -> list[str]:
    with store.read() as connection:
        return [*audit.faults(connection), *records.faults(connection)]


def test_decisions_are_what_the_log_says(decided: Office) -> None:
    assert decision_faults(decided.store) == []


def soften(connection: Connection) -> None:
    connection.execute(verdicts.update().where(verdicts.c.decision_id == 1).values(outcome="not_an_appeal"))


def blame(connection: Connection) -> None:
    connection.execute(decisions.update().where(decisions.c.id == 1).values(seconds=1.0))


def erase(connection: Connection) -> None:
    connection.execute(verdicts.delete().where(verdicts.c.decision_id == 1))


def put_in(connection: Connection) -> None:
    row = connection.execute(sa.select(decisions).where(decisions.c.id == 1)).one()._asdict()
    connection.execute(decisions.insert().values(**row | {"id": 77}))


def take_out(connection: Connection) -> None:
    connection.execute(decisions.delete().where(decisions.c.id == 3))


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (soften, "decision 1 was changed"),
        (blame, "decision 1 was changed"),
        (erase, "decision 1 was changed"),
        (put_in, "decision 77 is not in the audit log"),
        (take_out, "decision 3 is in the audit log but no longer"),
    ],
)
def test_what_was_done_to_decisions_is_found(decided: Office, tamper: Tamper, said: str) -> None:
    without_guard(decided.store, tamper)
    assert [said in fault for fault in decision_faults(decided.store)] == [True]
