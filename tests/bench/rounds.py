"""Ask pieces of work to repeat, in turns, and take the medians."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from types import TracebackType
from typing import Any, Self

from tests.bench.machine import ROOT

Measured = dict[str, float]
Repeat = Callable[[], Measured]


class PieceError(Exception):
    """A piece of work ended before it answered; what it said of that is on standard error."""


@dataclass(frozen=True)
class Piece:
    """A piece of work of `tests.bench.work`, its options, and the cores it may use (all of them if none are named)."""

    what: str
    options: Mapping[str, Any] = field(default_factory=dict)
    cores: Sequence[int] = (-1,)


class Worker:
    """The process of a piece, ready to repeat it."""

    def __init__(self, piece: Piece) -> None:
        arguments = [piece.what, json.dumps(piece.cores), json.dumps(piece.options)]
        self._what = piece.what
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.work", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self.ready()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()

    def ready(self) -> Self:
        """Wait until it can be asked."""
        self._line()
        return self

    def ask(self) -> None:
        """Start a repetition."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def answer(self) -> Measured:
        """Wait for what a repetition measured."""
        measured: Measured = json.loads(self._line())
        return measured

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PieceError(f"{self._what} ended before it answered")
        return line


def measure(pieces: Mapping[str, Piece], repeats: int = 5, warm: int = 1) -> dict[str, Measured]:
    """Medians of what each piece measured; the first `warm` rounds do not count."""
    answers: dict[str, list[Measured]] = {name: [] for name in pieces}
    with ExitStack() as stack:
        workers = {name: stack.enter_context(Worker(piece)) for name, piece in pieces.items()}
        for _ in range(warm + repeats):
            for name, worker in workers.items():
                worker.ask()
                answers[name].append(worker.answer())
    return {name: medians(found[warm:]) for name, found in answers.items()}


def medians(answers: Sequence[Measured]) -> Measured:
    """Median of each figure that every repetition measured."""
    names = [name for name in answers[0] if all(name in answer for answer in answers)]
    return {name: median(answer[name] for answer in answers) for name in names}


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rated(work: Callable[[], object], posts: int) -> Repeat:
    """A repetition that measures posts per second."""
    return lambda: {"rate": posts / seconds(work)}
