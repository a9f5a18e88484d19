"""With keys set, what scores or counts needs one."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from service.security.keys import Keyring
from tests.service.conftest import KEY

OPEN = ["/", "/v1/limits", "/health/live", "/health/ready", "/docs", "/openapi.json", "/static/console.css"]
CLOSED = [("GET", "/v1/model"), ("POST", "/v1/score"), ("GET", "/metrics")]
SENT = {"items": [{"id": "1", "text": "join"}]}


@pytest.mark.parametrize("route", OPEN)
def test_open_routes(keyed: TestClient, route: str) -> None:
    assert keyed.get(route).status_code == 200


@pytest.mark.parametrize(("method", "route"), CLOSED)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": "wrong"},
        {"X-API-Key": KEY[:-1]},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": f"Bearer {KEY}x"},
    ],
)
def test_closed_routes(keyed: TestClient, method: str, route: str, headers: dict[str, str]) -> None:
    answer = keyed.request(method, route, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:clarion:problem:unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert KEY not in answer.text


@pytest.mark.parametrize(
    "headers", [{"X-API-Key": KEY}, {"Authorization": f"Bearer {KEY}"}, {"Authorization": f"bearer {KEY}"}]
)
def test_a_valid_key_opens(keyed: TestClient, headers: dict[str, str]) -> None:
    assert keyed.post("/v1/score", json=SENT, headers=headers).status_code == 200
    assert keyed.get("/v1/model", headers=headers).status_code == 200
    assert keyed.get("/metrics", headers=headers).status_code == 200


@pytest.mark.parametrize(("key", "status"), [(KEY, 200), ("wrong", 401), ("", 401)])
def test_the_form_asks_for_a_key(keyed: TestClient, key: str, status: int) -> None:
    assert 'name="key"' in keyed.get("/").text
    answer = keyed.post("/", data={"text": "join", "key": key})
    assert answer.status_code == status
    assert ("This key is not valid" in answer.text) is (status == 401)
    assert KEY not in answer.text


def test_keyed_mode_answers_only_its_own_hosts(keyed: TestClient) -> None:
    assert keyed.get("/v1/limits", headers={"Host": "127.0.0.1"}).status_code == 421


def test_description_names_the_keys(keyed: TestClient, client: TestClient) -> None:
    def security(described: Any) -> Any:
        return described["paths"]["/v1/score"]["post"].get("security")

    assert security(keyed.get("/openapi.json").json()) == [{"bearer": []}, {"key": []}]
    assert security(client.get("/openapi.json").json()) is None


def test_no_key_is_asked_for_in_trial_mode(client: TestClient) -> None:
    assert 'name="key"' not in client.get("/").text


def test_keyring() -> None:
    ring = Keyring(["one", "two"])
    assert ring.holds("two")
    assert not ring.holds("")
    assert not ring.holds("\ud800")
    assert Keyring([]).holds("")
