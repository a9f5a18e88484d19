"""A decision is appended and moves its post on; nothing that was said is ever changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from service.review.errors import EditedError, NotAllowedError, TakenError, VerdictError
from service.review.figures import agreement
from service.review.queue import Filters
from service.review.reading import read_post, write_note
from service.review.verdicts import Decision, Verdict
from service.review.words import Desk, Outcome, Role, State
from service.store.engine import Store
from service.store.tables import APPEND_ONLY, decisions, events, metadata, verdicts
from tests.service.review.making import CONFIRM, NO, NONE, NOON, SECEDE, YES, Office

UNSURE = Decision({"recruitment": Verdict(Outcome.UNSURE)})
SKIP = Decision({"recruitment": Verdict(Outcome.SKIP)})
ESCALATE = Decision({"recruitment": Verdict(Outcome.ESCALATE)})
THREAT = Decision({"recruitment": CONFIRM}, threat_to_life=True)


@pytest.fixture
def one(office: Office) -> Office:
    office.take(office.post("join us", id="1"))
    return office


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        (YES, "decided"),
        (NO, "decided"),
        (UNSURE, "second"),
        (SKIP, "queued"),
        (ESCALATE, "escalated"),
        (THREAT, "escalated"),
    ],
)
def test_where_a_first_decision_leads(one: Office, decision: Decision, state: str) -> None:
    one.read(one.reader("anna"), "1", decision)
    assert one.row("1").state == state


def test_a_skipped_post_goes_to_others(one: Office) -> None:
    anna, boris = one.reader("anna"), one.reader("boris")
    one.read(anna, "1", SKIP)
    assert one.next_ids([anna, boris]) == [None, one.row("1").id]


def test_what_is_written_of_a_decision(one: Office) -> None:
    both = Decision({"recruitment": CONFIRM, "separatism": SECEDE}, person_at_risk=True)
    made = one.read(one.reader("anna"), "1", both)
    with one.store.read() as connection:
        row = connection.execute(sa.select(decisions)).one()
        parts = connection.execute(sa.select(verdicts).order_by(verdicts.c.label)).all()
    assert (row.id, row.seconds, row.person_at_risk, row.stage) == (made, 9.0, True, "first")
    assert [tuple(part)[1:] for part in parts] == [
        ("recruitment", "confirm", "state_contract", "foreign_army", None),
        ("separatism", "confirm", "slogan", None, "violent"),
    ]


@pytest.mark.parametrize(
    ("verdicts_given", "said"),
    [
        ({}, "at least one label"),
        ({"weather": NONE}, "none of the labels"),
        ({"recruitment": Verdict(Outcome.CONFIRM, None, "foreign_army")}, "give the reason"),
        ({"recruitment": Verdict(Outcome.NOT_AN_APPEAL)}, "give the reason"),
        ({"recruitment": Verdict(Outcome.CONFIRM, "news", "foreign_army")}, "no reason to confirm"),
        ({"recruitment": Verdict(Outcome.CONFIRM, "state_contract")}, "route"),
        ({"separatism": Verdict(Outcome.CONFIRM, "slogan")}, "means"),
        ({"separatism": Verdict(Outcome.CONFIRM, "slogan", "foreign_army", "violent")}, "route"),
        ({"recruitment": Verdict(Outcome.NOT_AN_APPEAL, "news", None, "violent")}, "means"),
    ],
)
def test_incomplete_decisions_are_refused(one: Office, verdicts_given: dict[str, Verdict], said: str) -> None:
    anna, post = one.reader("anna"), one.row("1")
    one.review.claims.take(anna, post.id, NOON)
    with pytest.raises(VerdictError, match=said):
        one.review.deciding.decide(anna, post.id, post.version_id, Decision(verdicts_given), NOON)


def test_nobody_decides_on_what_they_do_not_have(one: Office) -> None:
    anna, boris, post = one.reader("anna"), one.reader("boris"), one.row("1")
    one.review.claims.take(anna, post.id, NOON)
    with pytest.raises(TakenError):
        one.review.deciding.decide(boris, post.id, post.version_id, YES, NOON)
    with pytest.raises(TakenError):
        one.review.deciding.decide(anna, post.id, post.version_id, YES, NOON + timedelta(hours=1))


def test_nobody_decides_on_a_text_they_have_not_read(one: Office) -> None:
    anna, post = one.reader("anna"), one.row("1")
    one.review.claims.take(anna, post.id, NOON)
    one.take(one.post("join us today", id="1"))
    with pytest.raises(EditedError):
        one.review.deciding.decide(anna, post.id, post.version_id, YES, NOON)


def test_a_second_reading_is_blind_and_by_somebody_else(one: Office) -> None:
    anna, boris = one.reader("anna"), one.reader("boris")
    twice = one.with_policy(second_share=1.0)
    twice.read(anna, "1", Decision({"recruitment": CONFIRM}, note="look at the number"))
    post = twice.row("1")
    assert post.state == State.SECOND
    assert twice.next_ids([anna, boris]) == [None, post.id]
    seen = read_post(one.store, boris, post.id, NOON)
    assert (seen.blind, seen.history, seen.notes) == (True, [], [])
    assert len(read_post(one.store, anna, post.id, NOON).history) == 1
    twice.review.deciding.decide(boris, post.id, post.version_id, YES, NOON)
    assert twice.row("1").state == State.DECIDED
    assert len(read_post(one.store, boris, post.id, NOON).history) == 2


def test_readings_that_differ_go_to_a_lead_who_sees_both(one: Office) -> None:
    anna, boris, lena = one.reader("anna"), one.reader("boris"), one.reader("lena", Role.LEAD)
    twice = one.with_policy(second_share=1.0)
    twice.read(anna, "1", YES)
    twice.read(boris, "1", NO)
    post = twice.row("1")
    assert (post.state, post.desk) == (State.DISPUTE, Desk.LEAD)
    assert twice.review.claims.take_next(lena, Filters(desk=Desk.LEAD), NOON) == post.id
    seen = read_post(one.store, lena, post.id, NOON)
    assert [past.decision.verdicts["recruitment"].outcome for past in seen.history] == ["confirm", "not_an_appeal"]
    made = twice.review.deciding.decide(lena, post.id, post.version_id, NO, NOON)
    assert (twice.row("1").state, twice.row("1").decision_id) == (State.DECIDED, made)


def test_a_reviewer_cannot_settle_a_dispute(one: Office) -> None:
    one.read(one.reader("anna"), "1", ESCALATE)
    with pytest.raises(NotAllowedError):
        one.review.claims.take(one.reader("boris"), one.row("1").id, NOON)


def test_undo_is_a_record_of_its_own(one: Office) -> None:
    anna = one.reader("anna")
    made = one.read(anna, "1", YES)
    assert one.review.deciding.undo(anna, made, NOON) == 1
    post = one.row("1")
    assert (post.state, post.decision_id, post.claimed_by) == (State.QUEUED, None, anna.id)
    with one.store.read() as connection:
        rows = connection.execute(sa.select(decisions.c.stage, decisions.c.undoes).order_by(decisions.c.id)).all()
    assert [tuple(row) for row in rows] == [("first", None), ("undo", made)]
    with pytest.raises(TakenError):
        one.review.deciding.undo(anna, made, NOON)
    one.review.deciding.decide(anna, post.id, post.version_id, NO, NOON)


def test_undo_returns_to_the_decision_before(one: Office) -> None:
    anna, boris = one.reader("anna"), one.reader("boris")
    twice = one.with_policy(second_share=1.0)
    first = twice.read(anna, "1", YES)
    second = twice.read(boris, "1", NO)
    with pytest.raises(TakenError):
        twice.review.deciding.undo(anna, first, NOON)
    twice.review.deciding.undo(boris, second, NOON)
    assert (twice.row("1").state, twice.row("1").decision_id) == (State.SECOND, first)


def test_only_who_decided_or_a_lead_can_undo(one: Office) -> None:
    made = one.read(one.reader("anna"), "1", YES)
    with pytest.raises(NotAllowedError):
        one.review.deciding.undo(one.reader("boris"), made, NOON)
    one.review.deciding.undo(one.reader("lena", Role.LEAD), made, NOON)


def test_a_skip_can_be_undone(one: Office) -> None:
    anna = one.reader("anna")
    made = one.read(anna, "1", SKIP)
    one.review.deciding.undo(anna, made, NOON)
    assert one.row("1").claimed_by == anna.id


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_the_database_refuses_to_change_what_was_said(one: Office, name: str) -> None:
    one.read(one.reader("anna"), "1", YES)
    table = metadata.tables[name]
    column = next(column for column in table.c if column.name in ("outcome", "stage", "action"))
    for change in (table.update().values({column: "other"}), table.delete()):
        with pytest.raises(DBAPIError, match="append only"), one.store.write() as connection:
            connection.execute(change)


def test_every_view_and_decision_is_in_the_log(one: Office) -> None:
    anna, post = one.reader("anna"), one.row("1")
    one.review.claims.take(anna, post.id, NOON)
    read_post(one.store, anna, post.id, NOON)
    write_note(one.store, anna, post.id, "a note that stays out of the log", NOON)
    made = one.review.deciding.decide(anna, post.id, post.version_id, YES, NOON)
    one.review.deciding.undo(anna, made, NOON)
    with one.store.read() as connection:
        rows = connection.execute(sa.select(events).order_by(events.c.number)).all()
    assert [row.action for row in rows] == ["claim", "view", "note", "decide", "undo"]
    assert {row.subject for row in rows} == {f"post {post.id}"}
    assert not [row for row in rows if "note that" in row.details or "join" in row.details]


def test_agreement_of_blind_readings(store: Store) -> None:
    office = Office.over(store, second_share=1.0)
    anna, boris = office.reader("anna"), office.reader("boris")
    said = [(YES, YES), (YES, YES), (NO, NO), (YES, NO)]
    words = ("alpha kilo", "bravo lima", "charlie mike", "delta november")
    office.take(*[office.post(f"join {word}", id=str(at)) for at, word in enumerate(words)])
    for at, (first, second) in enumerate(said):
        office.read(anna, str(at), first)
        office.read(boris, str(at), second)
    with store.read() as connection:
        (found,) = agreement(connection)
    assert (found.label, found.posts, found.same) == ("recruitment", 4, 3)
    assert found.kappa == pytest.approx(0.5)  # observed 3/4, by chance 3/4·2/4 + 1/4·2/4 = 1/2
