"""Small models with random weights, and the command line of this floor as a person types it."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from classifier import Classifier
from classifier.cli import app
from classifier.cues import CueSet
from classifier.terminal import run
from tests.classifier.commands import Ended
from tests.classifier.making import cue_set, made_classifier, write_made

Command = Callable[..., Ended]


@pytest.fixture
def clarion(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
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


@pytest.fixture(scope="session")
def cues() -> CueSet:
    """Three small cues."""
    return cue_set()


@pytest.fixture(scope="session")
def made() -> Classifier:
    """Two independent labels, random weights."""
    return made_classifier()


@pytest.fixture(scope="session")
def exclusive() -> Classifier:
    """Three classes, of which a post has one."""
    return made_classifier(labels=("against", "neutral", "favour"), exclusive=True)


@pytest.fixture(scope="session")
def made_bundle_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model `made` on disk; not to be changed."""
    return write_made(tmp_path_factory.mktemp("made") / "bundle")
