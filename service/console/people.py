"""Accounts and keys: who may read posts, and who may send them."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from classifier.errors import ClarionError
from service.console.visit import Route, Visit
from service.review.words import Role
from service.security.accounts import PASSWORD_LENGTH
from service.security.keys import Scope
from service.security.keystore import KeyStore


def people(visit: Visit) -> Response:
    """The page of accounts and keys."""
    return _page(visit)


def _page(visit: Visit, status: int = 200, *, fault: str = "", key: str = "", done: str = "") -> Response:
    site = visit.site
    return visit.show(
        "people.html",
        status,
        accounts=site.accounts.all(),
        keys=KeyStore(site.review.store).all(),
        roles=list(Role),
        scopes=list(Scope),
        least=PASSWORD_LENGTH,
        fault=fault,
        key=key,
        done=done,
    )


def add_account(visit: Visit) -> Response:
    """Make an account for somebody."""
    form = visit.form
    try:
        made = visit.site.accounts.add(
            form.get("name", ""), _role(visit), form.get("password", ""), by=visit.reader.name
        )
    except ClarionError as error:
        return _page(visit, 422, fault=str(error))
    done = visit.words.say("%(name)s may sign in now. Exports call them %(pseudonym)s.", name=made.name,
                           pseudonym=made.pseudonym)  # fmt: skip
    return _page(visit, done=done)


def change_account(visit: Visit) -> Response:
    """Change the role of an account, or end its use."""
    name, accounts, by = visit.form.get("name", ""), visit.site.accounts, visit.reader.name
    try:
        if visit.form.get("do") == "disable":
            accounts.disable(name, by=by)
            return _page(visit, done=visit.words.say("%(name)s can sign in no more.", name=name))
        accounts.change_role(name, _role(visit), by=by)
    except ClarionError as error:
        return _page(visit, 422, fault=str(error))
    return _page(visit, done=visit.words.say("The role of %(name)s has changed.", name=name))


def _role(visit: Visit) -> Role:
    given = visit.form.get("role", "")
    return Role(given) if given in set(Role) else Role.VIEWER


def add_key(visit: Visit) -> Response:
    """Make a key and show it, this once."""
    scopes = [Scope(given) for given in visit.form.getlist("scope") if given in set(Scope)]
    try:
        key = KeyStore(visit.site.review.store).add(visit.form.get("name", "").strip(), scopes, by=visit.reader.name)
    except ClarionError as error:
        return _page(visit, 422, fault=str(error))
    return _page(visit, key=key)


def revoke_key(visit: Visit) -> Response:
    """End the use of a key."""
    name = visit.form.get("name", "")
    try:
        KeyStore(visit.site.review.store).revoke(name, by=visit.reader.name)
    except ClarionError as error:
        return _page(visit, 422, fault=str(error))
    return _page(visit, done=visit.words.say("The key %(name)s opens nothing any more.", name=name))


PAGES: Final = (
    Route("GET", "/review/people", Role.ADMIN, people),
    Route("POST", "/review/people/accounts", Role.ADMIN, add_account),
    Route("POST", "/review/people/change", Role.ADMIN, change_account),
    Route("POST", "/review/people/keys", Role.ADMIN, add_key),
    Route("POST", "/review/people/revoke", Role.ADMIN, revoke_key),
)
