"""A database comes up by itself, is what the tables say, and is refused or waited for in plain words."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from classifier.errors import ClarionError
from service.store.bulk import FEW, among, insert_many
from service.store.engine import Store, StoreAwayError, url_of
from service.store.tables import facts, metadata, tallies
from tests.service.databases import Databases
from tests.service.postgres import free_port


def test_migrations_lead_to_the_tables(store: Store) -> None:
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_several_processes_may_come_up_at_once(databases: Databases) -> None:
    url, together = databases.empty(), threading.Barrier(8)

    def come_up(_: int) -> str:
        store = Store(url)
        together.wait()
        with store.read() as connection:
            salt = str(connection.execute(sa.select(facts.c.value).where(facts.c.name == "salt")).scalar_one())
        store.close()
        return salt

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(come_up, range(8)))) == 1


def test_a_database_of_a_newer_program_is_refused(store: Store, database: str) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    again = Store(database)
    with pytest.raises(ClarionError, match="newer"), again.read():
        pass
    again.close()


def test_what_fails_leaves_nothing(store: Store) -> None:
    row = {"day": "2026-03-01", "platform": "forum", "lang": "en", "outcome": "score", "posts": 1}
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        connection.execute(tallies.insert(), [row, row])
    with store.read() as connection:
        assert connection.execute(sa.select(tallies)).all() == []


@pytest.mark.parametrize("number", [0, 1, FEW, FEW + 1, 500])
def test_many_rows_at_once(store: Store, number: int) -> None:
    days = [f"{place:010}" for place in range(number)]
    rows = [{"day": day, "platform": "\\N\t", "lang": "kk", "outcome": "score", "posts": 7} for day in days]
    with store.write() as connection:
        insert_many(connection, tallies, rows)
    with store.read() as connection:
        found = connection.execute(sa.select(tallies).order_by(tallies.c.day)).all()
        chosen = connection.execute(sa.select(tallies.c.day).where(among(connection, tallies.c.day, days[::2]))).all()
    assert [row._asdict() for row in found] == rows
    assert len(chosen) == len(days[::2])


@pytest.mark.parametrize("database", ["mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "://"])
def test_other_databases_are_refused_without_their_password(database: str) -> None:
    with pytest.raises(ClarionError, match="sqlite:///") as refused:
        url_of(database)
    assert "secret" not in str(refused.value)


def test_a_server_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    store = Store(f"postgresql://clarion:secret@127.0.0.1:{free_port()}/clarion")
    with pytest.raises(StoreAwayError, match="CLARION_DATABASE") as away, store.read():
        pass
    assert "secret" not in str(away.value)
    locked = Store(str(tmp_path))
    with pytest.raises(StoreAwayError), locked.read():
        pass


def test_the_path_of_a_file_is_enough(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "new" / "clarion.db"))
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    for durable, level in ((True, 2), (False, 1), (True, 2)):
        with store.write(durable=durable) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
    with store.write() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()
