"""Figures, people, keys, the audit log and finding things."""

from __future__ import annotations

import csv
import io
import re

import pytest

from service.console.dashboard import TABLES
from service.review.words import Role
from tests.service.console.desk import OFFER, PASSWORD, Desk, plain

BOTH = {"outcome.recruitment": "confirm", "confirm.recruitment": "next_step", "route": "foreign_army",
        "outcome.separatism": "not_an_appeal", "refuse.separatism": "news"}  # fmt: skip


def test_figures_of_an_empty_desk(desk: Desk) -> None:
    page = plain(desk.get("/review/figures", "viewer").text)
    for sentence in ("Nothing was decided in this time", "Nothing has been decided yet", "No post has been read twice",
                     "There are no posts of both times to compare"):  # fmt: skip
        assert sentence in page


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_can_be_taken_along(desk: Desk, name: str) -> None:
    desk.send(OFFER)
    desk.decide("reviewer", desk.take("reviewer"), **BOTH)
    answer = desk.get(f"/review/figures/{name}.csv", "lead")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert tuple(rows[0]) == TABLES[name].columns
    assert all(len(row) == len(rows[0]) for row in rows)


def test_precision_on_the_page_and_in_its_table(desk: Desk) -> None:
    desk.send(OFFER)
    desk.decide("reviewer", desk.take("reviewer"), **BOTH)
    assert "100.0 % (1/1)" in plain(desk.get("/review/figures", "viewer").text)
    rows = list(csv.DictReader(io.StringIO(desk.get("/review/figures/precision.csv", "viewer").text)))
    assert {(row["label"], row["confirmed"], row["judged"]) for row in rows} == {
        ("recruitment", "1", "1"), ("separatism", "0", "1"),
    }  # fmt: skip


def test_there_is_no_such_table(desk: Desk) -> None:
    assert desk.get("/review/figures/nothing.csv", "admin").status_code == 404


def test_accounts_are_made_changed_and_ended(desk: Desk) -> None:
    made = desk.post("/review/people/accounts", "admin", {"name": "new", "role": "lead", "password": PASSWORD})
    assert "new may sign in now" in plain(made.text)
    assert desk.accounts.sign_in("new", PASSWORD)
    for form, fault in (
        ({"name": "new", "role": "lead", "password": PASSWORD}, "already"),
        ({"name": "short", "role": "lead", "password": "short"}, "at least 12 characters"),
        ({"name": " ", "role": "lead", "password": PASSWORD}, "needs a name"),
    ):
        answer = desk.post("/review/people/accounts", "admin", form)
        assert (answer.status_code, fault in plain(answer.text)) == (422, True)
    desk.post("/review/people/change", "admin", {"name": "new", "role": "viewer", "do": "role"})
    assert {one.name: one.role for one in desk.accounts.all()}["new"] == Role.VIEWER
    desk.post("/review/people/change", "admin", {"name": "new", "do": "disable"})
    assert desk.accounts.sign_in("new", PASSWORD) is None


def test_the_last_admin_stays_one(desk: Desk) -> None:
    answer = desk.post("/review/people/change", "admin", {"name": "admin", "role": "lead", "do": "role"})
    assert (answer.status_code, "only admin" in plain(answer.text)) == (422, True)
    assert desk.get("/review/people", "admin").status_code == 200


def test_a_key_is_shown_once(desk: Desk) -> None:
    page = desk.post("/review/people/keys", "admin", {"name": "forum", "scope": ["score", "posts"]}).text
    found = re.search(r"clarion_[\w-]+", page)
    assert found
    again = desk.get("/review/people", "admin").text
    assert found[0] not in again
    assert "forum" in plain(again)
    assert "revoked" not in plain(again)
    desk.post("/review/people/revoke", "admin", {"name": "forum"})
    assert "revoked" in plain(desk.get("/review/people", "admin").text)
    assert desk.post("/review/people/revoke", "admin", {"name": "forum"}).status_code == 422
    assert desk.post("/review/people/keys", "admin", {"name": "none"}).status_code == 422


def test_finding_a_post_a_campaign_and_a_clause(desk: Desk) -> None:
    desk.send(OFFER, "join the отряд")
    for words in ("p1", "forum/p1", "forum · p1"):
        answer = desk.get(f"/review/find?q={words}", "viewer")
        assert answer.headers["location"] == "/review/posts/2", words
    assert "labelling guide" in plain(desk.get("/review/find?q=airsoft", "viewer").text)
    assert "Nothing fits" in plain(desk.get("/review/find?q=qqqq", "viewer").text)
    assert "forum · p0" in plain(desk.get("/review/find?q=p", "viewer").text)
    assert desk.get("/review/find", "viewer").status_code == 200


def test_the_guide_is_shown_whole(desk: Desk) -> None:
    page = plain(desk.get("/review/guide", "viewer").text)
    assert "Hard cases" in page
    assert "Lawful, peaceful campaigning for independence is 1" in page
