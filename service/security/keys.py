"""Keys: compared by digest and in constant time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from fastapi import Depends
from starlette.requests import Request

from service.api.problems import Kind, Problem


class Keyring:
    """The keys that may ask; an empty ring lets everybody in (trial mode).

    Parameters
    ----------
    keys : iterable of str
        The keys; only their digests are kept.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._digests = [_digest(key) for key in keys]

    @property
    def open(self) -> bool:
        """Whether no key is needed."""
        return not self._digests

    def holds(self, key: str) -> bool:
        """Whether a key may ask; takes the same time whichever key it is or is not."""
        digest = _digest(key)
        matches = [hmac.compare_digest(digest, known) for known in self._digests]
        return self.open or any(matches)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def sent_key(request: Request) -> str:
    """Key in ``Authorization: Bearer`` or ``X-API-Key``; empty if there is none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "")


async def require_key(request: Request) -> None:
    """Refuse a request without a valid key (a dependency of routes).

    Raises
    ------
    Problem
        401.
    """
    keyring: Keyring = request.app.state.keyring
    if not keyring.holds(sent_key(request)):
        detail = "send a valid key in the header 'Authorization: Bearer …' or 'X-API-Key: …'"
        raise Problem(Kind.UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})


NEEDS_KEY = Depends(require_key)
