"""Signing in and out, the first account, and how somebody wants to read."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from service.console.doors import SESSION_COOKIE
from service.console.language import LANGUAGES
from service.console.pages import LANGUAGE_COOKIE
from service.console.visit import PLAIN, Route, Visit
from service.review.words import Role
from service.security.accounts import PASSWORD_LENGTH, SESSION, AccountError

HOME: Final = "/review"
BLURS: Final = ("off", "words", "text")
YEAR: Final = 365 * 24 * 3600


def ask(visit: Visit) -> Response:
    """The page on which to sign in."""
    if visit.session is not None:
        return visit.go(HOME)
    return _sign_in_page(visit)


def _sign_in_page(visit: Visit, status: int = 200, *, fault: str = "", name: str = "") -> Response:
    return visit.show("sign-in.html", status, fault=fault, name=name, next=_inside(visit.query.get("next")))


def _inside(place: str | None) -> str:
    """A page of reviewing to go to: an address of elsewhere is not followed."""
    fits = place is not None and place.startswith("/review") and "\\" not in place and "//" not in place
    return str(place) if fits else HOME


def sign_in(visit: Visit) -> Response:
    """Open a session."""
    name, password = visit.form.get("name", ""), visit.form.get("password", "")
    token = visit.site.accounts.sign_in(name, password)
    if token is None:
        fault = visit.words.say(
            "Name or password are not right, or there were too many attempts. Try again; after five wrong passwords "
            "an account rests for a quarter of an hour."
        )
        return _sign_in_page(visit, 401, fault=fault, name=name)
    return _with_session(visit, visit.go(_inside(visit.form.get("next"))), token)


def _with_session(visit: Visit, response: Response, token: str) -> Response:
    session = visit.site.accounts.session(token)
    age, secure = int(SESSION.total_seconds()), not visit.site.settings.trial
    response.set_cookie(SESSION_COOKIE, token, max_age=age, httponly=True, secure=secure, samesite="lax")
    if session is not None:
        _speak(response, session.lang)
    return response


def _speak(response: Response, lang: str) -> None:
    response.set_cookie(LANGUAGE_COOKIE, lang, max_age=YEAR, samesite="lax")


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.site.accounts.sign_out(visit.token)
    response = visit.go("/sign-in")
    response.delete_cookie(SESSION_COOKIE)
    return response


def speak(visit: Visit) -> Response:
    """Choose a language before signing in."""
    response = visit.go("/sign-in")
    lang = visit.form.get("lang", "")
    if lang in LANGUAGES:
        _speak(response, lang)
    return response


def welcome(visit: Visit) -> Response:
    """The page on which the first account is made."""
    token = visit.path["token"]
    known = visit.site.accounts.is_invited(token)
    return visit.show("welcome.html", 200 if known else 410, known=known, fault="", name="", least=PASSWORD_LENGTH)


def accept(visit: Visit) -> Response:
    """Make the first account, and sign in with it."""
    accounts, name, password = visit.site.accounts, visit.form.get("name", ""), visit.form.get("password", "")
    try:
        made = accounts.accept(visit.path["token"], name, password)
    except AccountError as error:
        known = accounts.is_invited(visit.path["token"])
        return visit.show("welcome.html", 422, known=known, fault=str(error), name=name, least=PASSWORD_LENGTH)
    token = accounts.sign_in(made.name, password)
    assert token is not None
    accounts.choose(made, visit.lang, {})
    return _with_session(visit, visit.go(HOME), token)


def account(visit: Visit) -> Response:
    """The page of one's own account."""
    return visit.show("account.html", blurs=BLURS, least=PASSWORD_LENGTH, saved=visit.query.get("saved"))


def choose(visit: Visit) -> Response:
    """Keep how somebody wants to read."""
    lang, blur = visit.form.get("lang", ""), visit.form.get("blur", "")
    lang = lang if lang in LANGUAGES else visit.lang
    settings = {"blur": blur if blur in BLURS else PLAIN["blur"], "grey": visit.form.get("grey") == "on"}
    visit.site.accounts.choose(visit.reader, lang, settings)
    response = visit.go("/review/account?saved=1")
    _speak(response, lang)
    return response


def change_password(visit: Visit) -> Response:
    """Change one's own password, which ends every session."""
    visit.site.accounts.change_password(visit.reader, visit.form.get("old", ""), visit.form.get("new", ""))
    return visit.go("/sign-in")


PAGES: Final = (
    Route("GET", "/sign-in", None, ask),
    Route("POST", "/sign-in", None, sign_in),
    Route("POST", "/sign-in/language", None, speak),
    Route("POST", "/sign-out", Role.VIEWER, sign_out),
    Route("GET", "/welcome/{token}", None, welcome),
    Route("POST", "/welcome/{token}", None, accept),
    Route("GET", "/review/account", Role.VIEWER, account),
    Route("POST", "/review/account", Role.VIEWER, choose),
    Route("POST", "/review/account/password", Role.VIEWER, change_password),
)
