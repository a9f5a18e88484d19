"""The order is that of the formula; filters and pages show every card once."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from service.review.priority import BANDS, EDGES, NEVER, Priority, band_of, due_key
from service.review.queue import Filters, Place, cards, count, depth, label_sets
from service.review.words import Source, State
from tests.service.review.making import LABELS, NOON, Office


def test_the_formula_by_hand() -> None:
    priority = Priority({"a": 1.0, "b": 0.25}, reach=0.25, size=0.5, days=3)
    later = NOON + timedelta(days=6)
    value = priority.of({"a": 0.2, "b": 0.9}, later, reach=99, size=4)
    base = priority.of({"a": 0.225, "b": 0.0}, NOON)
    assert value - base == pytest.approx(0.25 * math.log(100) + 0.5 * math.log(4) + 2)


def test_a_likelihood_of_nothing_has_a_place_too() -> None:
    assert math.isfinite(Priority().of({"a": 0.0}, NOON))


def test_bands() -> None:
    assert [band_of(edge) for edge in (0.0, *EDGES, 1.0)] == [0, 1, 2, 3, 4, 5, BANDS - 1]
    assert band_of(EDGES[0] - 1e-6) == 0


def test_due_dates_come_first_the_earlier_the_earlier() -> None:
    assert due_key(NOON) < due_key(NOON + timedelta(seconds=1)) < due_key(None) == NEVER


def listed(office: Office, filters: Filters, after: Place | None = None, most: int = 50) -> list[str]:
    with office.store.read() as connection:
        return [card.external_id for card in cards(connection, filters, LABELS, after=after, most=most)]


@pytest.fixture
def full(office: Office) -> Office:
    office.take(
        office.post("north alpha", id="land"),
        office.post("join bravo", id="offer"),
        office.post("join charlie", id="seen", reach=10_000),
        office.post("join p0.6 delta", id="weak"),
        office.post("both echo", id="both", source=Source.AUTHORITY, platform="chat"),
        office.post("north foxtrot", id="due", due_at=NOON + timedelta(days=30)),
    )
    return office


def test_order(full: Office) -> None:
    assert listed(full, Filters()) == ["due", "seen", "offer", "both", "weak", "land"]


def test_what_came_later_comes_sooner(full: Office) -> None:
    full.take(full.post("join p0.6 golf", id="new"), at=NOON + timedelta(days=30))
    assert listed(full, Filters())[1] == "new"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(label="recruitment"), "seen offer both weak"),
        (Filters(label="separatism"), "due both land"),
        (Filters(label="weather"), ""),
        (Filters(lang="en"), "due seen offer both weak land"),
        (Filters(lang="kk"), ""),
        (Filters(source="authority"), "both"),
        (Filters(platform="chat"), "both"),
        (Filters(band=5), "due seen offer land"),
        (Filters(band=3, label="recruitment"), "weak"),
        (Filters(state=State.QUEUED), "due seen offer both weak land"),
        (Filters(state=State.DECIDED), ""),
    ],
)
def test_filters(full: Office, filters: Filters, found: str) -> None:
    assert listed(full, filters) == found.split()
    with full.store.read() as connection:
        assert count(connection, filters, LABELS) == len(found.split())


def test_pages_show_every_card_once(full: Office) -> None:
    shown: list[str] = []
    after = None
    while True:
        with full.store.read() as connection:
            page = cards(connection, Filters(), LABELS, after=after, most=2)
        if not page:
            break
        shown += [card.external_id for card in page]
        after = page[-1].place
    assert shown == listed(full, Filters())


def test_a_card_says_who_has_it_until_the_claim_expires(full: Office) -> None:
    anna = full.reader("anna")
    full.review.claims.take(anna, full.row("offer").id, NOON)
    for now, holder in ((NOON, anna.id), (NOON + timedelta(hours=1), None)):
        with full.store.read() as connection:
            held = {card.external_id: card.claimed_by for card in cards(connection, Filters(), LABELS, now=now)}
        assert (held["offer"], held["weak"]) == (holder, None)


def test_depth(full: Office) -> None:
    with full.store.read() as connection:
        (queued,) = depth(connection)
    assert (queued.state, queued.posts, queued.oldest) == ("queued", 6, NOON)


def test_every_way_to_join_labels() -> None:
    assert set(label_sets(("a", "b"))) == {"", "a", "b", "a+b"}


def test_severity_is_a_setting(office: Office) -> None:
    heavy = Office.over(office.store, priority=replace(Priority(), severity={"separatism": 9.0}))
    heavy.take(heavy.post("join alpha", id="offer"), heavy.post("north bravo", id="land"))
    assert listed(heavy, Filters()) == ["land", "offer"]
