"""One shape for every error, at every route."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.api.models import ProblemOut
from service.api.problems import pointer_to
from tests.service.conftest import URL, logged
from tests.service.fakes import FakeClassifier

ROUTES = [
    "/",
    "/v1/score",
    "/v1/model",
    "/v1/limits",
    "/v1/posts",
    "/v1/posts/{platform}/{post_id}",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/docs",
    "/openapi.json",
]
POSTED = ("/", "/v1/score", "/v1/posts")


def problem(answer: Any, status: int) -> ProblemOut:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = ProblemOut.model_validate_json(answer.content)
    assert (body.status, body.request_id) == (status, answer.headers["x-request-id"])
    return body


def test_every_route_is_looked_at(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    assert set(described) <= set(ROUTES)


@pytest.mark.parametrize("route", [*ROUTES, "/static/console.css"])
def test_wrong_method(client: TestClient, route: str) -> None:
    problem(client.delete(route), 405)


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in POSTED or route == "/"])
def test_wrong_method_names_the_right_one(client: TestClient, route: str) -> None:
    assert "GET" in client.delete(route).headers["allow"]


@pytest.mark.parametrize("route", ["/nowhere", "/v1/", "/v1/score/", "/static/nothing", "/static/../app.py", "/docs/x"])
def test_nothing_there(client: TestClient, route: str) -> None:
    problem(client.get(route), 404)


@pytest.mark.parametrize("route", [*ROUTES, "/nowhere", "/static/console.css"])
@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "localhost:x", "[::2]", ""])
def test_other_host(client: TestClient, route: str, host: str) -> None:
    problem(client.get(route, headers={"Host": host}), 421)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "LOCALHOST:8000", "[::1]", "[::1]:8000"])
def test_loopback_hosts(client: TestClient, host: str) -> None:
    assert client.get("/v1/limits", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("route", POSTED)
def test_other_sites_may_not_post(client: TestClient, route: str) -> None:
    problem(client.post(route, headers={"Sec-Fetch-Site": "cross-site"}), 403)


@pytest.mark.parametrize("route", POSTED)
def test_wrong_type(client: TestClient, route: str) -> None:
    problem(client.post(route, content=b"x", headers={"Content-Type": "text/plain"}), 415)


@pytest.mark.parametrize("route", POSTED)
def test_too_large(client: TestClient, route: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    problem(client.post(route, content=b" " * 8_000_001, headers=headers), 413)


def test_not_ready_before_the_warm_up(make_app: Callable[..., FastAPI]) -> None:
    client = TestClient(make_app(), base_url=URL)
    assert client.get("/health/live").json() == {"status": "live"}
    assert problem(client.get("/health/ready"), 503).type.endswith("not-ready")
    answer = client.post("/v1/score", json={"items": []})
    problem(answer, 503)
    assert answer.headers["retry-after"] == "5"
    problem(client.post("/", data={"text": "x"}), 503)
    with client:
        assert client.get("/health/ready").json() == {"status": "ready"}
    problem(client.get("/health/ready"), 503)


@pytest.mark.parametrize("route", ["/", "/v1/score"])
def test_our_own_fault(client: TestClient, fake: FakeClassifier, log_lines: io.StringIO, route: str) -> None:
    fake.fault = RuntimeError("about the secret post")
    sent = (
        {"json": {"items": [{"id": "1", "text": "the secret post"}]}} if route != "/" else {"data": {"text": "secret"}}
    )
    answer = client.post(route, **sent)  # type: ignore[arg-type]
    body = problem(answer, 500)
    failure = next(line for line in logged(log_lines) if line["event"] == "failure")
    assert (failure["request_id"], failure["error"]) == (body.request_id, "RuntimeError")
    assert any("fakes.py" in frame for frame in failure["frames"])
    assert "secret" not in log_lines.getvalue() + answer.text


def test_request_id_is_taken_when_sane(client: TestClient) -> None:
    answer = client.get("/nowhere", headers={"X-Request-ID": "trace-1:a/b"})
    assert (answer.json()["request_id"], answer.headers["x-request-id"]) == ("trace-1:a/b", "trace-1:a/b")


@pytest.mark.parametrize("given", ["", "x" * 65, "two words", "<b>", "кириллица".encode()])
def test_request_id_is_made_otherwise(client: TestClient, given: str | bytes) -> None:
    answer = client.get("/nowhere", headers=[(b"x-request-id", given.encode() if isinstance(given, str) else given)])
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_pointers_are_escaped() -> None:
    assert pointer_to("items", 3, "a/b~c") == "/items/3/a~1b~0c"
