"""Counts of the shipped data, as they stand in data/README.md."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

BEGIN, END = "<!-- counted: begin -->\n", "<!-- counted: end -->"
Posts = list[dict[str, str]]


def read_posts(data: Path) -> Posts:
    posts: Posts = []
    for path in sorted((data / "posts").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            posts.extend(csv.DictReader(file))
    return posts


def counts(posts: Posts) -> tuple[int, ...]:
    recruiting = sum(post["recruitment"] == "1" for post in posts)
    seceding = sum(post["separatism"] == "1" for post in posts)
    neither = sum(post["recruitment"] == post["separatism"] == "0" for post in posts)
    unsure = sum(bool(post["uncertain"]) for post in posts)
    disguised = sum(post["disguised"] == "1" for post in posts)
    twins = sum(bool(post["twin"]) for post in posts)
    return len(posts), recruiting, seceding, neither, unsure, disguised, twins


def row(name: str, numbers: Iterable[int]) -> str:
    return f"| {name} | " + " | ".join(map(str, numbers)) + " |"


def counted(data: Path) -> str:
    """The table between the marks."""
    posts = read_posts(data)
    by_language = {lang: [post for post in posts if post["lang"] == lang] for lang in {post["lang"] for post in posts}}
    ordered = sorted(by_language, key=lambda lang: (-len(by_language[lang]), lang))
    lines = [
        "| language | posts | recruitment | separatism | neither | uncertain | disguised | twins |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(row(lang, counts(by_language[lang])) for lang in ordered),
        row("**all**", counts(posts)),
    ]
    return BEGIN + "\n".join(lines) + "\n" + END


def brought_up_to_date(readme: str, data: Path) -> str:
    start, stop = readme.index(BEGIN), readme.index(END) + len(END)
    return readme[:start] + counted(data) + readme[stop:]
