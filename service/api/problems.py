"""The one shape of every error: RFC 9457 problem details with a pointer and the request's id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
SLUG_PREFIX = "urn:clarion:problem:"


class Kind(Enum):
    """Kinds of problem: status, the slug that ends ``type``, and title."""

    MALFORMED_JSON = (400, "malformed-json", "The body is not JSON")
    NOT_UTF8 = (400, "not-utf8", "The body is not UTF-8")
    UNAUTHORIZED = (401, "unauthorized", "A valid key is needed")
    FORBIDDEN = (403, "forbidden", "This key may not be used for that")
    CROSS_SITE = (403, "cross-site", "Requests from other sites are refused")
    NOT_FOUND = (404, "not-found", "There is nothing at this address")
    METHOD = (405, "method-not-allowed", "This address does not take this method")
    TOO_LARGE = (413, "too-large", "The body is too large")
    MEDIA = (415, "unsupported-media-type", "The body is of another type than expected")
    MISDIRECTED = (421, "misdirected", "This service does not answer to that host name")
    INVALID = (422, "invalid-request", "The request does not have the expected shape")
    INTERNAL = (500, "internal", "Something went wrong on our side")
    NOT_READY = (503, "not-ready", "The service is still starting")
    NO_DATABASE = (503, "no-database", "Posts cannot be kept just now")

    @property
    def status(self) -> int:
        """HTTP status code."""
        return self.value[0]

    @property
    def slug(self) -> str:
        """Stable name, the last part of ``type``."""
        return self.value[1]

    @property
    def title(self) -> str:
        """Short summary, the same for each problem of this kind."""
        return self.value[2]


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """An error to be answered as problem details.

    Parameters
    ----------
    kind : Kind
        What kind of problem it is.
    detail : str
        What is wrong here and what to do next; never quotes a post.
    pointer : str, optional
        JSON Pointer (RFC 6901) to the part of the body that is wrong, if there is one.
    headers : Mapping, optional
        Headers the answer must carry.
    """

    def __init__(
        self, kind: Kind, detail: str, pointer: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.pointer = pointer
        self.headers = headers


def pointer_to(*parts: str | int) -> str:
    """Build a JSON Pointer from names and positions."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def encode(value: object) -> bytes:
    """Encode as JSON in UTF-8; lone surrogates stay the escapes they came as."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def response(problem: Problem, request_id: str) -> Response:
    """Render a problem."""
    body = {
        "type": SLUG_PREFIX + problem.kind.slug,
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
        **({} if problem.pointer is None else {"pointer": problem.pointer}),
        "request_id": request_id,
    }
    return Response(encode(body), problem.kind.status, dict(problem.headers or {}), MEDIA_TYPE)


def from_http_exception(request: Request, error: HTTPException) -> Problem:
    """Turn the framework's own refusals (no such route, wrong method) into a problem."""
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "another method")
        return Problem(Kind.METHOD, f"{request.method} is not taken here; use {allowed}", headers=error.headers)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return Problem(Kind.NOT_FOUND, "no such address; the API is described at /docs")
    return Problem(Kind.INTERNAL, "the request could not be answered", headers=error.headers)


async def handle_problem(request: Request, error: Exception) -> Response:
    """Exception handler for `Problem` and the framework's ``HTTPException``."""
    problem = error if isinstance(error, Problem) else None
    if isinstance(error, HTTPException):
        problem = from_http_exception(request, error)
    return response(problem or Problem(Kind.INTERNAL, "see the log"), request.state.request_id)
