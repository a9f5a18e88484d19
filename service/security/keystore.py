"""Keys of the database: made once, shown once, kept by digest, each for what its scopes say."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

import sqlalchemy as sa

from classifier.errors import ClarionError
from service.security.keys import Scope
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import keys

PREFIX: Final = "clarion_"  # so that scanners for leaked secrets recognise one


class KeyNameError(ClarionError):
    """A key that cannot be made or found under its name."""


@dataclass(frozen=True)
class KnownKey:
    """A key that was found."""

    name: str
    scopes: frozenset[str]


class KeyRow(NamedTuple):
    """What may be told of a key."""

    name: str
    scopes: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class KeyStore:
    """The keys of a store.

    Parameters
    ----------
    store : Store
        Where their digests are.
    """

    store: Store

    def add(self, name: str, scopes: Collection[Scope], *, by: str) -> str:
        """Make a key.

        Returns
        -------
        str
            The key itself, which is kept nowhere.

        Raises
        ------
        KeyNameError
            When the name is taken, or no scope is named.
        """
        if not name.strip() or not scopes:
            raise KeyNameError("a key needs a name and at least one scope")
        key, now = PREFIX + secrets.token_urlsafe(32), datetime.now(UTC)
        row = {"name": name, "digest": digest(key), "scopes": " ".join(sorted(scopes)), "created_at": now}
        with self.store.write() as connection:
            if connection.execute(sa.select(keys.c.id).where(keys.c.name == name)).first():
                raise KeyNameError(f"there is a key called {name!r} already, perhaps revoked; choose another name")
            connection.execute(keys.insert().values(**row))
            record(connection, Entry(by, "add key", name, {"scopes": sorted(scopes)}), at=now)
        return key

    def all(self) -> list[KeyRow]:
        """Every key, without its digest."""
        shown = (keys.c.name, keys.c.scopes, keys.c.created_at, keys.c.revoked_at)
        with self.store.read() as connection:
            return [KeyRow(*row) for row in connection.execute(sa.select(*shown).order_by(keys.c.id))]

    def revoke(self, name: str, *, by: str) -> None:
        """End the use of a key, from the next request on.

        Raises
        ------
        KeyNameError
            When no key in use is called so.
        """
        now = datetime.now(UTC)
        with self.store.write() as connection:
            chosen = sa.and_(keys.c.name == name, keys.c.revoked_at.is_(None))
            if not connection.execute(keys.update().where(chosen).values(revoked_at=now)).rowcount:
                raise KeyNameError(f"no key in use is called {name!r}; clarion key list shows all")
            record(connection, Entry(by, "revoke key", name), at=now)

    def find(self, key: str) -> KnownKey | None:
        """The key in use that was sent, if it is one."""
        # Looked up by the digest of 256 random bits: how long that takes tells nothing about other keys.
        asked = sa.select(keys.c.name, keys.c.scopes).where(keys.c.digest == digest(key), keys.c.revoked_at.is_(None))
        with self.store.read() as connection:
            row = connection.execute(asked).first()
        return None if row is None else KnownKey(row.name, frozenset(row.scopes.split()))


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
