"""Who may come to which page, from where, and what they see otherwise: every page and action has its entry here."""

from __future__ import annotations

from typing import Any

import pytest

from service.console.reviewing import PAGES
from service.console.visit import Route
from service.review.words import Role
from tests.service.console.desk import FROM_HERE, OFFER, Desk, open_desk, plain

EVERYBODY, VIEWER, REVIEWER, LEAD, ADMIN = None, Role.VIEWER, Role.REVIEWER, Role.LEAD, Role.ADMIN
TABLE: dict[tuple[str, str], Role | None] = {
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in/language"): EVERYBODY,
    ("POST", "/sign-out"): VIEWER,
    ("GET", "/welcome/{token}"): EVERYBODY,
    ("POST", "/welcome/{token}"): EVERYBODY,
    ("GET", "/review"): VIEWER,
    ("GET", "/review/account"): VIEWER,
    ("POST", "/review/account"): VIEWER,
    ("POST", "/review/account/password"): VIEWER,
    ("POST", "/review/next"): REVIEWER,
    ("POST", "/review/demo/remove"): LEAD,
    ("GET", "/review/posts/{post_id}"): VIEWER,
    ("POST", "/review/posts/{post_id}/decide"): REVIEWER,
    ("POST", "/review/posts/{post_id}/take"): REVIEWER,
    ("POST", "/review/posts/{post_id}/hold"): REVIEWER,
    ("POST", "/review/posts/{post_id}/release"): REVIEWER,
    ("POST", "/review/posts/{post_id}/renew"): REVIEWER,
    ("POST", "/review/posts/{post_id}/hand-over"): REVIEWER,
    ("POST", "/review/posts/{post_id}/note"): REVIEWER,
    ("POST", "/review/posts/{post_id}/appeal"): REVIEWER,
    ("POST", "/review/posts/{post_id}/golden"): LEAD,
    ("POST", "/review/decisions/{decision_id}/undo"): REVIEWER,
    ("GET", "/review/find"): VIEWER,
    ("GET", "/review/guide"): VIEWER,
    ("GET", "/review/at-risk"): REVIEWER,
    ("GET", "/review/audit"): LEAD,
    ("GET", "/review/figures"): VIEWER,
    ("GET", "/review/figures/{name}.csv"): VIEWER,
    ("GET", "/review/decisions.jsonl"): LEAD,
    ("GET", "/review/cues"): VIEWER,
    ("GET", "/review/cues/files/{file}"): LEAD,
    ("POST", "/review/cues/files/{file}"): LEAD,
    ("GET", "/review/cues/changes/{change_id}"): LEAD,
    ("POST", "/review/cues/changes/{change_id}/approve"): LEAD,
    ("POST", "/review/cues/changes/{change_id}/withdraw"): LEAD,
    ("GET", "/review/people"): ADMIN,
    ("POST", "/review/people/accounts"): ADMIN,
    ("POST", "/review/people/change"): ADMIN,
    ("POST", "/review/people/keys"): ADMIN,
    ("POST", "/review/people/revoke"): ADMIN,
}
PLACES = {"token": "none", "post_id": "1", "decision_id": "1", "name": "hours", "file": "x.yaml", "change_id": "1"}
CLOSED = (401, 403)


def test_every_page_has_its_entry(desk: Desk) -> None:
    assert {(route.method, route.path) for route in PAGES} == set(TABLE)
    served = {
        (method, route.path)
        for route in desk.client.app.routes  # type: ignore[attr-defined]
        for method in getattr(route, "methods", None) or ()
        if route.path.startswith(("/review", "/sign-", "/welcome"))
    }
    assert served - {("HEAD", path) for _, path in TABLE} == set(TABLE)


def ask(desk: Desk, route: Route | tuple[str, str], name: str | None, **more: Any) -> int:
    method, path = route[:2]
    address = path.format(**PLACES)
    answer = desk.get(address, name) if method == "GET" else desk.post(address, name, **more)
    return int(answer.status_code)


def test_each_role(desk: Desk) -> None:
    """One desk for all: what one may not do changes nothing for the next."""
    desk.send(OFFER)
    for (method, path), needed in TABLE.items():
        if (method, path) in (("POST", "/sign-out"), ("POST", "/review/account/password")):
            continue  # these end the session; they have tests of their own
        for role in Role:
            status = ask(desk, (method, path), role.value)
            allowed = needed is None or role.at_least(needed)
            signing_in = path == "/sign-in" and method == "POST"
            assert (status not in CLOSED) == allowed or signing_in, (method, path, role, status)
            assert status < 500, (method, path, role, status)


def test_nobody_and_an_ended_session(desk: Desk) -> None:
    desk.send(OFFER)
    desk.expire("admin")
    for (method, path), needed in TABLE.items():
        if needed is not None:
            for name in (None, "admin"):
                assert ask(desk, (method, path), name) == (303 if method == "GET" else 401), (method, path, name)


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "", "Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": ""},
])  # fmt: skip
def test_other_origins_do_nothing(desk: Desk, headers: dict[str, str]) -> None:
    desk.send(OFFER)
    for method, path in TABLE:
        if method == "POST":
            assert ask(desk, (method, path), "admin", headers=headers) == 403, path
    assert desk.state(1) == "queued"
    assert desk.get("/review", "admin").status_code == 200


def test_an_origin_of_this_service_is_enough_for_old_browsers(desk: Desk) -> None:
    desk.send(OFFER)
    desk.client.headers.pop("Sec-Fetch-Site", None)
    answer = desk.client.post("/review/next", headers={"Origin": "http://127.0.0.1:8000", "Cookie":
                              f"clarion_session={desk.tokens['reviewer']}",
                              "Content-Type": "application/x-www-form-urlencoded"}, follow_redirects=False)  # fmt: skip
    assert answer.status_code == 303


def test_pages_may_load_nothing_from_elsewhere_and_are_not_kept(desk: Desk) -> None:
    answer = desk.get("/review", "viewer")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_without_a_database_there_are_no_such_pages(make_app: Any) -> None:
    paths = {getattr(route, "path", "") for route in make_app().routes}
    assert not any(path.startswith("/review") for path in paths)


def test_rubbish_is_refused_politely(desk: Desk) -> None:
    headers = {**FROM_HERE, "Content-Type": "application/json"}
    assert desk.post("/review/next", "reviewer", headers=headers).status_code == 415
    for faulty in (b"a=%ff", "а=б".encode(), b"&".join(b"a=1" for _ in range(501))):
        answer = desk.post("/review/next", "reviewer", content=faulty)
        assert answer.status_code == 422
        assert "nothing was done" in plain(answer.text)
    big = {"note": "x" * 1_000_000}
    assert desk.post("/review/posts/1/note", "reviewer", big).status_code == 413
    for path in ("/review/posts/x", "/review/posts/99999999999999999999", "/review/posts/-1", "/review/posts/7"):
        answer = desk.get(path, "reviewer")
        assert answer.status_code == 404
        assert "There is no such post" in plain(answer.text)


def test_a_database_that_is_away_is_said_to_be(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.security.accounts import Accounts
    from service.store.engine import StoreAwayError

    with open_desk(database) as desk:
        desk.account("anna")

        def away(*_: object) -> None:
            raise StoreAwayError("away")

        monkeypatch.setattr(Accounts, "session", away)
        answer = desk.get("/review", "anna")
    assert answer.status_code == 503
    assert "cannot be reached just now" in plain(answer.text)
    assert answer.headers["retry-after"] == "5"
