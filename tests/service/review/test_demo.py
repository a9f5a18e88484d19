"""The demonstration in the queue, and out of it."""

from __future__ import annotations

from datetime import timedelta

from service.review import demo
from service.review.export import decided
from service.review.figures import by_hour, pace
from service.review.records import faults
from service.review.words import State
from tests.service.review.making import NOON, OFFER, SCORER, YES, Office, score


def filled(office: Office) -> int:
    return demo.fill(office.review, lambda texts: [score(f"join {text}") for text in texts], SCORER, NOON)


def test_it_comes_in_over_the_last_days_and_once(office: Office) -> None:
    assert filled(office) >= 300
    assert filled(office) == 0
    with office.store.read() as connection:
        assert demo.is_shown(connection)
    shown = list(demo.read_demo(NOON))
    assert [one.at for one in shown] == sorted(one.at for one in shown)
    assert all(NOON - timedelta(days=15) < one.at < NOON for one in shown)
    assert all(one.arrival.platform.startswith(demo.PREFIX) for one in shown)


def test_it_stays_out_of_a_database_with_posts(office: Office) -> None:
    office.take(OFFER)
    assert filled(office) == 0


def test_removing_it_leaves_everything_else_and_a_whole_log(office: Office) -> None:
    filled(office)
    office.take(OFFER)
    first = next(name for name, state in office.states().items() if state == State.QUEUED and name.startswith("demo"))
    anna = office.reader("anna")
    office.read(anna, first, YES)
    office.read(anna, "p0", YES)
    with office.store.read() as connection:
        assert [row["id"] for row in decided(connection)] == ["forum/p0"]
    assert demo.remove(office.store, by="vera") > 100
    assert demo.remove(office.store, by="vera") == 0
    states = office.states()
    assert states.pop("p0") == State.DECIDED
    assert set(states.values()) == {State.EXPIRED}
    with office.store.read() as connection:
        assert not demo.is_shown(connection)
        assert list(faults(connection)) == []


def test_nothing_of_it_is_counted_once_it_is_gone(office: Office) -> None:
    filled(office)
    waiting = [name for name, state in office.states().items() if state == State.QUEUED]
    office.read(office.reader("anna"), waiting[0], YES)
    office.review.appeals.file(office.row(waiting[0]).id, "anna", NOON)
    office.read(office.reader("boris"), waiting[0], YES)
    office.take(OFFER)
    office.read(office.reader("clara"), "p0", YES)

    def counted() -> tuple[int, int, int]:
        with office.store.read() as connection:
            made = sum(number for _, number in by_hour(connection, NOON, 2))
            return made, pace(connection, NOON - timedelta(days=1)).decisions, office.review.appeals.outcomes()[0]

    assert counted() == (3, 3, 1)
    demo.remove(office.store, by="vera")
    assert counted() == (1, 1, 0)
