"""`python -m tests.bench.scale [SIZE ...] [--million]`: what training costs as posts grow in number.

Posts are made from words of those that ship, and `clarion train` learns from them in a process of its own, on one core.
Merges what it measures into docs/figures/scale.json, draws scale.svg and writes the table of docs/training.md.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.bench.machine import ROOT, pin
from training.posts import read_posts
from training.schema import Schema
from training.shipped import post_files
from training.streamed import LARGE
from training.study.plot import SALT
from training.study.tables import DASH, brought_up_to_date, table

SIZES: Final = (10_000, 100_000)
MILLION: Final = 1_000_000
LONG: Final = 160  # characters of a post
LABEL: Final = "call"
POSITIVE: Final = 0.2  # share of the posts
DOCS: Final = ROOT / "docs"
FIGURES: Final = DOCS / "figures" / "scale.json"
IN_MEMORY: Final = "all n-grams in memory, five folds, strength of regularisation chosen"
STREAMED: Final = "piece by piece, a fifth held out"
BYTES: Final = 1 if sys.platform == "darwin" else 1024  # of one unit of ru_maxrss

Point = Mapping[str, Any]


def vocabularies() -> tuple[list[str], list[str]]:
    """Words of all shipped posts as often as they stand there, and of those that have a label."""
    posts = read_posts(post_files(), Schema())
    appeals = (posts.frame[list(posts.labels)] == 1).any(axis=1)
    everything, some = (
        [word for text in texts for word in text.split()] for texts in (posts.texts, posts.frame["text"][appeals])
    )
    return everything, some


def rows(count: int, everything: Sequence[str], some: Sequence[str], seed: int = 0) -> Iterator[tuple[str, str, int]]:
    """Made-up posts: id, text and label. Those with the label take every second word from `some`."""
    dice = random.Random(seed)  # noqa: S311 - the same posts every time is the point
    for number in range(count):
        label = int(dice.random() < POSITIVE)
        words, size = [], 0
        while size < LONG:
            words.append(dice.choice(some if label and dice.random() < 0.5 else everything))
            size += len(words[-1]) + 1
        yield f"m{number}", " ".join(words), label


def write_rows(path: Path, count: int) -> None:
    """Made-up posts as a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", LABEL])
        writer.writerows(rows(count, *vocabularies()))


def measured(count: int, directory: Path) -> dict[str, Any]:
    """What training on so many made-up posts costs."""
    file = directory / "made.csv"
    # in a process of its own too: what this one once held would be counted as the memory of what it starts
    subprocess.run([sys.executable, "-m", "tests.bench.scale", "--write", file, str(count)], cwd=ROOT, check=True)
    command = [sys.executable, "-m", "service", "train", str(file), "--labels", LABEL, "--out", str(directory / "m")]
    start = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"training on {count} posts ended with exit code {process.returncode}")
    return {
        "posts": count,
        "processor": round(usage.ru_utime + usage.ru_stime, 1),
        "clock": round(time.monotonic() - start, 1),
        "memory": round(usage.ru_maxrss * BYTES / 1e9, 2),
        "made_of": "words of the shipped posts",
    }


def merged(points: Sequence[Point], new: Sequence[Point]) -> list[Point]:
    """Points by size; of one size, the new one."""
    return [one for _, one in sorted({one["posts"]: one for one in (*points, *new)}.items())]


def spaced(number: int) -> str:
    """A number with spaces between thousands."""
    return f"{number:,}".replace(",", " ")


def scale_table(points: Sequence[Point]) -> str:
    """Every point as it was measured."""
    lines = [
        [
            spaced(one["posts"]),
            f"{one['processor']:.0f} s",
            f"{one['clock']:.0f} s" if one["clock"] else DASH,
            f"{one['memory']:.1f} GB",
            IN_MEMORY if one["posts"] < LARGE else STREAMED,
            one["made_of"],
        ]
        for one in points
    ]
    return table(["posts", "processor time", "by the clock", "peak memory", "how", "posts made of"], lines)


def picture(points: Sequence[Point]) -> bytes:
    """Processor time and memory against posts, both axes logarithmic, the same bytes for the same figures."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": SALT, "svg.fonttype": "path"}):
        figure = Figure(figsize=(7, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        panel(left, points, "processor", "processor time, seconds", "o")
        panel(right, points, "memory", "peak memory, GB", "s")
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def panel(axes: Any, points: Sequence[Point], name: str, up: str, mark: str) -> None:
    """One figure of all points; the dotted line is where posts become too many to be kept as n-grams."""
    from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

    sizes, values = [one["posts"] for one in points], [one[name] for one in points]
    axes.loglog(sizes, values, marker=mark)
    axes.axvline(LARGE, color="0.5", linestyle=":")
    for size, value in zip(sizes, values, strict=True):
        axes.annotate(f"{value:g}", (size, value), (0, 7), textcoords="offset points", ha="center")
    axes.set_xticks(sizes, [spaced(size) for size in sizes])
    axes.set_ylim(10.0 ** math.floor(math.log10(min(values))), 10.0 ** math.ceil(math.log10(max(values))))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("posts learnt from")
    axes.set_ylabel(up)
    axes.margins(x=0.15)
    axes.grid(alpha=0.3)


def publish(points: Sequence[Point]) -> None:
    """Write figures, picture and table."""
    FIGURES.write_text(json.dumps({"points": points}, indent=1) + "\n", "utf-8")
    FIGURES.with_suffix(".svg").write_bytes(picture(points))
    document = DOCS / "training.md"
    document.write_text(brought_up_to_date(document.read_text("utf-8"), {"scale": scale_table(points)}), "utf-8")


def main() -> None:
    """Measure the sizes that were asked for and publish what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description="What training costs.")
    parser.add_argument("sizes", metavar="SIZE", type=int, nargs="*", help="how many posts; default: 10000 100000")
    parser.add_argument("--million", action="store_true", help="also a million posts: a quarter of an hour, 7 GB")
    parser.add_argument("--write", type=Path, metavar="FILE", help="only write posts of the first SIZE to this file")
    asked = parser.parse_args()
    sizes = [*(asked.sizes or SIZES), *([MILLION] if asked.million else [])]
    if asked.write:
        write_rows(asked.write, sizes[0])
        return
    pin([-1])
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            found = measured(size, Path(directory))
        print(found, flush=True)
        publish(merged(json.loads(FIGURES.read_text("utf-8"))["points"], [found]))


if __name__ == "__main__":
    main()
