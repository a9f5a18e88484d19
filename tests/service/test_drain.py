"""A refused caller is heard out, within bounds, so that the refusal arrives."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from service.drain import DRAINED_AT_MOST, Drain

CHUNK = 1_000_000


async def heard(status: int, chunks: int, *headers: tuple[bytes, bytes]) -> int:
    """Count the chunks that are read when an app answers without reading any."""
    left, read = chunks, 0

    async def receive() -> Message:
        nonlocal left, read
        left, read = left - 1, read + 1
        return {"type": "http.request", "body": b" " * CHUNK, "more_body": left > 0}

    async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(_message: Message) -> None:
        pass

    await Drain(refuse)({"type": "http", "headers": list(headers)}, receive, send)
    return read


@pytest.mark.parametrize(
    ("status", "chunks", "expected"), [(413, 5, 5), (415, 1, 1), (200, 5, 0), (413, 10_000, DRAINED_AT_MOST // CHUNK)]
)
def test_refusals_wait_for_the_body(status: int, chunks: int, expected: int) -> None:
    assert asyncio.run(heard(status, chunks)) == expected


def test_who_waits_for_permission_is_answered_at_once() -> None:
    assert asyncio.run(heard(413, 5, (b"expect", b"100-continue"))) == 0


def test_who_has_gone_is_not_waited_for() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 400, "headers": []})

    async def send(_message: Message) -> None:
        pass

    asyncio.run(Drain(refuse)({"type": "http", "headers": []}, gone, send))
