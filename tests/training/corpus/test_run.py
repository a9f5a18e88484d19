"""`clarion inspect`: a line for each limit, the places of what breaks one, exit 1 when any does."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.commands import Command
from tests.training.making import invented, write

TOPICS = "lang,kind,word\nen,war,squad\n"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    rows = [row | {"batch": f"b{number % 6}", "lang": "en"} for number, row in enumerate(invented(240))]
    posts, checks = write(tmp_path / "posts.csv", rows), tmp_path / "checks.csv"
    checks.write_text("id,text\nc1,Nobody wrote this one among the posts\n", encoding="utf-8")
    (tmp_path / "topics.csv").write_text(TOPICS, encoding="utf-8")
    return [posts, checks, tmp_path / "topics.csv"]


def options(files: list[Path]) -> tuple[str, ...]:
    return ("inspect", str(files[0]), "--checks", str(files[1]), "--topics", str(files[2]))


def test_a_broken_limit_is_named_with_its_place_and_ends_with_1(clarion: Command, files: list[Path]) -> None:
    files[1].write_text("id,text\nc1," + invented(1)[0]["text"] + "\n", encoding="utf-8")
    ended = clarion(*options(files))
    assert ended.code == 1
    assert "FAULT    1.000  at most 0: posts that are nearly a check" in ended.out
    assert "p000 ~ c1" in ended.out
    assert "limits are broken" in ended.out.splitlines()[-1]


def test_findings_and_words_are_written_where_asked_for(clarion: Command, files: list[Path], tmp_path: Path) -> None:
    found, words = tmp_path / "found.json", tmp_path / "words.csv"
    ended = clarion(*options(files), "--json", found, "--words", words)
    assert ended.code in {0, 1}
    findings = json.loads(found.read_text("utf-8"))
    assert all(one["passed"] == ("FAULT" not in line) for one, line in zip(findings, lines_of(ended.out), strict=True))
    with words.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert {row["word"] for row in table if row["label"] == "recruitment"} >= {"join", "squad"}
    assert all(
        float(row["share"]) == pytest.approx(int(row["positives"]) / int(row["posts"]), abs=6e-4) for row in table
    )


def test_the_agreement_of_a_second_reader_is_printed(clarion: Command, files: list[Path], tmp_path: Path) -> None:
    readings = write(
        tmp_path / "second.csv",
        [{key: row[key] for key in ("id", "recruitment", "separatism")} for row in invented(40)],
    )
    ended = clarion(*options(files), "--readings", readings)
    assert "recruitment: κ 1.000 [1.000–1.000], 40 of 40 posts judged alike by a second reader" in ended.out


def lines_of(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith(("  ok ", "  FAULT"))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("lang,word\nen,squad\n", "missing column 'kind'"),
        ("lang,kind,word\nen,,squad\n", "row 2: an empty cell; a topic needs lang, kind, word"),
    ],
)
def test_a_faulty_file_of_topics_is_refused(content: str, said: str, clarion: Command, files: list[Path]) -> None:
    files[2].write_text(content, encoding="utf-8")
    ended = clarion(*options(files))
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""
