"""Tables of the shipped data, as they stand in data/README.md."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.corpus.mixed import mixed_share
from training.intervals import resampled
from training.kappa import cohen_kappa
from training.posts import read_posts as read_labelled
from training.schema import Schema

Post = dict[str, str]
Posts = list[Post]
Floats = npt.NDArray[np.float64]
LENGTHS = ((0, 60), (60, 120), (120, 200), (200, 300), (300, 10**6))


def read_posts(data: Path) -> Posts:
    posts: Posts = []
    for path in sorted((data / "posts").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            posts.extend(csv.DictReader(file))
    return posts


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" + "|--:" * (len(head) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)]) + "\n"


def counts(posts: Posts) -> tuple[int, ...]:
    recruiting = sum(post["recruitment"] == "1" for post in posts)
    seceding = sum(post["separatism"] == "1" for post in posts)
    neither = sum(post["recruitment"] == post["separatism"] == "0" for post in posts)
    unsure = sum(bool(post["uncertain"]) for post in posts)
    disguised = sum(post["disguised"] == "1" for post in posts)
    twins = sum(bool(post["twin"]) for post in posts)
    return len(posts), recruiting, seceding, neither, unsure, disguised, twins


def grouped(posts: Posts, key: Callable[[Post], str]) -> dict[str, Posts]:
    """Posts by a key, the largest part first."""
    sizes = Counter(map(key, posts))
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    return {name: [post for post in posts if key(post) == name] for name in ordered}


def languages(data: Path) -> str:
    posts = read_posts(data)
    head = ["language", "posts", "recruitment", "separatism", "neither", "uncertain", "disguised", "twins"]
    parts = grouped(posts, lambda post: post["lang"])
    return markdown(head, [*([name, *counts(part)] for name, part in parts.items()), ["**all**", *counts(posts)]])


def categories(data: Path) -> str:
    parts = grouped(read_posts(data), lambda post: post["category"])
    return markdown(
        ["category", "posts", "recruitment", "separatism"],
        [[f"`{name}`", *counts(part)[:3]] for name, part in parts.items()],
    )


def lengths(data: Path) -> str:
    posts = read_posts(data)
    rows = []
    for low, high in LENGTHS:
        part = [post for post in posts if low <= len(post["text"]) < high]
        name = f"{low} and more" if high == LENGTHS[-1][1] else f"{low} to {high - 1}"
        rows.append([name, *counts(part)[:4]])
    return markdown(["characters", "posts", "recruitment", "separatism", "neither"], rows)


def means(data: Path) -> str:
    parts = grouped([post for post in read_posts(data) if post["means"]], lambda post: post["means"])
    return markdown(["means", "posts"], [[name, len(part)] for name, part in parts.items()])


def mixtures(data: Path) -> str:
    posts = read_labelled([str(path) for path in sorted((data / "posts").glob("*.csv"))], Schema())
    return markdown(
        ["language", "with words of", "share of its posts"],
        [[one, other, f"{share:.0%}"] for one, other, share in mixed_share(posts)],
    )


def readings(data: Path) -> str:
    """Agreement of the first and the second reading, before anything was decided; a blank is a judgement too."""
    with (data / "checks" / "second-reading.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = []
    for name in ("recruitment", "separatism", "means"):
        both = [row for row in rows if name != "means" or row["separatism"] == row["first_separatism"] == "1"]
        kinds = sorted({row[column] for row in both for column in (name, f"first_{name}")})
        first, second = (
            np.array([kinds.index(row[column]) for row in both], float) for column in (f"first_{name}", name)
        )
        kappa = partial(agreed, first, second)
        low, high = resampled(kappa, np.arange(len(both)), 0)
        same = int((first == second).sum())
        figures = f"{kappa(np.ones(len(both))):.3f} [{low:.3f}–{high:.3f}]"
        shown.append([f"`{name}`", len(both), same, figures])
    return markdown(["judged", "posts", "agreed", "κ"], shown)


def agreed(first: Floats, second: Floats, weights: Floats) -> float:
    return cohen_kappa(first, second, weights)


TABLES: dict[str, Callable[[Path], str]] = {
    "languages": languages,
    "categories": categories,
    "lengths": lengths,
    "means": means,
    "mixtures": mixtures,
    "readings": readings,
}


def brought_up_to_date(readme: str, data: Path) -> str:
    """The datasheet with every table between its marks."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
        assert readme.count(begin) == readme.count(end) == 1, name
        start, stop = readme.index(begin) + len(begin), readme.index(end)
        readme = readme[:start] + table(data) + readme[stop:]
    assert set(re.findall(r"<!-- (\w+): begin -->", readme)) == set(TABLES)
    return readme
