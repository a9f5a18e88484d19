"""Reading a request's body: the expected type, within the limit, before anything is parsed."""

from __future__ import annotations

from starlette.requests import Request

from service.api.problems import Kind, Problem

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def media_type(request: Request) -> tuple[str, str]:
    """Media type and charset of the body, lower-case; empty where the request does not say."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return kind.strip().lower(), charset


def require_type(request: Request, *accepted: str) -> None:
    """Refuse a body of another type, charset or encoding.

    Raises
    ------
    Problem
        415, with the header to send.
    """
    kind, charset = media_type(request)
    if kind not in accepted:
        raise Problem(Kind.MEDIA, f"send the body with the header 'Content-Type: {accepted[0]}'")
    if charset not in ("", "utf-8", "utf8"):
        raise Problem(Kind.MEDIA, "send the body in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(Kind.MEDIA, "send the body uncompressed, without 'Content-Encoding'")


async def read_body(request: Request, limit: int) -> bytes:
    """Read the whole body, but never hold more than the limit.

    Raises
    ------
    Problem
        413 as soon as the declared or the received length passes the limit.
    """
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> Problem:
    return Problem(Kind.TOO_LARGE, f"a body may hold {limit} bytes; split the items over several requests")
