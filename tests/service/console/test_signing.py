"""Signing in and out, the first account, and how somebody wants to read."""

from __future__ import annotations

import re

import pytest

from service.review.words import Role
from tests.service.console.desk import PASSWORD, Desk, open_desk, plain


def cookies(answer: object) -> list[str]:
    return answer.headers.get_list("set-cookie")  # type: ignore[attr-defined, no-any-return]


def test_signing_in_and_out(desk: Desk) -> None:
    answer = desk.post("/sign-in", None, {"name": "reviewer", "password": PASSWORD, "next": "/review/guide"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/guide")
    session = next(one for one in cookies(answer) if one.startswith("clarion_session="))
    assert "HttpOnly" in session
    assert "samesite=lax" in session.lower()
    desk.tokens["reviewer"] = re.findall(r"=([^;]+)", session)[0]
    assert "Take the next post" not in desk.get("/review", "reviewer").text  # nothing waits
    assert desk.get("/review", "reviewer").status_code == 200
    assert desk.post("/sign-out", "reviewer").headers["location"] == "/sign-in"
    assert desk.get("/review", "reviewer").status_code == 303


def test_cookies_are_for_safe_connections_only_unless_on_trial(database: str) -> None:
    key = "a-key-that-is-only-for-tests-0123456789"
    with open_desk(database, api_keys=key, allowed_hosts="127.0.0.1") as desk:
        desk.account("anna")
        answer = desk.post("/sign-in", None, {"name": "anna", "password": PASSWORD})
    assert "Secure" in next(one for one in cookies(answer) if one.startswith("clarion_session="))


@pytest.mark.parametrize(
    "form", [{"name": "reviewer", "password": "wrong"}, {"name": "no one", "password": PASSWORD}, {}]
)
def test_wrong_words(desk: Desk, form: dict[str, str]) -> None:
    answer = desk.post("/sign-in", None, form)
    assert answer.status_code == 401
    assert "Name or password are not right" in plain(answer.text)
    assert not cookies(answer)


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/review", "//elsewhere.example", "/review//x", "/\\x", "/docs", ""]
)
def test_nobody_is_sent_elsewhere_after_signing_in(desk: Desk, place: str) -> None:
    answer = desk.post("/sign-in", None, {"name": "viewer", "password": PASSWORD, "next": place})
    assert answer.headers["location"] == "/review"


def test_a_page_is_gone_back_to_after_signing_in(desk: Desk) -> None:
    asked = desk.get("/review?label=recruitment", None)
    page = desk.get(asked.headers["location"], None).text
    assert 'name="next" value="/review?label=recruitment"' in page


def test_the_first_account(database: str) -> None:
    with open_desk(database) as desk:
        token = desk.accounts.invitation()
        place = f"/welcome/{token}"
        assert "Make the first account" in desk.get(place, None).text
        short = desk.post(place, None, {"name": "anna", "password": "short"})
        assert (short.status_code, "at least 12 characters" in plain(short.text)) == (422, True)
        made = desk.post(place, None, {"name": "anna", "password": PASSWORD}, headers={"Accept-Language": "kk"})
        assert (made.status_code, made.headers["location"]) == (303, "/review")
        assert [(one.name, one.role) for one in desk.accounts.all()] == [("anna", Role.ADMIN)]
        again = desk.post(place, None, {"name": "boris", "password": PASSWORD})
        assert again.status_code == 422
        assert desk.get(place, None).status_code == 410
        assert desk.accounts.invitation() is None


def test_an_older_link_is_void(database: str) -> None:
    with open_desk(database) as desk:
        old, new = desk.accounts.invitation(), desk.accounts.invitation()
        assert desk.get(f"/welcome/{old}", None).status_code == 410
        assert desk.get(f"/welcome/{new}", None).status_code == 200


def test_how_somebody_wants_to_read(desk: Desk) -> None:
    form = {"lang": "ru", "blur": "words", "grey": "on"}
    answer = desk.post("/review/account", "viewer", form)
    assert any(one.startswith("clarion_lang=ru") for one in cookies(answer))
    page = desk.get("/review", "viewer").text
    assert '<html lang="ru">' in page
    assert 'data-blur="words"' in page
    assert 'class="review grey"' in page
    desk.post("/review/account", "viewer", {"lang": "xx", "blur": "all"})
    page = desk.get("/review", "viewer").text
    assert ('<html lang="ru">' in page, 'data-blur="words"' in page) == (True, True)


def test_the_language_before_signing_in(desk: Desk) -> None:
    assert '<html lang="kk">' in desk.get("/sign-in", None, headers={"Accept-Language": "fr, kk;q=0.9, en"}).text
    chosen = desk.post("/sign-in/language", None, {"lang": "ru"})
    assert any(one.startswith("clarion_lang=ru") for one in cookies(chosen))
    assert not cookies(desk.post("/sign-in/language", None, {"lang": "xx"}))


def test_changing_the_password_ends_every_session(desk: Desk) -> None:
    new = "another horse battery"
    wrong = desk.post("/review/account/password", "other", {"old": "wrong", "new": new})
    assert (wrong.status_code, "not right" in wrong.text) == (422, True)
    assert desk.post("/review/account/password", "other", {"old": PASSWORD, "new": new}).status_code == 303
    assert desk.get("/review", "other").status_code == 303
    assert desk.accounts.sign_in("other", new)
    assert desk.accounts.sign_in("other", PASSWORD) is None
