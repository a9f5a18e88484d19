"""Text does not stay for ever; decisions do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.review.retention import expire, purge
from service.store.engine import Store
from service.store.tables import bands, decisions, notes, posts, sketches, versions
from tests.service.review.making import CONFIRM, NOON, OFFER, Decision, Office

LONG = timedelta(days=90)


@pytest.fixture
def old(office: Office) -> Office:
    office.take(*[office.post(OFFER, id=str(at), author="a", parent_text="why", url="u") for at in range(2)])
    office.take(office.post("join alpha bravo", id="read", author="b"))
    office.take(office.post("join charlie delta", id="new"), at=NOON + timedelta(days=60))
    office.read(office.reader("anna"), "read", Decision({"recruitment": CONFIRM}, note="see the number"))
    return office


def texts(office: Office) -> dict[str, str | None]:
    with office.store.read() as connection:
        asked = sa.select(posts.c.external_id, versions.c.text).join(versions, versions.c.post_id == posts.c.id)
        return {row.external_id: row.text for row in connection.execute(asked)}


def test_what_nobody_decided_in_time_expires(old: Office) -> None:
    assert expire(old.store, NOON + LONG - timedelta(seconds=1)) == 0
    assert expire(old.store, NOON + LONG) == 2
    assert old.states() == {"0": "expired", "1": "expired", "read": "decided", "new": "queued"}
    assert texts(old) == {"0": None, "1": None, "read": "join alpha bravo", "new": "join charlie delta"}
    row = old.row("0")
    assert (row.author, row.url, row.parent_text) == (None, None, None)


def test_nothing_finds_an_expired_post(old: Office) -> None:
    expire(old.store, NOON + LONG)
    with old.store.read() as connection:
        left = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in (sketches, bands)
        ]
    assert left == [2, 32]
    old.take(old.post(OFFER, id="again"))
    assert old.states()["again"] == "queued"
    old.take(old.post(OFFER, id="0"))
    assert old.states()["0"] == "expired"
    old.take(old.post(OFFER + " today", id="0"))
    assert old.states()["0"] == "queued"


def test_purge_takes_texts_and_notes_and_keeps_decisions(old: Office) -> None:
    assert purge(old.store, timedelta(days=30), by="test", now=NOON + timedelta(days=61)) == 3
    assert texts(old) == {"0": None, "1": None, "read": None, "new": "join charlie delta"}
    assert old.states() == {"0": "expired", "1": "expired", "read": "decided", "new": "queued"}
    with old.store.read() as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(one)).scalar() for one in (decisions, notes)
        ]
    assert counts == [1, 0]
    assert purge(old.store, timedelta(days=30), by="test", now=NOON + timedelta(days=61)) == 0


def test_a_purged_text_is_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "clarion.db"
    office = Office.over(Store(str(path)))
    office.take(office.post("join charlie delta", id="new"))
    purge(office.store, timedelta(0), by="test", now=NOON + timedelta(days=1))
    with office.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.rollback()
    office.store.close()
    assert b"charlie" not in path.read_bytes()
