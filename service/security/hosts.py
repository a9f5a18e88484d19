"""Refuse requests that were meant for another host or sent by another site's page.

Without the first check a foreign page could reach the trial mode by pointing its own name at 127.0.0.1.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.problems import Kind, Problem, response

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def host_name(header: str) -> str:
    """Name in a ``Host`` header: lower-case, without port and brackets; empty if it is not one."""
    name, _, port = header.partition("]") if header.startswith("[") else header.partition(":")
    port = port.removeprefix(":")
    return "" if port and not (port.isascii() and port.isdigit()) else name.removeprefix("[").lower()


class HostGuard:
    """ASGI middleware that answers only to the names it was given, and never to another site's form.

    Parameters
    ----------
    app : ASGIApp
        What to guard.
    names : frozenset of str
        Host names to answer to.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem."""
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await response(problem, scope["state"]["request_id"])(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self.names:
            known = ", ".join(sorted(self.names))
            return Problem(Kind.MISDIRECTED, f"use one of these host names: {known}; more can be allowed in settings")
        if scope["method"] not in SAFE_METHODS and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return Problem(Kind.CROSS_SITE, "send the request from this service's own page or from a program")
        return None
