"""Decisions leave as labelled posts that training reads as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.output import open_writer
from service.review.appeals import Appeals
from service.review.errors import ReviewError
from service.review.export import AFTER, BEFORE, decided, labels_of
from service.review.verdicts import Decision, Verdict
from service.review.words import Outcome, State
from tests.service.review.making import CONFIRM, NO, NONE, SECEDE, YES, Office
from training.posts import read_posts
from training.schema import Schema

UNSURE = Verdict(Outcome.UNSURE)


@pytest.fixture
def filled(office: Office) -> Office:
    texts = ("join alpha bravo", "both charlie delta", "north echo foxtrot", "join golf hotel", "join india juliett")
    office.take(*[office.post(text, id=str(at)) for at, text in enumerate(texts)])
    anna, boris = office.reader("anna"), office.reader("boris")
    office.read(anna, "0", Decision({"recruitment": CONFIRM, "separatism": NONE}))
    office.read(anna, "1", Decision({"recruitment": NONE, "separatism": SECEDE}))
    for reader in (anna, boris):
        office.read(reader, "2", Decision({"separatism": UNSURE}))
    office.read(anna, "3", Decision({"recruitment": Verdict(Outcome.ESCALATE)}))
    return office


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_training_reads_what_is_exported(filled: Office, tmp_path: Path, suffix: str) -> None:
    out = str(tmp_path / f"decisions.{suffix}")
    with filled.store.read() as connection, open_writer(out, [*BEFORE, *labels_of(connection), *AFTER]) as writer:
        for row in decided(connection):
            writer.write(row)
    frame = read_posts([out], Schema()).frame.astype(object).where(lambda table: table.notna(), None)
    columns = ["id", "recruitment", "separatism", "means", "uncertain", "reader", "source", "inclusion_probability"]
    assert frame[columns].to_numpy().tolist() == [
        ["forum/0", 1.0, 0.0, "", "", "reader-anna", "review", 1.0],
        ["forum/1", 0.0, 1.0, "violent", "", "reader-anna", "review", 1.0],
        ["forum/2", None, None, "", "separatism", "reader-boris", "review", 1.0],
    ]


def test_names_of_readers_stay_inside(filled: Office) -> None:
    with filled.store.read() as connection:
        assert not [row for row in decided(connection) if "anna" in str(row).replace("reader-anna", "")]


def test_long_exports_are_read_in_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.review.export.AT_ONCE", 2)
    words = ("alpha bravo", "charlie delta", "echo foxtrot", "golf hotel", "india juliett")
    office.take(*[office.post(f"join {word}", id=str(at)) for at, word in enumerate(words)])
    anna = office.reader("anna")
    for at in range(5):
        office.read(anna, str(at), NO)
    with office.store.read() as connection:
        assert [row["id"] for row in decided(connection)] == [f"forum/{at}" for at in range(5)]


def test_an_appeal_goes_to_somebody_else_and_may_change_the_decision(office: Office) -> None:
    office.take(office.post("join alpha bravo", id="1"), office.post("join charlie delta", id="2"))
    anna, boris = office.reader("anna"), office.reader("boris")
    for post in "12":
        office.read(anna, post, YES)
        office.review.appeals.file(office.row(post).id, "forum")
        assert office.row(post).state == State.APPEALED
    assert office.next_ids([anna])[0] is None
    office.read(boris, "1", NO)
    office.read(boris, "2", YES)
    assert office.states() == {"1": "decided", "2": "decided"}
    assert Appeals(office.store).outcomes() == (2, 2, 1)


def test_only_decided_posts_can_be_appealed(office: Office) -> None:
    office.take(office.post("join alpha bravo", id="1"))
    with pytest.raises(ReviewError):
        office.review.appeals.file(office.row("1").id, "forum")
