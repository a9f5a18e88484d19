"""Around every request: an id, one log line, the metrics, and a problem where something broke."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import Kind, Problem, response
from service.log import frames
from service.metrics import Metrics

SANE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,64}")
CLIENT_GONE = 499
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def request_id(headers: Headers) -> str:
    """Take the caller's ``X-Request-ID`` when it is sane, else make one."""
    given = headers.get("x-request-id", "")
    return given if SANE_ID.fullmatch(given) else uuid.uuid4().hex


def route_template(scope: Scope) -> str:
    """Template of the route that matched, never the path as sent, which anybody can fill with anything."""
    return str(getattr(scope.get("route"), "path", "")) or ("/static" if "/static" in scope["root_path"] else "none")


class Telemetry:
    """ASGI middleware; the outermost but for the headers, so that nothing escapes it.

    Parameters
    ----------
    app : ASGIApp
        What to watch.
    metrics : Metrics
        Where to count.
    log : object
        A structlog logger.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, log: Any) -> None:
        self.app = app
        self.metrics = metrics
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever happens inside, then log and count."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = request_id(Headers(scope=scope))
        started = time.perf_counter()
        status = await self._answer(scope, receive, send)
        self._record(scope, status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> int:
        identifier = scope["state"]["request_id"]
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = identifier
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except ClientDisconnect:
            return CLIENT_GONE
        except Exception as error:  # noqa: BLE001 - the last line: the caller gets a problem, the log the place
            where = frames(error.__traceback__)
            self.log.critical("failure", request_id=identifier, error=type(error).__name__, frames=where)
            if status == 0:
                problem = Problem(Kind.INTERNAL, "the failure was logged; give the request_id to whoever runs this")
                await response(problem, identifier)(scope, receive, send_with_id)
        return status

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route, state = route_template(scope), scope["state"]
        method = scope["method"] if scope["method"] in METHODS else "other"
        counts = {name: state[name] for name in ("items", "item_errors", "bytes") if name in state}
        self.metrics.request(route, method, status, seconds)
        self.log.info(
            "request",
            request_id=state["request_id"],
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 2),
            **counts,
        )
