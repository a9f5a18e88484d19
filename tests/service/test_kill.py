"""Killed at any moment, the service loses no post and no decision that it acknowledged. `make soak` does it longer."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from service.store import audit
from service.store.engine import Store
from service.store.tables import facts, posts
from tests.service.databases import Databases
from tests.service.review.making import YES, Office
from tests.service.soak import FEWEST, Soak

KILLS = 3


@pytest.mark.slow
def test_nothing_acknowledged_is_lost(databases: Databases, bundle: Path, tmp_path: Path) -> None:
    soak = Soak(databases.fresh(), bundle, tmp_path, seed=7)
    assert list(soak.run(KILLS)) == [(done, KILLS) for done in range(KILLS + 1)]
    assert len(soak.sent) >= KILLS * FEWEST
    assert len(soak.decided) >= KILLS * FEWEST


def test_what_is_lost_or_there_by_half_is_noticed(office: Office, store: Store, database: str, tmp_path: Path) -> None:
    office.take(office.post("join", id="1"), office.post("north", id="2"))
    made = office.read(office.reader("anna"), "1", YES)
    soak = Soak(database, tmp_path, tmp_path, 0, sent=[1, 2], decided=[made])
    assert soak.faults(store) == []
    soak.sent.append(3)
    soak.decided.append(made + 1)
    with store.write() as connection:
        connection.execute(sa.text("DELETE FROM scores WHERE version_id = 2 AND label = 'separatism'"))
        connection.execute(facts.update().where(facts.c.name == audit.HEAD).values(value="9 none"))
        connection.execute(posts.update().where(posts.c.external_id == "1").values(decision_id=None))
    assert soak.faults(store) == [
        "posts lost: ['3']",
        "posts there by half: ['2']",
        f"decisions lost: [{made}, {made + 1}]",
        "the log ends at entry 2, but entry 9 was the last one written",
    ]
