"""Keys of settings: compared by digest and in constant time; those of the database have scopes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum

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


class Scope(StrEnum):
    """What a key may be used for. Keys of the settings may score; all else takes a key of the database."""

    SCORE = "score"
    POSTS = "posts"


def needs_key(scope: Scope) -> Callable[[Request], Awaitable[None]]:
    """Make a dependency of routes that refuses a request without a key for that scope.

    Raises
    ------
    Problem
        401 without a valid key, 403 with one for something else.
    """

    async def require(request: Request) -> None:
        keyring: Keyring = request.app.state.keyring
        key = sent_key(request)
        request.state.key = "trial" if keyring.open else "settings"
        if keyring.open or (scope is Scope.SCORE and keyring.holds(key)):
            return
        known = await request.app.state.find_key(key) if key else None
        if known is None and not keyring.holds(key):
            detail = "send a valid key in the header 'Authorization: Bearer …' or 'X-API-Key: …'"
            raise Problem(Kind.UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})
        if known is None or scope not in known.scopes:
            raise Problem(Kind.FORBIDDEN, f"this key has no scope {scope}: clarion key add NAME --scope {scope}")
        request.state.key = known.name

    return require


NEEDS_KEY = Depends(needs_key(Scope.SCORE))
NEEDS_POSTS_KEY = Depends(needs_key(Scope.POSTS))
