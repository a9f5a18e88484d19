"""`clarion serve` as a process: the real server on a loopback port."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.serve import take_port
from tests.service.running import Running, running


@pytest.fixture(scope="module")
def service(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running("--bundle", str(bundle), cwd=tmp_path_factory.mktemp("serve")) as service:
        yield service


def ask(service: Running, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_greeting_says_where_to_go(service: Running) -> None:
    assert f"{service.url}/docs" in service.greeting
    assert "trial mode" in service.greeting
    assert ask(service, "GET", "/health/ready") == (200, b'{"status":"ready"}')


def test_scores(service: Running) -> None:
    body = json.dumps({"items": [{"id": "1", "text": "Join our unit, write me in private"}]}).encode()
    status, answer = ask(service, "POST", "/v1/score", body, **{"Content-Type": "application/json"})
    assert status == 200
    assert json.loads(answer)["results"][0]["labels"].keys() == {"recruitment", "separatism"}


def test_page_and_docs(service: Running) -> None:
    assert ask(service, "GET", "/")[0] == 200
    assert ask(service, "GET", "/docs")[0] == 200


@pytest.mark.parametrize("keep", ["keep-alive", "close"])
@pytest.mark.parametrize("encoding", ["declared", "chunked"])
def test_too_large_is_answered_not_cut_off(service: Running, encoding: str, keep: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=60)
    chunks = (b" " * 100_000 for _ in range(200))
    headers = {"Content-Type": "application/json", "Connection": keep}
    try:
        if encoding == "declared":
            connection.request("POST", "/v1/score", b"".join(chunks), headers)
        else:
            connection.request("POST", "/v1/score", chunks, headers, encode_chunked=True)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["status"]) == (413, 413)
    finally:
        connection.close()


def test_answers_are_not_held_back_for_company() -> None:
    """Nagle's algorithm is off where connections come in, and with it on every connection."""
    with take_port("127.0.0.1", 0) as taken, socket.create_connection(taken.getsockname()):
        answering, _ = taken.accept()
        with answering:
            for one in (taken, answering):
                assert one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_other_host_names_are_refused(service: Running) -> None:
    assert ask(service, "GET", "/", Host="evil.test")[0] == 421


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stops_when_told_and_logs_json(bundle: Path, tmp_path: Path, how: int) -> None:
    with running("--bundle", str(bundle), cwd=tmp_path) as service:
        ask(
            service,
            "POST",
            "/v1/score",
            b'{"items":[{"id":"1","text":"a secret"}]}',
            **{"Content-Type": "application/json"},
        )
        code = service.stop(how)
    assert code in (0, 130, -how)
    lines = [json.loads(line) for line in service.rest.splitlines()]
    assert "/v1/score" in [line.get("route") for line in lines]
    assert "Traceback" not in service.rest
    assert "secret" not in service.rest


def refused(*arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-m", "service", "serve", *arguments]
    root = str(Path(__file__).parents[2])
    run = subprocess.run(
        command,
        cwd=cwd,
        env={"PYTHONPATH": root, "PATH": "", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    return " ".join(run.stderr.split())


def test_port_in_use(bundle: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        message = refused("--bundle", str(bundle), "--port", port, cwd=tmp_path)
    assert f"cannot listen on 127.0.0.1 port {port}: address already in use" in message
    assert "--port" in message


def test_missing_bundle(tmp_path: Path) -> None:
    assert "models/current" in refused("--port", "0", cwd=tmp_path)


def test_open_door(bundle: Path, tmp_path: Path) -> None:
    message = refused("--bundle", str(bundle), "--host", "0.0.0.0", cwd=tmp_path)
    assert "CLARION_API_KEYS" in message


def test_wrong_log_level(tmp_path: Path) -> None:
    assert "CLARION_LOG_LEVEL" in refused("--log-level", "loud", cwd=tmp_path)
