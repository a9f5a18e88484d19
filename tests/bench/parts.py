"""The parts of the bench: which pieces take turns, what their figures are called, and what is aimed at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.bench.machine import cores
from tests.bench.posts import ALPHABETS, WORDS, read_posts, write_table
from tests.bench.rounds import Measured, Piece, measure
from tests.bench.scoring import SIZES
from tests.bench.table import Row, show

READERS = 8


@dataclass(frozen=True)
class Bench:
    """What every part works with: labelled files, the bundle trained on them, posts to score, room for files.

    `queued` posts wait in `database`, an SQLite file among the others unless one is named.
    """

    files: list[str]
    bundle: str
    posts: str
    directory: str
    rows: int
    queued: int
    database: str | None = None

    def piece(self, what: str, cores: tuple[int, ...] = (-1,), **options: Any) -> Piece:
        """A piece of work that scores the posts with the bundle."""
        return Piece(what, {"bundle": self.bundle, "posts": self.posts} | options, cores)

    def path(self, name: str) -> Path:
        """Where a part keeps a file."""
        return Path(self.directory) / name


def scoring(bench: Bench) -> Iterator[Row]:
    """The same posts, beside what others would use."""
    labelled = {"files": bench.files, "posts": bench.posts}
    pieces = {"scikit-learn": Piece("scikit_learn", labelled)}
    if find_spec("fasttext"):
        pieces["fastText"] = Piece("fasttext", labelled | {"directory": bench.directory})
    else:
        show("  fastText is not installed (make bench tries to): not measured")
    arrays, whole = "clarion, probabilities as an array", "clarion, Score objects"
    found = measure(pieces | {arrays: bench.piece("arrays"), whole: bench.piece("objects", explain=False)})
    for name, measured in found.items():
        yield _rate(name, measured)
    for other, aim in (("scikit-learn", "≥ 25"), ("fastText", "≥ 3")):
        if other in found:
            yield Row(f"array, to {other}", found[arrays]["rate"] / found[other]["rate"], "x", aim)
            yield Row(f"Score objects, to {other}", found[whole]["rate"] / found[other]["rate"], "x")


def evidence(bench: Bench) -> Iterator[Row]:
    """What reasons cost."""
    without, within = "Score objects", "Score objects with evidence"
    found = measure({without: bench.piece("objects", explain=False), within: bench.piece("objects", explain=True)})
    for name, measured in found.items():
        yield _rate(name, measured)
    yield Row("with evidence, to without", found[within]["rate"] / found[without]["rate"], "x", "≥ 0.25")


def two_cores(bench: Bench) -> Iterator[Row]:
    """Two cores against one."""
    if len(cores()) < 2:
        show("  there are no two cores here to pin to: not measured")
        return
    one, two = "one thread, one core", (-2, -1)
    pieces = {one: bench.piece("arrays")}
    pieces |= {what: bench.piece(what.replace(" ", "_"), two) for what in ("two threads", "two processes")}
    found = measure(pieces)
    for name, measured in found.items():
        yield _rate(name, measured)
    for name in ("two threads", "two processes"):
        yield Row(f"{name}, to one", found[name]["rate"] / found[one]["rate"], "x", "≥ 1.7")


def one(bench: Bench) -> Iterator[Row]:
    """A single post a call."""
    found = measure({"one": bench.piece("one_post")})["one"]
    yield Row("a call with one post, median", found["median"], "µs", "≤ 80")
    yield Row("a call with one post, 99th percentile", found["p99"], "µs", "≤ 500")


def process(bench: Bench) -> Iterator[Row]:
    """The command line from start to finish, compiled before."""
    found = measure({"command": bench.piece("command", directory=bench.directory)})["command"]
    yield Row("clarion score of one post, whole process", found["seconds"], "s", "≤ 1.5")


def memory(bench: Bench) -> Iterator[Row]:
    """Resident memory along a file of many rows."""
    source = bench.path("many.csv")
    write_table(read_posts(bench.posts), bench.rows, source)
    options = {"bundle": bench.bundle, "source": str(source), "rows": bench.rows, "directory": bench.directory}
    # Once and at once: a repetition would start with what the first one left behind.
    found = measure({"file": Piece("score_file", options)}, repeats=1, warm=0)["file"]
    yield Row(f"clarion score, CSV of {bench.rows:,} rows", found["rate"], "posts/s")
    for when in ("at 10 %", "at 50 %", "at 100 %", "peak"):
        yield Row(f"resident memory, {when}", found[when], "MB", "≤ 400, flat" if when == "peak" else "")


def bundle(bench: Bench) -> Iterator[Row]:
    """The model on disk."""
    sizes = [path.stat().st_size for path in Path(bench.bundle).rglob("*") if path.is_file()]
    yield Row("bundle on disk", sum(sizes) / 1e6, "MB", "≤ 20")


def http(bench: Bench) -> Iterator[Row]:
    """The service, one worker on one core; the client has another if there is one."""
    found = measure({"web": bench.piece("web", (-2,))})["web"]
    yield Row("one post a request, scored", found["score"], "requests/s", more=_load(found, "score"))
    yield Row("one post a request, only validated", found["validate"], "requests/s", more=_load(found, "validate"))
    yield Row("scored, to validated", found["score"] / found["validate"], "x", "≥ 0.6")
    yield Row("batches of 1,000 posts", found["batches"], "posts/s", "≥ 15,000", _load(found, "batches"))


def long(bench: Bench) -> Iterator[Row]:
    """Long posts: the time of a character must not grow with the length."""
    for kind in (WORDS, *ALPHABETS):
        found = measure({kind: bench.piece("long_posts", kind=kind)}, repeats=3)[kind]
        more = {f"{size:,}:": found[str(size)] for size in SIZES if str(size) in found}
        shortest, longest = (list(more.values())[place] for place in (0, -1))
        yield Row(kind, longest, "µs/character", "even", more | {"growth": longest / shortest})


def training(bench: Bench) -> Iterator[Row]:
    """Training on the files, on all cores as anybody would."""
    found = measure({"train": Piece("train", {"files": bench.files}, ())}, repeats=3, warm=0)["train"]
    yield Row(f"training on {found['posts']:,.0f} posts", found["seconds"], "s", more=_peak(found))


def queue(bench: Bench) -> Iterator[Row]:
    """Eight readers at a long queue: each with a second for a post, and then without a pause, as fast as it goes."""
    database = bench.database or f"sqlite:///{bench.path('queue.db')}"
    show(f"  {bench.queued:,} posts queued, readers {READERS}")
    steps = {"claim": "≤ 50", "open": "", "decide": "", "list": "≤ 50"}
    for think, whose in ((1.0, "a second each"), (0.0, "no pause")):
        options = {"database": database, "queued": bench.queued, "think": think, "readers": READERS}
        found = measure({"queue": bench.piece("queue", (), **options)}, repeats=1, warm=0)["queue"]
        for step, aim in steps.items():
            more = {name: found[f"{step} {name}"] for name in ("median", "longest")}
            yield Row(f"{step}, p95, {whose}", found[f"{step} p95"], "ms", aim if think else "", more)
        yield Row(f"decisions, {whose}", found["decided"], "a second")


def _rate(name: str, measured: Measured) -> Row:
    return Row(name, measured["rate"], "posts/s", more={"µs/post": 1e6 / measured["rate"]} | _peak(measured))


def _load(measured: Measured, name: str) -> dict[str, float]:
    # The rates of a service that waits for something, and is not busy all the time, say nothing of its work.
    return {"% busy": measured[f"{name} busy"]} if f"{name} busy" in measured else {}


def _peak(measured: Measured) -> dict[str, float]:
    return {"MB at peak": measured["megabytes"]}


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "scoring": scoring,
    "evidence": evidence,
    "cores": two_cores,
    "one": one,
    "process": process,
    "memory": memory,
    "bundle": bundle,
    "http": http,
    "long": long,
    "training": training,
    "queue": queue,
}
