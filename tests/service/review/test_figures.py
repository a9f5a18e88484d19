"""Figures of reviewing, each against what is counted by hand."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from service.review import figures
from service.review.words import Role
from tests.service.review.making import NO, NOON, OFFER, YES, Office


def test_decisions_by_hour(office: Office) -> None:
    office.take("join one", "join two", "join three")
    anna = office.reader("anna")
    for name, hours in (("p0", 0), ("p1", 2), ("p2", 2)):
        office.read(anna, name, YES, NOON - timedelta(hours=hours))
    with office.store.read() as connection:
        found = figures.by_hour(connection, NOON + timedelta(minutes=30), 4)
    assert [made for _, made in found] == [0, 2, 0, 1]
    assert found[-1][0] == NOON


def test_pace(office: Office) -> None:
    office.take("join one", "join two")
    anna = office.reader("anna")
    for name in ("p0", "p1"):
        office.read(anna, name, YES)  # nine seconds each
    with office.store.read() as connection:
        assert figures.pace(connection, NOON - timedelta(days=1)) == (2, 9.0, 9.0)
        assert figures.pace(connection, NOON + timedelta(days=1)) == (0, None, None)


def test_a_share_has_wilsons_interval() -> None:
    from scipy.stats import binomtest

    share, none = figures.Share.of(3, 8), figures.Share.of(0, 0)
    interval = binomtest(3, 8).proportion_ci(0.95, method="wilson")
    assert (share.low, share.high) == pytest.approx((interval.low, interval.high))
    assert (share.value, none.value, none.low, none.high) == (0.375, None, 0.0, 1.0)


def test_what_is_missed_stands_for_what_was_not_read(office: Office) -> None:
    """Every tenth low score is read: one of two that were confirmed stands for ten."""
    some = office.with_policy(low_share=0.1, low_from=0.25)
    some.take(*(f"maybe number{number} p0.3" for number in range(200)))
    states = [name for name, state in some.states().items() if state == "queued"]
    assert 5 <= len(states) <= 40
    anna = some.reader("anna")
    some.read(anna, states[0], YES)
    some.read(anna, states[1], NO)
    with some.store.read() as connection:
        (missed,) = figures.missed(connection)
        assert (missed.label, missed.share[:2]) == ("recruitment", (1, 2))
        assert missed.stands_for == pytest.approx(10)
        assert figures.precision(connection)[0][2:] == (2, 1)


def test_drift_is_the_index_of_the_bands(office: Office) -> None:
    before, late = NOON - timedelta(days=20), NOON - timedelta(days=1)
    office.take(*(f"join {number} p0.95" for number in range(6)), *(f"join x{n} p0.6" for n in range(4)), at=before)
    office.take(*(f"join y{number} p0.95" for number in range(2)), *(f"join z{n} p0.6" for n in range(8)), at=late)
    with office.store.read() as connection:
        found = figures.drift(connection, NOON)
    assert found is not None
    expected = (0.2 - 0.6) * math.log(0.2 / 0.6) + (0.8 - 0.4) * math.log(0.8 / 0.4)
    assert (found.posts, found.before) == (10, 10)
    assert found.psi == pytest.approx(expected)
    assert found.chance == pytest.approx(5 * (1 / 10 + 1 / 10))


def test_no_drift_without_posts_of_both_times(office: Office) -> None:
    office.take(OFFER, at=NOON)
    with office.store.read() as connection:
        assert figures.drift(connection, NOON + timedelta(hours=1)) is None


def test_agreement_is_cohens_kappa(office: Office) -> None:
    from sklearn.metrics import cohen_kappa_score

    twice = office.with_policy(second_share=1.0)
    anna, boris, vera = twice.reader("anna"), twice.reader("boris"), twice.reader("vera", Role.LEAD)
    said = [(YES, YES), (YES, NO), (NO, NO), (NO, NO), (YES, YES)]
    twice.take(*(f"join post{number}" for number in range(len(said))))
    for number, (first, second) in enumerate(said):
        twice.read(anna, f"p{number}", first)
        twice.read(boris, f"p{number}", second)
    twice.read(vera, "p1", YES)
    with twice.store.read() as connection:
        (found,) = figures.agreement(connection)
    names = [[decision is YES for decision in one] for one in zip(*said, strict=True)]
    assert (found.posts, found.same) == (5, 4)
    assert found.kappa == pytest.approx(cohen_kappa_score(*names))
