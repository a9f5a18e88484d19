"""One log line and one count per request, and no text in either."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest
from starlette.testclient import TestClient

from service.log import JsonFormatter, make_logger
from tests.service.conftest import logged

MARKER = "nobody-may-log-this"


def test_one_line_per_request(client: TestClient, log_lines: io.StringIO) -> None:
    sent = b'{"items":[{"id":"1","text":"join"},{"id":"2"}]}'
    client.post("/v1/score", content=sent, headers={"X-Request-ID": "r1", "Content-Type": "application/json"})
    (line,) = (line for line in logged(log_lines) if line.get("request_id") == "r1")
    assert line["milliseconds"] >= 0
    assert (
        line.items()
        >= {
            "event": "request",
            "level": "info",
            "method": "POST",
            "route": "/v1/score",
            "status": 200,
            "items": 2,
            "item_errors": 1,
            "bytes": len(sent),
        }.items()
    )


def test_text_is_in_no_log_and_no_metric(client: TestClient, log_lines: io.StringIO) -> None:
    client.post("/v1/score", json={"items": [{"id": MARKER, "text": MARKER}], "explain": True})
    client.post("/v1/score", json={"items": [], MARKER: 1})
    client.post("/v1/score", content=MARKER)
    client.post(f"/?{MARKER}", data={"text": MARKER, "profile": MARKER})
    client.get(f"/{MARKER}?q={MARKER}", headers={"X-Request-ID": MARKER * 10, "X-API-Key": MARKER})
    client.request(MARKER.upper(), "/")
    assert MARKER not in (log_lines.getvalue() + client.get("/metrics").text).lower()


def test_metrics(client: TestClient) -> None:
    items = [{"id": "1", "text": "join"}, {"id": "2", "text": "hello"}, {"id": "3"}]
    client.post("/v1/score", json={"items": items})
    client.get("/nowhere/1")
    client.get("/static/console.css")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert 'clarion_requests_total{method="POST",route="/v1/score",status="200"} 1.0' in lines
    assert 'clarion_requests_total{method="GET",route="none",status="404"} 1.0' in lines
    assert 'clarion_requests_total{method="GET",route="/static",status="200"} 1.0' in lines
    assert "clarion_posts_scored_total 2.0" in lines
    assert 'clarion_posts_flagged_total{label="recruitment"} 1.0' in lines
    assert 'clarion_item_errors_total{code="missing_text"} 1.0' in lines
    assert 'clarion_probability_count{label="separatism"} 2.0' in lines
    assert any(line.startswith("clarion_model_info{") and 'name="fake"' in line for line in lines)
    assert any(line.startswith('clarion_request_seconds_count{route="/v1/score"}') for line in lines)


def test_unknown_keys_are_dropped() -> None:
    stream = io.StringIO()
    make_logger("info", stream).info("request", text=MARKER, query=MARKER, status=200)
    assert json.loads(stream.getvalue()).keys() == {"event", "level", "timestamp", "status"}


def test_level_is_kept() -> None:
    stream = io.StringIO()
    make_logger("warning", stream).info("request", status=200)
    assert stream.getvalue() == ""


def test_messages_of_exceptions_are_left_out() -> None:
    try:
        int(MARKER)
    except ValueError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    line = json.loads(JsonFormatter().format(record))
    assert (line["event"], line["error"]) == ("failed", "ValueError")
    assert MARKER not in json.dumps(line)


@pytest.mark.parametrize("method", ["BREW", "X" * 50])
def test_made_up_methods_do_not_grow_the_metrics(client: TestClient, method: str) -> None:
    client.request(method, "/v1/limits")
    assert method not in client.get("/metrics").text
