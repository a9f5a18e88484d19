"""Accounts and sessions: passwords hashed by argon2, opaque sessions kept by digest, lock-out after wrong passwords."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.engine import Row

from classifier.errors import ClarionError
from service.review.claims import Reader
from service.review.words import Role
from service.store.audit import Entry, record
from service.store.engine import Store
from service.store.tables import sessions, users

PASSWORD_LENGTH: Final = 12
FAILURES: Final = 5
LOCKED: Final = timedelta(minutes=15)
SESSION: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=2)


class AccountError(ClarionError):
    """An account that cannot be made, found or used like this."""


class Account(NamedTuple):
    """What may be told of an account."""

    id: int
    name: str
    pseudonym: str
    role: str
    created_at: datetime
    disabled_at: datetime | None


def hash_password(password: str) -> str:
    """Hash a new password.

    Raises
    ------
    AccountError
        When it is too short.
    """
    if len(password) < PASSWORD_LENGTH:
        raise AccountError(
            f"a password needs at least {PASSWORD_LENGTH} characters; several words are easy to remember"
        )
    return PasswordHasher().hash(password)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Accounts:
    """The accounts of a store.

    Parameters
    ----------
    store : Store
        Where they are.
    """

    store: Store
    _hasher: PasswordHasher = field(default_factory=PasswordHasher, repr=False)
    _nobody: str = field(default_factory=lambda: hash_password(secrets.token_urlsafe()), repr=False)

    def add(self, name: str, role: Role, password: str, *, by: str) -> Reader:
        """Make an account.

        Parameters
        ----------
        name : str
            By which somebody signs in.
        role : Role
            What they may do.
        password : str
            At least `PASSWORD_LENGTH` characters.
        by : str
            Who makes it, for the audit log.

        Raises
        ------
        AccountError
            When the name is taken or the password too short.
        """
        name, hashed, now = name.strip(), hash_password(password), datetime.now(UTC)
        if not name:
            raise AccountError("an account needs a name")
        # Exports and histories name a reader by this alone: the name itself could put them in danger.
        row = {"name": name, "pseudonym": f"reader-{secrets.token_hex(4)}", "role": role, "password": hashed}
        with self.store.write() as connection:
            if connection.execute(sa.select(users.c.id).where(users.c.name == name)).first():
                raise AccountError(f"there is an account called {name!r} already; choose another name")
            made = users.insert().values(**row, created_at=now).returning(users.c.id)
            user_id = connection.execute(made).scalar_one()
            record(connection, Entry(by, "add account", f"user {user_id}", {"role": role}), at=now)
        return Reader(user_id, name, row["pseudonym"], role)

    def all(self) -> list[Account]:
        """Every account, without its password."""
        column = users.c
        shown = (column.id, column.name, column.pseudonym, column.role, column.created_at, column.disabled_at)
        with self.store.read() as connection:
            return [Account(*row) for row in connection.execute(sa.select(*shown).order_by(column.id))]

    def disable(self, name: str, *, by: str) -> None:
        """End the use of an account and all its sessions; what it decided stays.

        Raises
        ------
        AccountError
            When there is no such account in use.
        """
        now = datetime.now(UTC)
        with self.store.write() as connection:
            chosen = sa.and_(users.c.name == name, users.c.disabled_at.is_(None))
            ended = users.update().where(chosen).values(disabled_at=now).returning(users.c.id)
            user_id = connection.execute(ended).scalar()
            if user_id is None:
                raise AccountError(f"no account in use is called {name!r}; clarion user list shows all")
            connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
            record(connection, Entry(by, "disable account", f"user {user_id}"), at=now)

    def sign_in(self, name: str, password: str, now: datetime | None = None) -> str | None:
        """Open a session.

        Parameters
        ----------
        name, password : str
            As typed.
        now : datetime, optional
            The present by default.

        Returns
        -------
        str or None
            The token of the session, which is kept nowhere; None when name or password are wrong or the account is
            locked after `FAILURES` wrong passwords. Takes as long for a name that does not exist.
        """
        now = now or datetime.now(UTC)
        with self.store.read() as connection:
            row = connection.execute(sa.select(users).where(users.c.name == name)).first()
        fits = self._fits(row.password if row is not None else None, password)
        if row is None or row.disabled_at is not None:
            return None
        locked = row.locked_until is not None and row.locked_until > now
        token = secrets.token_urlsafe(32)
        with self.store.write() as connection:
            if locked or not fits:
                self._note_failure(connection, row, now, locked=locked)
                return None
            connection.execute(users.update().where(users.c.id == row.id).values(failures=0, locked_until=None))
            opened = {"digest": _digest(token), "user_id": row.id, "created_at": now, "seen_at": now}
            connection.execute(sessions.insert().values(**opened, expires_at=now + SESSION))
            record(connection, Entry(row.name, "sign in"), at=now)
        return token

    def reader(self, token: str, now: datetime | None = None) -> Reader | None:
        """Who a session belongs to; None when it ended, was idle too long, or never was."""
        now = now or datetime.now(UTC)
        with self.store.read() as connection:
            asked = (
                sa.select(users, sessions.c.seen_at)
                .join(sessions, sessions.c.user_id == users.c.id)
                .where(sessions.c.digest == _digest(token), sessions.c.expires_at > now, users.c.disabled_at.is_(None))
            )
            row = connection.execute(asked).first()
        if row is None or row.seen_at < now - IDLE:
            return None
        if row.seen_at < now - timedelta(minutes=1):  # not at every request: each would be a write
            with self.store.write() as connection:
                mine = sessions.c.digest == _digest(token)
                connection.execute(sessions.update().where(mine).values(seen_at=now))
        return Reader(row.id, row.name, row.pseudonym, Role(row.role))

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self.store.write() as connection:
            connection.execute(sessions.delete().where(sessions.c.digest == _digest(token)))

    def _fits(self, hashed: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(hashed or self._nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _note_failure(self, connection: sa.Connection, row: Row[Any], now: datetime, *, locked: bool) -> None:
        failures = 0 if locked else row.failures + 1
        until = row.locked_until if locked else (now + LOCKED if failures >= FAILURES else None)
        values = {"failures": 0 if until else failures, "locked_until": until}
        connection.execute(users.update().where(users.c.id == row.id).values(**values))
        record(connection, Entry(row.name, "sign-in refused", "", {"locked": bool(until)}), at=now)
