"""Accounts, sessions and keys of the database: nothing that opens a door is kept as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from service.review.words import Role
from service.security.accounts import FAILURES, IDLE, LOCKED, SESSION, AccountError, Accounts
from service.security.keys import Scope
from service.security.keystore import KeyNameError, KeyStore
from service.store.engine import Store
from service.store.tables import keys, sessions, users

PASSWORD = "correct horse battery staple"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def accounts(store: Store) -> Accounts:
    made = Accounts(store)
    made.add("anna", Role.REVIEWER, PASSWORD, by="test")
    return made


def test_a_session_is_of_whom_signed_in(accounts: Accounts) -> None:
    token = accounts.sign_in("anna", PASSWORD, NOW)
    assert token
    session = accounts.session(token, NOW)
    assert session is not None
    reader = session.reader
    assert (reader.name, reader.role) == ("anna", Role.REVIEWER)
    assert reader.pseudonym.startswith("reader-")
    assert "anna" not in reader.pseudonym
    accounts.sign_out(token)
    assert accounts.session(token, NOW) is None


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong"), ("nobody", PASSWORD), ("", ""), ("anna", "\ud800")])
def test_wrong_words_open_nothing(accounts: Accounts, name: str, password: str) -> None:
    assert accounts.sign_in(name, password.encode("utf-8", "replace").decode(), NOW) is None


def test_sessions_end(accounts: Accounts) -> None:
    token = accounts.sign_in("anna", PASSWORD, NOW)
    assert token
    assert accounts.session(token, NOW + IDLE + timedelta(seconds=1)) is None
    for hours in range(1, int(SESSION / timedelta(hours=1))):
        assert accounts.session(token, NOW + timedelta(hours=hours))
    assert accounts.session(token, NOW + SESSION) is None


def test_wrong_passwords_lock_the_account_for_a_while(accounts: Accounts) -> None:
    for _ in range(FAILURES):
        assert accounts.sign_in("anna", "wrong", NOW) is None
    assert accounts.sign_in("anna", PASSWORD, NOW) is None
    assert accounts.sign_in("anna", PASSWORD, NOW + LOCKED) is not None


def test_a_disabled_account_is_out_at_once(accounts: Accounts) -> None:
    token = accounts.sign_in("anna", PASSWORD, NOW)
    assert token
    accounts.disable("anna", by="test")
    assert accounts.session(token, NOW) is None
    assert accounts.sign_in("anna", PASSWORD, NOW) is None
    with pytest.raises(AccountError):
        accounts.disable("anna", by="test")


@pytest.mark.parametrize(("name", "password"), [("anna", PASSWORD), (" ", PASSWORD), ("boris", "short")])
def test_accounts_that_cannot_be_made(accounts: Accounts, name: str, password: str) -> None:
    with pytest.raises(AccountError):
        accounts.add(name, Role.VIEWER, password, by="test")


def test_what_is_kept_opens_nothing(accounts: Accounts) -> None:
    token = accounts.sign_in("anna", PASSWORD, NOW)
    key = KeyStore(accounts.store).add("forum", [Scope.POSTS], by="test")
    with accounts.store.read() as connection:
        kept = str([connection.execute(sa.select(table)).all() for table in (users, sessions, keys)])
    assert token not in kept
    assert key not in kept
    assert PASSWORD not in kept


def test_keys(store: Store) -> None:
    ring = KeyStore(store)
    key = ring.add("forum", [Scope.POSTS, Scope.SCORE], by="test")
    found = ring.find(key)
    assert found is not None
    assert (found.name, found.scopes) == ("forum", {"posts", "score"})
    assert ring.find(key + "x") is ring.find("\ud800") is None
    with pytest.raises(KeyNameError):
        ring.add("forum", [Scope.SCORE], by="test")
    ring.revoke("forum", by="test")
    assert ring.find(key) is None
    with pytest.raises(KeyNameError):
        ring.revoke("forum", by="test")
