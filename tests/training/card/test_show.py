"""`clarion card`, and what `clarion train` writes for it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from classifier import Classifier
from classifier.bundle import CARD, DATASHEET
from tests.commands import Command

ROOT = Path(__file__).parents[3]


@pytest.fixture
def trained(clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path) -> Path:
    about = tmp_path / "about.yaml"
    about.write_text("made_by: the desk | of a newsroom\ncollected: from our own comments\n", encoding="utf-8")
    ended = clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory, "--about", about)
    assert ended.code == 0
    return tmp_path / "m"


def test_a_pipe_gets_the_card_and_the_datasheet_as_they_are(clarion: Command, trained: Path) -> None:
    for option, name in (((), CARD), (("--datasheet",), DATASHEET)):
        ended = clarion("card", trained, *option)
        assert (ended.code, ended.out) == (0, (trained / name).read_text("utf-8"))
        assert ended.err == f"bundle {trained} {Classifier.load(trained).sha256}\n"


def test_what_the_maker_said_stands_in_both(clarion: Command, trained: Path) -> None:
    assert "| Made by | the desk \\| of a newsroom |" in clarion("card", trained).out
    assert "\n## Collection\n\nfrom our own comments\n" in clarion("card", trained, "--datasheet").out


def test_the_figures_are_the_manifests(clarion: Command, trained: Path) -> None:
    ended = clarion("card", trained, "--json")
    told, manifest = json.loads(ended.out), json.loads((trained / "manifest.json").read_text("utf-8"))
    assert (ended.code, ended.err, told.pop("sha256")) == (0, "", Classifier.load(trained).sha256)
    assert told == {name: manifest[name] for name in told}
    assert {"metrics", "profiles", "calibration", "training", "libraries"} < set(told)


def test_a_terminal_gets_it_laid_out(trained: Path) -> None:
    terminal, other_end = pty.openpty()
    command = [sys.executable, "-m", "training", "card", str(trained)]
    variables = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, env=variables, stdout=other_end, stderr=subprocess.PIPE, text=True) as process:
        os.close(other_end)
        seen = b""
        while part := read(terminal):
            seen += part
        assert process.wait() == 0
    os.close(terminal)
    assert b"Uses to avoid" in seen
    assert b"## Uses to avoid" not in seen
    assert b"\x1b[1" in seen  # bold
    assert b"|---" not in seen


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux tells that the other end is closed
        return b""


def test_a_bundle_without_a_card_says_so(clarion: Command, tiny: Path) -> None:
    ended = clarion("card", tiny)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"clarion: {tiny}: carries no card.md; train it anew, or see its figures with --json\n"
    assert clarion("card", tiny, "--json").code == 0


def test_a_card_that_was_changed_is_not_shown(clarion: Command, trained: Path) -> None:
    (trained / CARD).write_text("# Perfect\n", encoding="utf-8")
    ended = clarion("card", trained)
    assert (ended.code, ended.out) == (2, "")
    assert "card.md: damaged" in ended.err


def test_a_faulty_file_about_the_model_is_refused_before_anything_is_trained(
    clarion: Command, posts_file: Path, cue_directory: Path, tmp_path: Path
) -> None:
    about = tmp_path / "about.yaml"
    about.write_text("owner: me\n", encoding="utf-8")
    ended = clarion("train", posts_file, "--out", tmp_path / "m", "--cues", cue_directory, "--about", about)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"clarion: {about}, line 1: unknown field 'owner'; known: made_by, ")
    assert not (tmp_path / "m").exists()
