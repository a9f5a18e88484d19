"""What the pages of reviewing work with: the site, made once for an app, and a visit, made for every request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from starlette.datastructures import ImmutableMultiDict
from starlette.responses import HTMLResponse, RedirectResponse, Response

from service.console import kinds
from service.console.language import Words, templates
from service.console.view import label_title
from service.review.claims import Reader
from service.review.desk import Review
from service.review.words import Role
from service.scoring import Scorer
from service.security.accounts import Accounts, Session
from service.settings import Settings

Fields = ImmutableMultiDict[str, str]
PLAIN: Final = {"blur": "words", "grey": False}  # how posts are shown to who has not chosen


@dataclass(frozen=True)
class Site:
    """What all pages share.

    Parameters
    ----------
    settings : Settings
        Of the service.
    scorer : Scorer
        Which says why a post was flagged.
    review : Review
        Where posts are.
    reload_cues : callable
        Has changed cue files taken up now.
    """

    settings: Settings
    scorer: Scorer
    review: Review
    reload_cues: Callable[[], None]

    @cached_property
    def accounts(self) -> Accounts:
        """Who may sign in."""
        return Accounts(self.review.store)


@dataclass(frozen=True)
class Visit:
    """One request for a page.

    Parameters
    ----------
    site : Site
        What all pages share.
    path : mapping of str to str
        Parts of the address.
    query, form : ImmutableMultiDict
        What was asked, and what was sent.
    session : Session or None
        Who asks; None when nobody signed in.
    token : str
        Of the session.
    lang : str
        In which language to answer.
    here : str
        The address, with its query.
    """

    site: Site
    path: Mapping[str, str]
    query: Fields
    form: Fields
    session: Session | None
    token: str
    lang: str
    here: str

    @property
    def words(self) -> Words:
        """The language of the answer."""
        return Words(self.lang)

    @property
    def reader(self) -> Reader:
        """Who asks; only routes that need a role may."""
        assert self.session is not None
        return self.session.reader

    def number(self, name: str) -> int:
        """A part of the address or of the query that is a number; 0, which nothing has, where it is none."""
        given = self.path.get(name) or self.query.get(name) or self.form.get(name) or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        session = self.session
        words = self.words
        shared = {
            "visit": self,
            "reader": session and session.reader,
            "manner": PLAIN | dict(session.settings if session else {}),
            "kinds": kinds,
            "label_title": lambda name: label_title(name, words),
        }
        page = templates(self.lang).get_template(template)
        return HTMLResponse(page.render(**shared, **values), status)

    def go(self, place: str) -> Response:
        """Send on to another page."""
        return RedirectResponse(place, 303)


class Route(NamedTuple):
    """A page or an action: who may come to it, and what it answers; None for everybody."""

    method: str
    path: str
    role: Role | None
    handle: Callable[[Visit], Response]
