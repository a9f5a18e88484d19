"""Accounts and sessions: passwords hashed by argon2, opaque sessions kept by digest, lock-out after wrong passwords."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
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
from service.store.tables import facts, sessions, users

PASSWORD_LENGTH: Final = 12
FAILURES: Final = 5
LOCKED: Final = timedelta(minutes=15)
SESSION: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=2)
HASHER: Final = PasswordHasher()
INVITATION: Final = "invitation"  # name of the fact that holds the digest of the one-time token


class AccountError(ClarionError):
    """An account that cannot be made, found or used like this."""


@dataclass(frozen=True)
class Session:
    """An open session: whose it is, and how they want to read.

    Parameters
    ----------
    reader : Reader
        The account.
    lang : str
        Language of the console.
    settings : mapping of str to object
        What they chose otherwise.
    """

    reader: Reader
    lang: str
    settings: Mapping[str, Any]


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
    return HASHER.hash(password)


@cache
def _nobody() -> str:
    """What passwords of accounts that do not exist are held against, so that they take as long."""
    return hash_password(secrets.token_urlsafe())


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
        hashed = hash_password(password)
        with self.store.write() as connection:
            return _insert(connection, name.strip(), role, hashed, by)

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

    def change_role(self, name: str, role: Role, *, by: str) -> None:
        """Let an account do more or less from its next request on.

        Raises
        ------
        AccountError
            When there is no such account in use, or the last admin would be none any more.
        """
        with self.store.write() as connection:
            in_use = users.c.disabled_at.is_(None)
            row = connection.execute(sa.select(users).where(users.c.name == name, in_use)).first()
            if row is None:
                raise AccountError(f"no account in use is called {name!r}; clarion user list shows all")
            admins = sa.select(sa.func.count()).where(users.c.role == Role.ADMIN, in_use)
            if row.role == Role.ADMIN != role and connection.execute(admins).scalar_one() == 1:
                raise AccountError(f"{name!r} is the only admin; make somebody else one first")
            connection.execute(users.update().where(users.c.id == row.id).values(role=role))
            record(connection, Entry(by, "change role", f"user {row.id}", {"role": role}))

    def change_password(self, reader: Reader, old: str, new: str) -> None:
        """Change the password of an account and end all its sessions.

        Raises
        ------
        AccountError
            When the old one is wrong or the new one too short.
        """
        with self.store.read() as connection:
            asked = sa.select(users.c.password).where(users.c.id == reader.id)
            known = connection.execute(asked).scalar_one()
        if not self._fits(known, old):
            raise AccountError("the present password is not right; type it again")
        hashed = hash_password(new)
        with self.store.write() as connection:
            connection.execute(users.update().where(users.c.id == reader.id).values(password=hashed))
            connection.execute(sessions.delete().where(sessions.c.user_id == reader.id))
            record(connection, Entry(reader.name, "change password", f"user {reader.id}"))

    def invitation(self) -> str | None:
        """A new one-time token with which the first account is made; None when there is an account already.

        An earlier token is void from then on.
        """
        token = secrets.token_urlsafe(32)
        with self.store.write() as connection:
            if connection.execute(sa.select(users.c.id).limit(1)).first():
                return None
            connection.execute(facts.delete().where(facts.c.name == INVITATION))
            connection.execute(facts.insert().values(name=INVITATION, value=_digest(token)))
        return token

    def is_invited(self, token: str) -> bool:
        """Whether the first account may be made with a token."""
        with self.store.read() as connection:
            known = connection.execute(sa.select(facts.c.value).where(facts.c.name == INVITATION)).scalar()
        return known is not None and secrets.compare_digest(known, _digest(token))

    def accept(self, token: str, name: str, password: str) -> Reader:
        """Make the first account, an admin, and void the token.

        Raises
        ------
        AccountError
            When the token is not, or no longer, the right one, or as for `add`.
        """
        hashed = hash_password(password)
        with self.store.write() as connection:
            used = facts.delete().where(facts.c.name == INVITATION, facts.c.value == _digest(token))
            if not connection.execute(used).rowcount:
                raise AccountError(
                    "this link was used already or is not the last one; restart the service for a new one"
                )
            return _insert(connection, name.strip(), Role.ADMIN, hashed, "first start")

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

    def session(self, token: str, now: datetime | None = None) -> Session | None:
        """The session of a token; None when it ended, was idle too long, or never was."""
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
        reader = Reader(row.id, row.name, row.pseudonym, Role(row.role))
        return Session(reader, row.lang, json.loads(row.settings))

    def choose(self, reader: Reader, lang: str, settings: Mapping[str, Any]) -> None:
        """Keep how a reader wants to read."""
        values = {"lang": lang, "settings": json.dumps(settings, sort_keys=True)}
        with self.store.write() as connection:
            connection.execute(users.update().where(users.c.id == reader.id).values(**values))

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self.store.write() as connection:
            connection.execute(sessions.delete().where(sessions.c.digest == _digest(token)))

    def _fits(self, hashed: str | None, password: str) -> bool:
        try:
            return HASHER.verify(hashed or _nobody(), password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _note_failure(self, connection: sa.Connection, row: Row[Any], now: datetime, *, locked: bool) -> None:
        failures = 0 if locked else row.failures + 1
        until = row.locked_until if locked else (now + LOCKED if failures >= FAILURES else None)
        values = {"failures": 0 if until else failures, "locked_until": until}
        connection.execute(users.update().where(users.c.id == row.id).values(**values))
        record(connection, Entry(row.name, "sign-in refused", "", {"locked": bool(until)}), at=now)


def _insert(connection: sa.Connection, name: str, role: Role, hashed: str, by: str) -> Reader:
    if not name:
        raise AccountError("an account needs a name")
    if connection.execute(sa.select(users.c.id).where(users.c.name == name)).first():
        raise AccountError(f"there is an account called {name!r} already; choose another name")
    now = datetime.now(UTC)
    # Exports and histories name a reader by this alone: the name itself could put them in danger.
    row = {"name": name, "pseudonym": f"reader-{secrets.token_hex(4)}", "role": role, "password": hashed}
    made = users.insert().values(**row, created_at=now).returning(users.c.id)
    user_id = connection.execute(made).scalar_one()
    record(connection, Entry(by, "add account", f"user {user_id}", {"role": role}), at=now)
    return Reader(user_id, name, row["pseudonym"], role)
