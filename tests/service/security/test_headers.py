"""What a browser is told, on every answer."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("route", ["/", "/v1/limits", "/nowhere", "/static/console.css", "/openapi.json"])
def test_strict_everywhere(client: TestClient, route: str) -> None:
    headers = client.get(route).headers
    assert headers["content-security-policy"] == STRICT
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_refusals_carry_them_too(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "evil.test"}).headers["content-security-policy"] == STRICT


def test_only_the_docs_page_may_style_inline(client: TestClient) -> None:
    policy = client.get("/docs").headers["content-security-policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy


def test_nothing_scored_is_kept(client: TestClient) -> None:
    assert client.post("/", data={"text": "join"}).headers["cache-control"] == "no-store"
    assert client.post("/v1/score", json={"items": []}).headers["cache-control"] == "no-store"


def test_static_files_may_be_kept(client: TestClient) -> None:
    assert client.get("/static/console.css").headers["cache-control"] == "no-cache"
    vendored = client.get("/static/vendor/swagger-ui-5.35.0.css")
    assert vendored.headers["cache-control"].endswith("immutable")
