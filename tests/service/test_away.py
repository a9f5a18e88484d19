"""While the database is away scoring goes on and the rest says so; when it is back, all goes on without a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.service.postgres import Server, prepared

URL = "http://127.0.0.1:8000"
ITEM = {"id": "1", "text": "join"}
POST = ITEM | {"platform": "forum"}


@pytest.fixture(scope="module")
def stopped() -> Iterator[Server]:
    with prepared() as made:
        yield made


def send(client: TestClient) -> Any:
    """Send the post; how it was answered."""
    answer = client.post("/v1/posts", json={"items": [POST]})
    return answer.json()["results"][0]["outcome"] if answer.status_code == 200 else answer.status_code


def sign_in(client: TestClient) -> int:
    """Try to sign in, as a page of this service does, with an account that is not there."""
    return client.post("/sign-in", data={"name": "anna"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code


def see_that_it_is_away(client: TestClient) -> None:
    assert client.post("/v1/score", json={"items": [ITEM]}).status_code == 200
    assert client.get("/health/ready").status_code == 200
    for answer in (client.post("/v1/posts", json={"items": [POST]}), client.get("/v1/posts/forum/1")):
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:clarion:problem:no-database")
        assert (answer.headers["retry-after"], "seconds" in answer.json()["detail"]) == ("5", True)
    assert sign_in(client) == 503


def test_the_database_goes_and_comes_back(make_app: Callable[..., FastAPI], stopped: Server) -> None:
    app = make_app(database=f"{stopped.url}/postgres")
    with TestClient(app, base_url=URL) as client:
        see_that_it_is_away(client)  # it may be so from the start
        for outcome in ("new", "known"):
            stopped.start()
            assert send(client) == outcome
            assert client.get("/v1/posts/forum/1").json()["state"] == "queued"
            assert sign_in(client) == 401
            stopped.stop()
            see_that_it_is_away(client)
        stopped.start()
        assert send(client) == "known"
        stopped.stop()
        stopped.start()
        assert send(client) == "known"  # nobody noticed: connections of before are not tried first
