"""Pages of reviewing as seen by accounts of every role, over a classifier that tests control."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa
from httpx2 import Response
from starlette.testclient import TestClient

from classifier import Classifier
from service.app import create_app
from service.log import make_logger
from service.review.desk import Review
from service.review.words import Role
from service.security.accounts import Accounts
from service.settings import read_settings
from service.store.tables import posts, sessions
from tests.service.fakes import FakeClassifier

URL = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
OFFER = "join our unit, write me in private"


def plain(page: str) -> str:
    """A page as it reads: without tags, spaces as one."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@dataclass
class Desk:
    """A running app with accounts."""

    client: TestClient
    review: Review
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.review.store)

    def account(self, name: str, role: Role = Role.REVIEWER, lang: str = "en") -> str:
        """Make an account and open a session."""
        reader = self.accounts.add(name, role, PASSWORD, by="test")
        self.accounts.choose(reader, lang, {})
        token = self.accounts.sign_in(name, PASSWORD)
        assert token is not None
        self.tokens[name] = token
        return token

    def get(self, path: str, name: str | None = None, **more: Any) -> Response:
        return self._ask("GET", path, name, **more)

    def post(self, path: str, name: str | None = None, form: Mapping[str, Any] | None = None, **more: Any) -> Response:
        headers = {**FROM_HERE, "Content-Type": "application/x-www-form-urlencoded", **more.pop("headers", {})}
        sent = {} if "content" in more else {"data": dict(form or {})}
        return self._ask("POST", path, name, **sent, headers=headers, **more)

    def _ask(self, method: str, path: str, name: str | None, **more: Any) -> Response:
        self.client.cookies.clear()
        if name is not None:
            self.client.cookies.set("clarion_session", self.tokens[name])
        return self.client.request(method, path, follow_redirects=False, **more)

    def send(self, *texts: str, **facts: Any) -> None:
        """Let posts come in as a platform sends them."""
        with self.review.store.read() as connection:
            known = connection.execute(sa.select(sa.func.count()).select_from(posts)).scalar_one()
        items = [
            {"platform": "forum", "id": f"p{known + place}", "text": text} | facts for place, text in enumerate(texts)
        ]
        answer = self.client.post("/v1/posts", content=json.dumps({"items": items}),
                                  headers={"Content-Type": "application/json"})  # fmt: skip
        assert answer.status_code == 200, answer.text

    def take(self, name: str, query: str = "") -> int:
        """Claim the next post and say which it is."""
        answer = self.post(f"/review/next{query}", name)
        found = re.search(r"/review/posts/(\d+)", answer.headers["location"])
        assert found, answer.headers["location"]
        return int(found[1])

    def version(self, post_id: int) -> int:
        with self.review.store.read() as connection:
            return int(connection.execute(sa.select(posts.c.version_id).where(posts.c.id == post_id)).scalar_one())

    def state(self, post_id: int) -> str:
        with self.review.store.read() as connection:
            return str(connection.execute(sa.select(posts.c.state).where(posts.c.id == post_id)).scalar_one())

    def decide(self, name: str, post_id: int, **form: Any) -> Response:
        return self.post(f"/review/posts/{post_id}/decide", name, {"version": self.version(post_id)} | form)

    def expire(self, name: str) -> None:
        """Let a session run out."""
        with self.review.store.write() as connection:
            connection.execute(sa.update(sessions).values(expires_at=sessions.c.created_at))
        assert self.accounts.session(self.tokens[name]) is None


YES = {"outcome.recruitment": "confirm", "confirm.recruitment": "state_contract", "route": "foreign_army"}
NO = {"outcome.recruitment": "not_an_appeal", "refuse.recruitment": "news"}


@contextmanager
def open_desk(database: str, classifier: Classifier | None = None, **settings: Any) -> Iterator[Desk]:
    """An app over a database, warmed up; nothing is sampled and nothing read twice unless a test asks for it."""
    plain_policy = {"random_share": 0, "low_share": 0, "second_share": 0, "golden_share": 0}
    read = read_settings(**{"database": database, **plain_policy, **settings})
    app = create_app(read, classifier or cast("Classifier", FakeClassifier()), make_logger("info", io.StringIO()))
    with TestClient(app, base_url=URL) as client:
        yield Desk(client, app.state.review)
