"""Piece of work: requests to a running service over a few connections that are kept open.

The client is a bare one that reads no more of an answer than it must: it is the service that is measured.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.bench.machine import ROOT, used
from tests.bench.posts import read_posts
from tests.bench.rounds import Measured, Repeat, seconds

CONNECTIONS = 4
SINGLES = 2_000
BATCH = 1_000
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def web(bundle: str, posts: str) -> Repeat:
    """One post in a request against the same request only validated, in turns; then batches."""
    server, texts = _serve(bundle), read_posts(posts)
    place = urlsplit(_first_line(server))
    host, port = str(place.hostname), int(place.port or 0)
    singles = [_body([text]) for text in texts[:SINGLES]]
    batches = [_body(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]

    def taken(path: str, bodies: Sequence[bytes]) -> float:
        requests = [_request(f"{host}:{port}", path, body) for body in bodies]
        return seconds(lambda: asyncio.run(_ask_all(host, port, requests)))

    def rates(name: str, path: str, bodies: Sequence[bytes], posts: int) -> Measured:
        before = used(server.pid)
        passed = taken(path, bodies)
        after = used(server.pid)
        busy = {} if before is None or after is None else {f"{name} busy": (after - before) / passed * 100}
        return {name: posts / passed} | busy

    def repeat() -> Measured:
        score = rates("score", "/v1/score", singles, len(singles))
        validate = rates("validate", "/bench/validate", singles, len(singles))
        return score | validate | rates("batches", "/v1/score", batches, len(texts))

    return repeat


def _serve(bundle: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLARION_")}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.server", bundle],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a log line per request, as ever, but nobody reads them here
        text=True,
    )


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _body(texts: Sequence[str]) -> bytes:
    items = [{"id": str(place), "text": text} for place, text in enumerate(texts)]
    return json.dumps({"items": items}, ensure_ascii=False).encode()


def _request(host: str, path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _ask_all(host: str, port: int, requests: Sequence[bytes]) -> None:
    shares = [requests[at::CONNECTIONS] for at in range(CONNECTIONS)]
    await asyncio.gather(*(_ask(host, port, share) for share in shares))


async def _ask(host: str, port: int, requests: Sequence[bytes]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200 ") or length is None:
            raise RuntimeError(f"the service answered {head!r}")
        await reader.readexactly(int(length[1]))
    writer.close()
    await writer.wait_closed()
