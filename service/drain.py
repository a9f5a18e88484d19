"""Hear a caller out before refusing.

A server that answers and closes while a large body is still on its way resets the connection, and the caller sees
"connection reset" in place of the answer that says what to mend.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAINED_AT_MOST = 64_000_000
REFUSAL = 400


class Drain:
    """ASGI middleware that reads and drops what is left of a body before a refusal is sent.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, after draining where that is needed."""
        # Who expects "100 Continue" has not sent the body yet and will not once refused.
        if scope["type"] != "http" or "expect" in Headers(scope=scope):
            await self.app(scope, receive, send)
            return
        more = True

        async def watched_receive() -> Message:
            nonlocal more
            message = await receive()
            more = bool(message.get("more_body"))
            return message

        async def drained_send(message: Message) -> None:
            left = DRAINED_AT_MOST if message.get("status", 0) >= REFUSAL else 0
            while more and left > 0:
                left -= len((await watched_receive()).get("body", b""))
            await send(message)

        await self.app(scope, watched_receive, drained_send)
