"""Decisions that stand become statements that keep the rules; all others stay out, and are counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from classifier.errors import InputError
from service.review.desk import Review
from service.review.reasons.grounds import read_grounds
from service.review.reasons.maker import LAWFUL, Count
from service.review.reasons.rules import faults
from service.review.reasons.statements import Period, calls, check_grounds, statements, unsettled
from service.review.retention import purge
from service.review.verdicts import Decision, Verdict
from service.review.words import Outcome
from tests.commands import Command
from tests.service.review.making import CONFIRM, LABELS, NO, NOON, PLAIN, SECEDE, YES, Office
from tests.service.review.reasons.samples import ALONE, GROUNDS, PEACEFUL, Write, writer

POSTED = datetime(2026, 2, 20, 23, 30, tzinfo=UTC)
PEACE = Verdict(Outcome.CONFIRM, "argument", means="peaceful")
QUIET = Decision({"separatism": PEACE})
LOUD = Decision({"separatism": SECEDE})
ALWAYS = Period()
FACTS = (
    "It was reported by a trusted flagger. An automatic score put it before a person; that person decided after reading"
    " it. Confirmed: a possible appeal to join or work for an armed force in a conflict abroad (an offer of a contract"
    " with an army, into a foreign army)."
)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    return writer(tmp_path)


def post(office: Office, text: str, **facts: Any) -> None:
    office.take(office.post(text, **{"created_at": POSTED, "author": "author-7"} | facts))


def made(office: Office, path: str, period: Period = ALWAYS) -> tuple[list[dict[str, Any]], Count]:
    count = Count()
    with office.store.read() as connection:
        rows = list(statements(connection, read_grounds(path), period, count))
    assert [faults(row) for row in rows] == [[] for _ in rows]
    assert count.written == len(rows)
    return rows, count


def test_a_statement_whole(office: Office, write: Write) -> None:
    post(office, "join alpha bravo", id="1", source="trusted_flagger")
    number = office.read(office.reader("anna"), "1", YES)
    (row,), _ = made(office, write(GROUNDS))
    prefix, _, decision = row.pop("puid").rpartition("-")
    assert (len(prefix), decision) == (len("clarion-") + 12, str(number))
    assert len(row.pop("territorial_scope")) == 27
    assert row == {
        "content_type": ["CONTENT_TYPE_TEXT"],
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": "Article 1 of the law on foreign service",
        "illegal_content_explanation": "The post offers service in a foreign armed force.",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "category": "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        "category_specification": ["KEYWORD_ILLEGAL_ORGANIZATIONS"],
        "decision_facts": FACTS,
        "content_language": "EN",
        "content_date": "2026-02-20",
        "application_date": "2026-03-01",
        "source_type": "SOURCE_TRUSTED_FLAGGER",
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }


def test_nothing_of_the_post_or_of_readers_gets_out(office: Office, write: Write) -> None:
    post(office, "join alpha bravo", id="1", url="https://forum.example/secret", parent_text="parent words")
    office.read(office.reader("anna"), "1", Decision({"recruitment": CONFIRM}, note="ask boris"))
    whole = json.dumps(made(office, write(GROUNDS))[0])
    assert not [word for word in ("alpha", "anna", "boris", "author-7", "secret", "parent") if word in whole]


def test_reasons_that_readers_typed_stay_inside(office: Office, write: Write) -> None:
    post(office, "join alpha bravo", id="1")
    office.review = Review(office.store, PLAIN, (*LABELS, "house_rule"))
    said = Decision({"house_rule": Verdict(Outcome.CONFIRM, "because Boris of Main Street said so")})
    office.read(office.reader("anna"), "1", said)
    own = GROUNDS.replace("  recruitment:", "  house_rule:")
    (row,), _ = made(office, write(own))
    assert row["decision_facts"].endswith("Confirmed: a post that falls under the label 'house_rule'.")


def test_separatism_and_how_long_it_lasts(office: Office, write: Write) -> None:
    post(office, "north charlie delta", id="1")
    office.read(office.reader("anna"), "1", LOUD)
    (row,), count = made(office, write(GROUNDS))
    assert row["decision_ground"] == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    assert row["end_date_visibility_restriction"] == "2026-03-31"
    assert row["territorial_scope"] == ["DE", "FR"]
    assert "(a slogan, by violent means)" in row["decision_facts"]
    assert count.separatism == 1
    assert count.lines(0, 0)[-1].endswith(LAWFUL)
    assert "lawful speech" in LAWFUL


def test_peaceful_separatism_needs_a_ground_of_its_own(office: Office, write: Write) -> None:
    post(office, "north charlie delta", id="1")
    office.read(office.reader("anna"), "1", QUIET)
    rows, count = made(office, write(GROUNDS))
    assert (rows, count.peaceful, count.alone) == ([], 1, 0)
    rows, count = made(office, write(GROUNDS + ALONE))
    assert (rows, count.peaceful, count.alone) == ([], 0, 1)
    (row,), _ = made(office, write(GROUNDS + PEACEFUL))
    assert row["incompatible_content_ground"] == "Section 9 of the terms, no campaigns"


def test_peaceful_separatism_is_not_in_a_statement_on_recruitment(office: Office, write: Write) -> None:
    post(office, "both charlie delta", id="1")
    office.read(office.reader("anna"), "1", Decision({"recruitment": CONFIRM, "separatism": PEACE}))
    (row,), count = made(office, write(GROUNDS))
    assert "sece" not in json.dumps(row)
    assert "category_addition" not in row
    assert (count.separatism, count.peaceful) == (0, 0)


def test_two_labels_make_one_statement(office: Office, write: Write) -> None:
    post(office, "both charlie delta", id="1")
    office.read(office.reader("anna"), "1", Decision({"recruitment": CONFIRM, "separatism": SECEDE}))
    (row,), _ = made(office, write(GROUNDS))
    assert row["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert row["category_addition"] == ["STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"]
    assert row["category_specification"] == ["KEYWORD_ILLEGAL_ORGANIZATIONS", "KEYWORD_INCITEMENT_VIOLENCE_HATRED"]
    assert "; a possible appeal for a part" in row["decision_facts"]
    head, _, entries = GROUNDS.partition("labels:\n")
    recruitment, _, separatism = entries.partition("  separatism:\n")
    turned = f"{head}labels:\n  separatism:\n{separatism}{recruitment}"
    (row,), _ = made(office, write(turned))
    assert row["decision_ground"] == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    assert row["category_addition"] == ["STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY"]


def test_a_file_without_a_ground_is_refused(office: Office, write: Write) -> None:
    post(office, "north charlie delta", id="1")
    grounds = read_grounds(write("labels: {recruitment: nothing}"))
    with office.store.read() as connection:
        check_grounds(connection, grounds, ALWAYS)
    office.read(office.reader("anna"), "1", LOUD)
    with office.store.read() as connection:
        with pytest.raises(InputError, match=r"separatism/violent.*`ground`"):
            check_grounds(connection, grounds, ALWAYS)
        with pytest.raises(InputError, match=r"separatism/violent.*`ground`"):
            list(statements(connection, grounds, ALWAYS, Count()))


def test_only_what_stands_is_written(office: Office, write: Write) -> None:
    anna, boris = office.reader("anna"), office.reader("boris")
    for at in range(5):
        post(office, f"join p0.{at + 5} {'abcde'[at] * 7} {'fghij'[at] * 7}", id=str(at))
    office.read(anna, "0", NO)
    undone = office.read(anna, "1", YES)
    office.review.deciding.undo(anna, undone, NOON + timedelta(minutes=1))
    office.read(anna, "2", YES)
    office.review.appeals.file(office.row("2").id, "forum")
    office.read(anna, "3", Decision({"recruitment": CONFIRM}, threat_to_life=True))
    kept = office.read(anna, "4", YES)
    rows, count = made(office, write(GROUNDS))
    assert [row["puid"].rpartition("-")[2] for row in rows] == [str(kept)]
    with office.store.read() as connection:
        assert unsettled(connection, ALWAYS) == (1, 1)
    assert count.lines(1, 1)[1:] == [
        "left out: 1 posts that are under appeal",
        "left out: 1 posts that wait for another reading, or expired before it",
    ]
    upheld = office.read(boris, "2", YES, NOON + timedelta(days=1))
    rows, _ = made(office, write(GROUNDS))
    assert [row["puid"].rpartition("-")[2] for row in rows] == [str(upheld), str(kept)]
    assert "read it again on appeal" in rows[0]["decision_facts"]


def test_purged_posts_keep_their_statement(office: Office, write: Write) -> None:
    post(office, "join alpha bravo", id="1")
    office.read(office.reader("anna"), "1", YES)
    before = made(office, write(GROUNDS))[0]
    assert purge(office.store, timedelta(0), by="tests", now=NOON + timedelta(days=9)) == 1
    assert made(office, write(GROUNDS))[0] == before


@pytest.mark.parametrize(
    ("source", "stated"),
    [
        ("none", "SOURCE_VOLUNTARY"),
        ("user", "SOURCE_ARTICLE_16"),
        ("trusted_flagger", "SOURCE_TRUSTED_FLAGGER"),
        ("authority", "SOURCE_TYPE_OTHER_NOTIFICATION"),
    ],
)
def test_who_reported(office: Office, write: Write, source: str, stated: str) -> None:
    post(office, "join alpha bravo", id="1", source=source)
    office.read(office.reader("anna"), "1", YES)
    (row,), _ = made(office, write(GROUNDS))
    assert row["source_type"] == stated
    (row,), _ = made(office, write(f"sources: {{{source}: SOURCE_TYPE_OTHER_NOTIFICATION}}{GROUNDS}"))
    assert row["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"


@pytest.mark.parametrize(
    ("shares", "automated"), [({"random_share": 1.0}, "No"), ({"low_share": 1.0, "low_from": 0.0}, "Yes")]
)
def test_whether_a_machine_found_it(office: Office, write: Write, shares: dict[str, float], automated: str) -> None:
    drawn = office.with_policy(**shares)
    post(drawn, "quiet words", id="1")
    drawn.read(drawn.reader("anna"), "1", YES)
    (row,), _ = made(drawn, write(GROUNDS))
    assert row["automated_detection"] == automated
    assert "drawn by lot" in row["decision_facts"]


def test_posts_without_a_date_are_named_or_take_the_day_they_came_in(office: Office, write: Write) -> None:
    post(office, "join alpha bravo", id="1", created_at=None)
    post(office, "join charlie delta", id="2", created_at=datetime(1999, 12, 31, tzinfo=UTC))
    anna = office.reader("anna")
    for number in "12":
        office.read(anna, number, YES)
    rows, count = made(office, write(GROUNDS))
    assert (rows, count.refused) == ([], 2)
    assert count.faults == [
        "forum/1: content_date: is required; send `created_at` with posts, or write `undated: received`",
        "forum/2: content_date: 1999-12-31 is before 2000-01-01",
    ]
    rows, count = made(office, write(f"undated: received{GROUNDS}"))
    assert ([row["content_date"] for row in rows], count.refused) == (["2026-03-01"], 1)


def test_a_period(office: Office, write: Write) -> None:
    anna = office.reader("anna")
    for number, word in enumerate(("alpha", "bravo", "charlie")):
        post(office, f"join {word}", id=str(number))
        office.read(anna, str(number), YES, NOON + timedelta(days=number))
    second, third = (datetime(2026, 3, day, tzinfo=UTC) for day in (2, 3))
    path = write(GROUNDS)
    for period, days in (
        (Period(second), ["2026-03-02", "2026-03-03"]),
        (Period(None, second), ["2026-03-01"]),
        (Period(second, third), ["2026-03-02"]),
    ):
        assert [row["application_date"] for row in made(office, path, period)[0]] == days


def test_long_exports_are_read_in_pages(office: Office, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.review.reasons.statements.AT_ONCE", 2)
    anna = office.reader("anna")
    for number, word in enumerate(("alpha", "bravo", "charlie", "delta", "echo")):
        post(office, f"join {word}", id=str(number))
        office.read(anna, str(number), NO if number == 1 else YES)
    rows, _ = made(office, write(GROUNDS))
    assert len({row["puid"] for row in rows}) == len(rows) == 4
    assert made(office, write(GROUNDS + ALONE))[0] == rows


def test_calls_hold_a_hundred() -> None:
    sizes = [len(call["statements"]) for call in calls({"puid": str(number)} for number in range(201))]
    assert sizes == [100, 100, 1]
    assert list(calls([])) == []


def test_the_command(clarion: Command, office: Office, database: str, write: Write, tmp_path: Path) -> None:
    anna = office.reader("anna")
    for number, (text, said) in enumerate(
        (("join alpha", YES), ("north bravo", LOUD), ("north charlie", QUIET), ("join delta", NO), ("join echo", YES))
    ):
        post(office, text, id=str(number), **({"created_at": None} if text == "join echo" else {}))
        office.read(anna, str(number), said)
    path, out = write(GROUNDS), tmp_path / "reasons.jsonl"
    common = ("export", "reasons", "--policy", path, "--database", database, "--out")
    ended = clarion(*common, out)
    (call,) = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["category"][19:23] for row in call["statements"]] == ["RISK", "ILLE"]
    assert ended.code == 2
    assert ended.err.splitlines()[:3] == [
        "2 statements of reasons",
        "left out: 1 posts that only call peacefully for secession, and the file names no ground for that",
        f"1 statements are about separatism. {LAWFUL}",
    ]
    assert "1 posts were left out; their statements would be sent back:\n  forum/4: content_date" in ended.err
    assert clarion(*common, "-", "--since", "2026-03-02").err == "0 statements of reasons\n"
    assert "write a day as 2026-01-31" in clarion(*common, "-", "--until", "soon").err
    assert "end" in clarion(*common, tmp_path / "reasons.csv").err


def test_nothing_is_written_without_a_ground(
    clarion: Command, office: Office, database: str, write: Write, tmp_path: Path
) -> None:
    post(office, "north bravo", id="1")
    office.read(office.reader("anna"), "1", LOUD)
    path, out = write(GROUNDS.partition("  separatism:")[0]), tmp_path / "reasons.jsonl"
    ended = clarion("export", "reasons", "--policy", path, "--out", out, "--database", database)
    assert (ended.code, out.exists()) == (2, False)
    assert "`separatism/violent` under `labels`, with `ground`" in ended.err


def test_the_demonstration_needs_no_ground_and_gets_no_statement(office: Office, write: Write) -> None:
    """A file that says nothing of separatism does, as long as it was confirmed on posts of the demonstration only."""
    path = write(GROUNDS.partition("  separatism:")[0])
    post(office, "north alpha bravo", id="1", platform="demo-forum")
    post(office, "north charlie delta", id="2", platform="demo-forum")
    for reader, number in (("anna", "1"), ("boris", "2")):
        office.read(office.reader(reader), number, LOUD)
    office.review.appeals.file(office.row("2").id, "anna", NOON)
    with office.store.read() as connection:
        check_grounds(connection, read_grounds(path), ALWAYS)
        assert unsettled(connection, ALWAYS) == (0, 0)
    assert made(office, path)[0] == []
