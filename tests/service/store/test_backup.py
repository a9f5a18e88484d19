"""A backup restores into either kind of database, whole or not at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import sqlalchemy as sa

from classifier.errors import InputError
from service.review import records
from service.store import audit
from service.store.backup import back_up, restore
from service.store.engine import Store
from service.store.tables import metadata, sessions
from tests.service.databases import Databases
from tests.service.review.making import NOON, OFFER, YES, Office


def content(store: Store) -> dict[str, list[object]]:
    with store.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table is not sessions
        }


@pytest.fixture
def filled(office: Office) -> Office:
    office.take(
        office.post(OFFER, id="1", due_at=NOON), office.post(OFFER, id="2"), office.post("north \x01\\N é", id="3")
    )
    office.read(office.reader("anna"), "1", YES)
    return office


@pytest.fixture
def backup(filled: Office, tmp_path: Path) -> Path:
    list(back_up(filled.store, str(tmp_path / "b.gz")))
    return tmp_path / "b.gz"


@pytest.mark.parametrize("crosswise", [False, True])
def test_everything_comes_back(
    filled: Office, backup: Path, databases: Databases, tmp_path: Path, request: pytest.FixtureRequest, crosswise: bool
) -> None:
    other = Databases("sqlite", tmp_path) if databases.server else Databases("postgresql", tmp_path, None)
    if crosswise and not databases.server:
        other = Databases("postgresql", tmp_path, request.getfixturevalue("postgres"))
    store = Store(other.empty() if crosswise else databases.fresh())
    list(restore(store, str(backup)))
    assert content(store) == content(filled.store)
    again = Office.over(store)
    again.take("join somebody else altogether")
    again.reader("boris")
    with store.read() as connection:
        assert [*audit.faults(connection), *records.faults(connection)] == []
    store.close()


def test_a_backup_is_for_its_owner_only(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0


def test_a_filled_database_is_not_overwritten(filled: Office, backup: Path) -> None:
    before = content(filled.store)
    with pytest.raises(InputError, match="not empty"):
        list(restore(filled.store, str(backup)))
    assert content(filled.store) == before


def cut(whole: bytes) -> bytes:
    return gzip.compress(b"".join(gzip.decompress(whole).splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda whole: whole[:-40], "cut short|damaged"),
        (cut, "cut short"),
        (lambda _: gzip.compress(b"hello\n"), "not a backup"),
        (lambda _: gzip.compress(b'{"clarion_backup":1,"revision":"9999"}\n'), "another version"),
        (lambda _: b"hello", "damaged"),
    ],
)
def test_a_damaged_backup_restores_nothing(backup: Path, databases: Databases, damage: object, said: str) -> None:
    assert callable(damage)
    backup.write_bytes(damage(backup.read_bytes()))
    store = Store(databases.fresh())
    before = content(store)
    with pytest.raises(InputError, match=said):
        list(restore(store, str(backup)))
    assert content(store) == before
    store.close()
