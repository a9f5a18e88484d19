"""Commands on the database, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.review.words import Role
from service.store.engine import Store
from tests.commands import Command
from tests.service.review.making import NO, OFFER, YES, Office

OFFERS = "id,text,platform,reach\n1,{offer},forum,900\n2,{offer} 500,,\n3,good morning to all of you,,\n"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    (tmp_path / "posts.csv").write_text(OFFERS.format(offer=OFFER), encoding="utf-8")
    return tmp_path / "posts.csv"


def test_import_twice_and_edited(clarion: Command, posts: Path, database: str, bundle: Path) -> None:
    first = clarion("import", posts, "--database", database, "--bundle", bundle)
    assert (first.code, first.out) == (0, "")
    assert first.err == "3 posts: 2 new, 0 edited, 0 known, 1 below the floor\n"
    again = clarion("import", posts, "--database", database, "--bundle", bundle)
    assert again.err == "3 posts: 0 new, 0 edited, 2 known, 1 below the floor\n"
    store = Store(database)
    states = Office.over(store).states()
    store.close()
    assert states == {"1": "queued", "2": "copy"}


def test_rows_that_cannot_be_taken_are_named(clarion: Command, tmp_path: Path, database: str, bundle: Path) -> None:
    rows = [
        {"id": "1", "text": OFFER},
        {"id": "2", "text": ""},
        {"id": "3", "text": OFFER, "reach": "many"},
        {"text": "x"},
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n", encoding="utf-8")
    ended = clarion("import", path, "--database", database, "--bundle", bundle)
    assert ended.code == 2
    assert "1 posts: 1 new" in ended.err
    for place in ("line 2: column 'text'", "line 3: column 'reach'", "line 4: column 'id'", "line 5: not JSON"):
        assert place in ended.err


def test_a_file_without_ids_is_refused(clarion: Command, tmp_path: Path, database: str, bundle: Path) -> None:
    (tmp_path / "posts.csv").write_text("name,text\n1,x\n", encoding="utf-8")
    ended = clarion("import", tmp_path / "posts.csv", "--database", database, "--bundle", bundle)
    assert (ended.code, "no column 'id'" in ended.err) == (2, True)


def test_decisions_out_and_old_text_away(clarion: Command, office: Office, database: str, tmp_path: Path) -> None:
    office.take(office.post("join alpha bravo", id="1"), office.post("north charlie delta", id="2"))
    anna = office.reader("anna")
    office.read(anna, "1", YES)
    office.read(anna, "2", NO)
    out = tmp_path / "decisions.jsonl"
    assert clarion("export", "decisions", "--out", out, "--database", database).err == "2 decided posts\n"
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(row["id"], row["recruitment"]) for row in rows] == [("forum/1", 1), ("forum/2", 0)]
    assert clarion("purge", "--older-than", "0h", "--database", database).err == "2 posts purged\n"
    assert clarion("export", "decisions", "--out", "-", "--database", database).err == "0 decided posts\n"
    assert clarion("purge", "--older-than", "soon", "--database", database).code == 2


def test_backup_restore_verify(clarion: Command, office: Office, database: str, tmp_path: Path) -> None:
    office.take(office.post("join alpha bravo", id="1"))
    office.read(office.reader("anna"), "1", YES)
    backup, other = tmp_path / "backup.gz", tmp_path / "other.db"
    assert clarion("backup", "--out", backup, "--database", database).code == 0
    assert clarion("restore", backup, "--database", other).code == 0
    assert clarion("restore", backup, "--database", other).code == 2
    whole = clarion("verify-audit", "--database", other)
    assert whole.code == 0
    assert clarion("verify-audit", "--database", other, "--expect", whole.out.strip()).code == 0
    assert clarion("verify-audit", "--database", other, "--expect", "f" * 64).code == 1
    store = Store(str(other))
    with store.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER keep_events_update")
        connection.exec_driver_sql("UPDATE events SET actor = 'eve' WHERE number = 1")
    store.close()
    broken = clarion("verify-audit", "--database", other)
    assert broken.code == 1
    assert "entry 1 was changed" in broken.err


def test_users_and_keys(clarion: Command, database: str) -> None:
    added = clarion("user", "add", "anna", "--role", "lead", "--database", database, typed=b"a long password here\n")
    assert added.code == 0
    assert "anna may now sign in as lead" in added.err
    assert clarion("user", "add", "b", "--role", "boss", "--database", database, typed=b"x\n").code == 2
    assert clarion("user", "add", "b", "--database", database, typed=b"short\n").code == 2
    assert clarion("user", "disable", "anna", "--database", database).code == 0
    assert clarion("user", "list", "--database", database).out.split("\t")[::3] == ["anna", "disabled\n"]
    key = clarion("key", "add", "forum", "--scope", "posts", "--database", database).out.strip()
    assert key.startswith("clarion_")
    assert clarion("key", "add", "x", "--scope", "all", "--database", database).code == 2
    assert clarion("key", "list", "--database", database).out == "forum\tposts\tin use\n"
    assert clarion("key", "revoke", "forum", "--database", database).code == 0
    assert clarion("key", "list", "--database", database).out == "forum\tposts\trevoked\n"


def test_without_a_database_it_says_how_to_name_one(clarion: Command) -> None:
    ended = clarion("verify-audit")
    assert (ended.code, "CLARION_DATABASE" in ended.err) == (2, True)


def test_every_role_is_known_by_its_order() -> None:
    assert [role for role in Role if role.at_least(Role.REVIEWER)] == [Role.REVIEWER, Role.LEAD, Role.ADMIN]
