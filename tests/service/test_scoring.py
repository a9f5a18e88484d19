"""Scoring happens beside the event loop, a fixed number at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.scoring import SMALL_BODY
from service.settings import SettingsError
from tests.service.conftest import URL
from tests.service.fakes import FakeClassifier

POST = {"items": [{"id": "1", "text": "join " * SMALL_BODY}]}  # too large to be scored on the event loop


def test_the_service_answers_while_a_request_is_scored(client: TestClient, fake: FakeClassifier) -> None:
    fake.gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        scoring = pool.submit(client.post, "/v1/score", json=POST)
        assert fake.entered.wait(timeout=60)
        assert client.get("/health/live").status_code == 200
        assert client.get("/v1/limits").status_code == 200
        assert not scoring.done()
        fake.gate.set()
        assert scoring.result().status_code == 200


def test_the_service_answers_while_all_threads_are_busy(make_app: Callable[..., FastAPI], fake: FakeClassifier) -> None:
    with TestClient(make_app(threads=1), base_url=URL) as client, ThreadPoolExecutor(3) as pool:
        fake.gate = threading.Event()
        scoring = [pool.submit(client.post, "/v1/score", json=POST) for _ in range(3)]
        assert fake.entered.wait(timeout=60)
        assert client.get("/health/ready").status_code == 200
        assert not any(request.done() for request in scoring)
        fake.gate.set()
        assert [request.result().status_code for request in scoring] == [200] * 3


def test_default_profile_must_exist(make_app: Callable[..., FastAPI]) -> None:
    with pytest.raises(SettingsError, match=r"CLARION_PROFILE.*balanced"):
        make_app(profile="strict")


def test_a_small_request_is_answered_at_once_while_all_threads_are_busy(
    make_app: Callable[..., FastAPI], fake: FakeClassifier
) -> None:
    with TestClient(make_app(threads=1), base_url=URL) as client, ThreadPoolExecutor(1) as pool:
        fake.gate = threading.Event()
        waiting = pool.submit(client.post, "/v1/score", json=POST)
        assert fake.entered.wait(timeout=60)
        gate, fake.gate = fake.gate, None
        small = client.post("/v1/score", json={"items": [{"id": "1", "text": "join"}]})
        assert small.status_code == 200
        assert not waiting.done()
        gate.set()
        assert waiting.result().status_code == 200


@pytest.mark.usefixtures("client")
def test_everything_that_is_compiled_is_so_before_the_service_is_ready(fake: FakeClassifier) -> None:
    assert fake.explained == ["full"]
