"""The posts of the demonstration fit the columns that the datasheet describes, and are nobody's training posts."""

from __future__ import annotations

import csv
import re
import unicodedata
from itertools import chain
from pathlib import Path

import pytest

from classifier.text import fold
from training.shipped import check_files, data_directory, post_files

COLUMNS = "id platform author hours_ago reach report_source due_in_hours parent_text text".split()
PHONE = re.compile(r"(?:\d[\s()\-]{0,2}){9,}")
Row = dict[str, str]


def rows_of(path: str | Path) -> list[Row]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folded(text: str) -> str:
    return str(fold(text)).strip()


@pytest.fixture(scope="module")
def demo() -> list[Row]:
    return rows_of(data_directory() / "demo" / "posts.csv")


def test_columns_are_those_of_the_datasheet(demo: list[Row]) -> None:
    assert all(list(row) == COLUMNS and None not in row.values() for row in demo)
    section = (data_directory() / "README.md").read_text("utf-8").split("## The demonstration")[1].split("\n## ")[0]
    described = [name for cell in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in cell.split("`")[1::2]]
    assert sorted(described) == sorted(COLUMNS)


def test_there_are_as_many_as_the_datasheet_says_with_ids_of_their_own(demo: list[Row]) -> None:
    assert len(demo) == 300
    assert len({row["id"] for row in demo}) == len(demo)
    assert all(re.fullmatch(r"demo-\d{3}", row["id"]) for row in demo)


def test_values_are_those_that_a_queue_takes(demo: list[Row]) -> None:
    assert {row["platform"] for row in demo} == {"vk", "telegram", "instagram", "whatsapp", "tiktok"}
    assert {row["report_source"] for row in demo} == {"", "user", "trusted_flagger", "authority"}
    for row in demo:
        assert re.fullmatch(r"[0-9a-f]{12}", row["author"]), row["id"]
        assert 0.2 <= float(row["hours_ago"]) <= 240, row["id"]
        assert row["reach"] == "" or 0 <= int(row["reach"]) <= 250_000, row["id"]
        assert row["due_in_hours"] == "" or float(row["due_in_hours"]) > 0, row["id"]
        assert row["text"].strip() == row["text"] != "", row["id"]


def test_what_an_authority_reports_is_due(demo: list[Row]) -> None:
    assert all((row["report_source"] == "authority") == bool(row["due_in_hours"]) for row in demo)


def test_telephone_numbers_are_invented(demo: list[Row]) -> None:
    numbers = [number for row in demo for number in PHONE.findall(row["text"] + " " + row["parent_text"])]
    assert len(numbers) >= 10, "the pattern finds numbers"
    assert [number for number in numbers if "000" not in re.sub(r"\D", "", number)] == []


def test_links_lead_nowhere(demo: list[Row]) -> None:
    hosts = re.compile(r"(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:[a-z]{2,})(?=[/\s\"?,;:]|$)", re.IGNORECASE)
    found = [host for row in demo for host in hosts.findall(row["text"])]
    assert found
    assert [host for host in found if not host.endswith((".example", "example.org"))] == []


def test_some_posts_try_what_a_page_withstands(demo: list[Row]) -> None:
    texts = [row["text"] for row in demo]
    assert any("<script>" in text for text in texts)
    assert any({"RLO", "PDF"} <= {unicodedata.bidirectional(char) for char in text} for text in texts)
    assert any("\u200b" in text for text in texts)
    assert max(map(len, texts)) > 1_400


def test_none_stands_among_the_posts_or_the_checks_even_in_disguise(demo: list[Row]) -> None:
    own = {folded(row["text"]): row["id"] for row in demo}
    others = chain.from_iterable(map(rows_of, [*post_files(), *check_files()]))
    assert [own[text] for row in others if (text := folded(row["text"])) in own] == []
