"""Platforms send posts for review and ask what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.api.postmodels import PostOut, PostsOut
from service.review.verdicts import Decision
from service.review.words import Role
from service.security.accounts import Accounts
from service.security.keys import Scope
from service.security.keystore import KeyStore
from service.store.engine import Store
from tests.service.conftest import KEY, URL
from tests.service.postgres import free_port
from tests.service.review.making import CONFIRM, NONE

POST = {"platform": "forum", "id": "17/a b", "text": "Join our unit"}
PLAIN = {"platform": "forum", "id": "18", "text": "good morning"}
SHARES = {"random_share": 0, "low_share": 0, "second_share": 0}


@pytest.fixture
def keeping(make_app: Callable[..., FastAPI], database: str) -> Iterator[TestClient]:
    """A service that keeps posts, in trial mode."""
    with TestClient(make_app(database=database, **SHARES), base_url=URL) as client:
        yield client


def send(client: TestClient, *items: Any, **envelope: Any) -> Any:
    return client.post("/v1/posts", json={"items": list(items)} | envelope)


def test_posts_are_scored_and_queued(keeping: TestClient) -> None:
    answer = send(keeping, POST, PLAIN, {"id": "x"}, explain=True)
    PostsOut.model_validate_json(answer.content)
    first, second, third = answer.json()["results"]
    assert (first["outcome"], first["state"], first["labels"]["recruitment"]["flagged"]) == ("new", "queued", True)
    assert first["evidence"]["recruitment"]["spans"]
    assert (second["outcome"], second["state"]) == ("below_floor", None)
    assert third["error"]["code"] == "missing_text"
    assert send(keeping, POST).json()["results"][0]["outcome"] == "known"


def test_the_state_of_a_post(keeping: TestClient) -> None:
    send(keeping, POST | {"due_at": "2026-03-01T12:00:00+05:00"})
    answer = keeping.get("/v1/posts/forum/17/a b")
    PostOut.model_validate_json(answer.content)
    body = answer.json()
    assert (body["id"], body["state"], body["decision"], body["version"]) == ("17/a b", "queued", None, 1)
    assert body["due_at"] == "2026-03-01T07:00:00+00:00"


def test_what_was_decided(keeping: TestClient, store: Store) -> None:
    send(keeping, POST)
    review = keeping.app.state.review  # type: ignore[attr-defined]
    reader = Accounts(store).add("anna", Role.REVIEWER, "a long password here", by="test")
    post = review.claims.take_next(reader)
    with store.read() as connection:
        version = connection.exec_driver_sql("SELECT version_id FROM posts").scalar()
    review.deciding.decide(reader, post, version, Decision({"recruitment": CONFIRM, "separatism": NONE}))
    body = keeping.get("/v1/posts/forum/17/a b").json()
    PostOut.model_validate(body)
    assert body["state"] == "decided"
    assert body["decision"]["labels"]["recruitment"] == {
        "outcome": "confirm",
        "reason": "state_contract",
        "route": "foreign_army",
        "means": None,
    }
    assert "anna" not in str(body)
    assert reader.pseudonym not in str(body)


@pytest.mark.parametrize("path", ["/v1/posts/forum/18", "/v1/posts/other/17/a b", "/v1/posts/forum/\u0434"])
def test_what_was_never_kept_is_not_found(keeping: TestClient, path: str) -> None:
    send(keeping, POST, PLAIN)
    answer = keeping.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:clarion:problem:not-found")


def test_a_request_can_ask_to_keep_nothing(keeping: TestClient) -> None:
    (result,) = send(keeping, POST, store=False).json()["results"]
    assert (result["outcome"], result["state"]) == ("not_stored", None)
    assert keeping.get("/v1/posts/forum/17/a b").status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"platform": None}, "invalid_platform"),
        ({"platform": "Forum"}, "invalid_platform"),
        ({"id": ""}, "invalid_id"),
        ({"id": "a\0"}, "invalid_id"),
        ({"id": "x" * 513}, "invalid_id"),
        ({"author": 7}, "invalid_author"),
        ({"author": "a\0"}, "invalid_author"),
        ({"url": "x" * 2049}, "invalid_url"),
        ({"parent_text": ["a"]}, "invalid_parent_text"),
        ({"created_at": "2026-03-01T12:00:00"}, "invalid_created_at"),
        ({"due_at": "soon"}, "invalid_due_at"),
        ({"due_at": "0001-01-01T00:00:00+14:00"}, "invalid_due_at"),
        ({"reach": -1}, "invalid_reach"),
        ({"reach": True}, "invalid_reach"),
        ({"reach": 10**13}, "invalid_reach"),
        ({"report_source": "police"}, "invalid_report_source"),
        ({"text": "a\0"}, "unfit_text"),
    ],
)
def test_a_wrong_item_is_refused_alone(keeping: TestClient, change: dict[str, Any], code: str) -> None:
    answer = send(keeping, POST | change, POST | {"id": "2"})
    PostsOut.model_validate_json(answer.content)
    wrong, right = answer.json()["results"]
    assert wrong["error"]["code"] == code
    assert wrong["error"]["pointer"].startswith("/items/0/")
    assert right["outcome"] == "new"


@pytest.mark.parametrize(
    ("envelope", "pointer"), [({"store": 1}, "/store"), ({"profile": "x"}, "/profile"), ({"a": 1}, "/a")]
)
def test_a_wrong_envelope(keeping: TestClient, envelope: dict[str, Any], pointer: str) -> None:
    answer = send(keeping, POST, **envelope)
    assert (answer.status_code, answer.json()["pointer"]) == (422, pointer)


def test_scoring_takes_no_word_about_keeping(keeping: TestClient) -> None:
    assert keeping.post("/v1/score", json={"items": [], "store": True}).json()["pointer"] == "/store"


def test_a_service_without_a_database_keeps_nothing_and_says_so(client: TestClient) -> None:
    for answer in (send(client, POST), client.get("/v1/posts/forum/1")):
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:clarion:problem:no-database")
        assert "CLARION_DATABASE" in answer.json()["detail"]


def test_scoring_goes_on_while_the_database_is_away(make_app: Callable[..., FastAPI]) -> None:
    away = f"postgresql://clarion:secret@127.0.0.1:{free_port()}/clarion"
    app = make_app(database=away, api_keys=KEY, allowed_hosts="127.0.0.1")
    with TestClient(app, base_url=URL) as client:
        body = {"items": [{"id": "1", "text": "join"}]}
        assert client.post("/v1/score", json=body, headers={"X-API-Key": KEY}).status_code == 200
        answer = client.get("/v1/posts/forum/1", headers={"X-API-Key": "another"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "secret" not in answer.text


def test_keys_have_scopes(make_app: Callable[..., FastAPI], database: str, store: Store) -> None:
    ring = KeyStore(store)
    posts, score = (ring.add(scope, [scope], by="test") for scope in (Scope.POSTS, Scope.SCORE))
    app = make_app(database=database, api_keys=KEY, allowed_hosts="clarion.test", **SHARES)
    with TestClient(app, base_url="http://clarion.test") as client:

        def tried(key: str) -> tuple[int, int, int]:
            headers = {"Authorization": f"Bearer {key}"}
            scored = client.post("/v1/score", json={"items": []}, headers=headers).status_code
            sent = client.post("/v1/posts", json={"items": []}, headers=headers).status_code
            return scored, sent, client.get("/v1/posts/forum/1", headers=headers).status_code

        assert tried(KEY) == (200, 403, 403)
        assert tried(posts) == (403, 200, 404)
        assert tried(score) == (200, 403, 403)
        assert tried("wrong") == (401, 401, 401)
        ring.revoke("posts", by="test")
        assert tried(posts) == (401, 401, 401)
        assert posts not in client.post("/v1/posts", json={}, headers={"X-API-Key": posts}).text
