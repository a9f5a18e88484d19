"""The command line as a person types it, in this process; the fixture `clarion` of conftest.py hands it out."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from classifier.terminal import run
from service.cli import app


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, what it printed, what it complained of."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


def commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Types `clarion ...`, with `typed` on standard input, and waits for its end."""

    def type_in(*arguments: object, typed: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["clarion", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(typed)), "utf-8"))
        with pytest.raises(SystemExit) as end:
            run(app)
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Ended(end.value.code, out, err)

    before = signal.getsignal(signal.SIGTERM)
    yield type_in
    signal.signal(signal.SIGTERM, before)
