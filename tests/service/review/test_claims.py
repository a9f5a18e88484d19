"""No post is ever with two readers, on either database, however many ask at once."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.review.errors import NotAllowedError, TakenError, UnknownPostError
from service.review.queue import Filters, Place, next_free
from service.review.words import Desk, Role
from service.store.tables import claims
from tests.service.review.making import LABELS, NO, NOON, YES, Office

CLIENTS, EACH = 64, 3


def test_many_clients_at_once_never_get_the_same_post(office: Office) -> None:
    # digests, so that no post is a near-copy of another
    words = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(CLIENTS * EACH)]
    office.take(*[office.post(f"join {word}") for word in words])
    readers = [office.reader(f"r{number}") for number in range(CLIENTS)]
    together = threading.Barrier(CLIENTS)

    def claim(place: int) -> list[int]:
        together.wait()
        found = [office.review.claims.take_next(readers[place], now=NOON) for _ in range(EACH)]
        return [one for one in found if one is not None]

    with ThreadPoolExecutor(CLIENTS) as pool:
        got = [post for posts in pool.map(claim, range(CLIENTS)) for post in posts]
    assert len(got) == CLIENTS * EACH
    assert len(set(got)) == len(got)


@pytest.fixture
def three(office: Office) -> Office:
    office.take(
        *[office.post(text, id=str(at)) for at, text in enumerate(("join alpha", "join", "north bravo charlie"))]
    )
    return office


def test_the_likeliest_post_is_given_first_and_each_once(three: Office) -> None:
    anna, boris = three.reader("anna"), three.reader("boris")
    given = three.next_ids([anna, boris, anna, boris])
    assert given[3] is None
    assert sorted(one for one in given if one) == [three.row(str(at)).id for at in range(3)]
    assert given[2] == three.row("2").id


def test_a_claim_expires(three: Office) -> None:
    anna, boris = three.reader("anna"), three.reader("boris")
    first = three.review.claims.take_next(anna, now=NOON)
    assert first is not None
    late = NOON + three.review.policy.claim
    assert three.review.claims.take_next(boris, now=late) == first
    with pytest.raises(TakenError):
        three.review.claims.hold(anna, first, late)
    with three.store.read() as connection:
        ended = connection.execute(sa.select(claims.c.ended_by).order_by(claims.c.id)).scalars().all()
    assert ended == ["expired", None]


def test_hold_renew_release(three: Office) -> None:
    anna, boris = three.reader("anna"), three.reader("boris")
    first = three.review.claims.take_next(anna, now=NOON)
    assert first is not None
    three.review.claims.hold(anna, first, NOON)
    tomorrow = NOON + timedelta(hours=23)
    assert three.review.claims.take_next(boris, now=tomorrow) != first
    three.review.claims.renew(anna, first, tomorrow)
    three.review.claims.release(anna, first, tomorrow)
    assert three.review.claims.take_next(boris, now=tomorrow) == first


def test_hand_over(three: Office) -> None:
    anna, boris, vera = three.reader("anna"), three.reader("boris"), three.reader("vera", Role.VIEWER)
    post = three.row("0")
    three.review.claims.take(anna, post.id, NOON)
    three.review.claims.hand_over(anna, post.id, "boris", NOON)
    with pytest.raises(TakenError):
        three.review.claims.release(anna, post.id, NOON)
    for name in ("nobody", vera.name):
        with pytest.raises(NotAllowedError):
            three.review.claims.hand_over(boris, post.id, name, NOON)
    three.review.deciding.decide(boris, post.id, post.version_id, NO, NOON)


def test_a_single_post_can_be_taken_unless_another_has_it(three: Office) -> None:
    anna, boris, post = three.reader("anna"), three.reader("boris"), three.row("0")
    three.review.claims.take(anna, post.id, NOON)
    three.review.claims.take(anna, post.id, NOON)
    with pytest.raises(TakenError):
        three.review.claims.take(boris, post.id, NOON)
    with pytest.raises(UnknownPostError):
        three.review.claims.take(boris, 10**6, NOON)


def test_a_decided_post_can_be_taken_by_nobody(three: Office) -> None:
    anna = three.reader("anna")
    three.read(anna, "0", YES)
    for reader in (anna, three.reader("boris")):
        with pytest.raises(TakenError):
            three.review.claims.take(reader, three.row("0").id, NOON)


def test_looking_in_vain_keeps_nobody_waiting(three: Office) -> None:
    anna = three.reader("anna")
    with ThreadPoolExecutor(1) as pool, three.store.write():
        asked = pool.submit(three.review.claims.take_next, anna, Filters(lang="xx"), NOON)
        assert asked.result(timeout=10) is None


def test_a_search_goes_on_from_a_place(three: Office) -> None:
    anna = three.reader("anna")
    with three.store.write() as connection:

        def first(since: Place | None) -> int:
            found = next_free(connection, Filters(), LABELS, anna.id, NOON, since=since, locking=True)
            assert found is not None
            places.append(found.place)
            return found.id

        places: list[Place] = []
        assert first(None) == first(places[0])
        assert first(places[0]._replace(id=places[0].id + 1)) != places[0].id


@pytest.mark.parametrize(
    ("role", "desk"), [(Role.VIEWER, Desk.REVIEW), (Role.VIEWER, Desk.LEAD), (Role.REVIEWER, Desk.LEAD)]
)
def test_roles_that_do_not_reach(three: Office, role: Role, desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="needs the role"):
        three.review.claims.take_next(three.reader("v", role), Filters(desk=desk), NOON)
