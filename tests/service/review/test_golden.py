"""Golden posts: given to who does not know the answer, changing nothing of the post."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from service.review.errors import NotAllowedError, ReviewError, TakenError
from service.review.figures import agreement, precision
from service.review.golden import is_golden, tried
from service.review.queue import Filters
from service.review.records import faults, said_the_same
from service.review.words import Role
from service.store.tables import posts
from tests.service.review.making import NO, OFFER, YES, Office


@pytest.fixture
def gold(office: Office) -> Office:
    """One decided post that a lead vouches for; every turn is one for a golden post."""
    made = office.with_policy(golden_share=1.0)
    made.take(OFFER)
    made.read(made.reader("anna"), "p0", YES)
    made.review.golden.mark(made.reader("vera", Role.LEAD), 1)
    return made


def offered(office: Office, name: str) -> int | None:
    return office.review.golden.offer(office.reader(name))


def decide(office: Office, reader: object, decision: object) -> int:
    version = office.row("p0").version_id
    return office.review.deciding.decide(reader, 1, version, decision)  # type: ignore[arg-type]


def test_a_reader_who_has_not_read_it_gets_it_once(gold: Office) -> None:
    boris = gold.reader("boris")
    assert gold.review.golden.offer(boris) == 1
    assert offered(gold, "clara") is None  # with boris just now
    decide(gold, boris, NO)
    assert gold.review.golden.offer(boris) is None
    assert offered(gold, "dora") == 1


def test_who_decided_it_never_gets_it(gold: Office) -> None:
    with gold.store.read() as connection:
        from service.review.claims import read_reader

        anna = read_reader(connection, "anna")
    assert anna is not None
    assert gold.review.golden.offer(anna) is None


def test_reading_it_changes_nothing_of_the_post(gold: Office) -> None:
    before = gold.row("p0")
    boris, clara = gold.reader("boris"), gold.reader("clara")
    for reader, decision in ((boris, NO), (clara, YES)):
        assert gold.review.golden.offer(reader) == 1
        decide(gold, reader, decision)
    assert gold.row("p0") == before
    with gold.store.read() as connection:
        assert tried(connection) == [("reader-boris", 1, 0), ("reader-clara", 1, 1)]
        assert [one[1:] for one in precision(connection)] == [(5, 1, 1)]
        assert agreement(connection) == []
        assert list(faults(connection)) == []
        assert (said_the_same(connection, 2, 1), said_the_same(connection, 3, 1)) == (False, True)


def test_it_cannot_be_taken_back(gold: Office) -> None:
    boris = gold.reader("boris")
    gold.review.golden.offer(boris)
    made = decide(gold, boris, NO)
    with pytest.raises(TakenError):
        gold.review.deciding.undo(boris, made)


def test_only_a_lead_vouches_and_only_for_what_is_decided(office: Office) -> None:
    office.take(OFFER)
    vera = office.reader("vera", Role.LEAD)
    with pytest.raises(ReviewError, match="only a decided post"):
        office.review.golden.mark(vera, 1)
    office.read(office.reader("anna"), "p0", YES)
    with pytest.raises(NotAllowedError):
        office.review.golden.mark(office.reader("boris"), 1)


def test_retired_ones_go_to_nobody(gold: Office) -> None:
    gold.review.golden.retire(gold.reader("wanda", Role.LEAD), 1)
    assert offered(gold, "boris") is None
    with gold.store.read() as connection:
        assert not is_golden(connection, 1)
    gold.review.golden.mark(gold.reader("xenia", Role.LEAD), 1)
    assert offered(gold, "clara") == 1


def test_the_share_of_turns(office: Office) -> None:
    some = office.with_policy(golden_share=0.2)
    turns = 0
    for number in range(300):
        reader = some.reader(f"r{number}")
        with some.store.read() as connection:
            turns += some.review.golden._is_turn(connection, reader)
    assert 35 <= turns <= 90  # 60 expected


def test_whoever_filters_gets_what_they_ask_for(gold: Office) -> None:
    gold.take(gold.post("join the north"))
    assert gold.review.next_for(gold.reader("boris"), Filters(label="recruitment")) == 2
    assert gold.review.next_for(gold.reader("clara"), Filters()) == 1


def test_a_purged_post_is_no_longer_offered(gold: Office) -> None:
    with gold.store.write() as connection:
        connection.execute(sa.update(posts).values(state="expired"))
    assert offered(gold, "boris") is None


def test_readers_who_ask_at_once_never_get_the_same_one(gold: Office) -> None:
    readers = [gold.reader(f"r{number}") for number in range(12)]
    with ThreadPoolExecutor(len(readers)) as pool:
        given = list(pool.map(gold.review.golden.offer, readers))
    assert sorted(given, key=str) == [1] + [None] * 11
