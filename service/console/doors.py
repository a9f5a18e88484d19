"""The doors of the pages: who comes in, from where, and what they see when something is in the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import FastAPI
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response

from classifier.errors import ClarionError
from service.api.body import FORM, read_body, require_type
from service.api.problems import Kind, Problem
from service.console.kinds import ROLES
from service.console.language import N_, choose
from service.console.pages import LANGUAGE_COOKIE
from service.console.visit import Fields, Route, Site, Visit
from service.posting import Posting
from service.review.errors import EditedError, NotAllowedError, TakenError, UnknownPostError
from service.security.headers import POLICY
from service.store.engine import StoreAwayError

SESSION_COOKIE: Final = "clarion_session"
FORM_BYTES: Final = 1_000_000  # room for a cue file, whose letters take up to twelve bytes each
FIELDS_AT_MOST: Final = 500
# The pages ask this service while they are open: to keep a post, and to find things.
PAGE_POLICY: Final = f"{POLICY}; connect-src 'self'"
STATUS: Final[Mapping[type[ClarionError], int]] = {
    UnknownPostError: 404,
    NotAllowedError: 403,
    TakenError: 409,
    EditedError: 409,
}
AWAY: Final = N_("The database cannot be reached just now. Nothing was changed; what you typed is still in your "
                 "browser: go back and send it again in a few seconds.")  # fmt: skip
FAULTS: Final[Mapping[type[ClarionError], str]] = {
    UnknownPostError: N_("There is no such post. It may never have come in, or scored below the floor."),
    TakenError: N_("This post is not yours just now: somebody else has it, or your time with it ran out. Nothing was "
                   "changed. Take the next one."),
    EditedError: N_("The text of this post changed while you read it. Nothing was decided. Read it again."),
}  # fmt: skip


def add_pages(app: FastAPI, site: Site, routes: tuple[Route, ...]) -> None:
    """Let routes answer for an app.

    Parameters
    ----------
    app : FastAPI
        Its state holds what runs jobs with the database.
    site : Site
        What the pages share.
    routes : tuple of Route
        Every page and action.
    """
    for route in routes:
        app.add_api_route(route.path, _endpoint(app.state.posting, site, route), methods=[route.method],
                          include_in_schema=False)  # fmt: skip


def _endpoint(posting: Posting, site: Site, route: Route) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        stranger = _visit(site, request, {})
        try:
            form = await _read_form(request) if route.method == "POST" else {}
            response = await posting.run(_serve, route, _visit(site, request, form), _comes_from_here(request))
        except Problem as problem:
            fault = stranger.words.say(AWAY) if problem.kind.status == 503 else problem.detail
            response = notice(stranger, problem.kind.status, fault)
            response.headers.update(problem.headers or {})
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        return response

    return answer


async def _read_form(request: Request) -> Mapping[str, str] | list[tuple[str, str]]:
    require_type(request, FORM)
    body = await read_body(request, FORM_BYTES)
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_AT_MOST)
    except ValueError as fault:
        detail = f"this is not a form of these pages, with {FIELDS_AT_MOST} fields at most; nothing was done"
        raise Problem(Kind.INVALID, detail) from fault


def _visit(site: Site, request: Request, form: Mapping[str, str] | list[tuple[str, str]]) -> Visit:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    lang = choose(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))
    query: Fields = ImmutableMultiDict(request.query_params.multi_items())
    token = request.cookies.get(SESSION_COOKIE, "")
    return Visit(site, request.path_params, query, ImmutableMultiDict(form), None, token, lang, here)


def _comes_from_here(request: Request) -> bool:
    """Whether a browser says that a page of this service sent the request; one that says nothing is not believed."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


def _serve(route: Route, visit: Visit, from_here: bool) -> Response:
    words = visit.words
    if route.method == "POST" and not from_here:
        return notice(visit, 403, words.say("This did not come from a page of this service, so nothing was done."))
    session = visit.site.accounts.session(visit.token) if visit.token else None
    if session is not None:
        visit = replace(visit, session=session, lang=choose(session.lang))
    elif route.role is not None:
        return _ask_to_sign_in(route, visit)
    if route.role is not None and not visit.reader.role.at_least(route.role):
        needed = words.say(ROLES[route.role])
        return notice(
            visit, 403, words.say("This needs the role “%(role)s”. Ask an admin of this service.", role=needed)
        )
    return _handled(route, visit)


def _ask_to_sign_in(route: Route, visit: Visit) -> Response:
    if route.method == "GET":
        return visit.go(f"/sign-in?next={quote(visit.here)}")
    fault = visit.words.say(
        "Your session has ended, so nothing was done. Sign in in another tab, then send this again."
    )
    return notice(visit, 401, fault)


def _handled(route: Route, visit: Visit) -> Response:
    try:
        return route.handle(visit)
    except StoreAwayError:
        raise
    except ClarionError as error:
        fault = visit.words.say(FAULTS[type(error)]) if type(error) in FAULTS else str(error)
        return notice(visit, STATUS.get(type(error), 422), fault)


def notice(visit: Visit, status: int, fault: str) -> Response:
    """A page that says what is in the way and what to do next."""
    return visit.show("notice.html", status, fault=fault, code=status)
