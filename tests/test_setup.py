"""Setting up says in plain words what is missing and what to type."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OLD = 'case "$*" in --version) echo Python 3.9.2;; *) exit 1;; esac'
BARE = 'case "$*" in *ensurepip*) exit 1;; *"%d.%d"*) echo 3.12;; *) exit 0;; esac'
BROWSER = ("chromium", "the browser tests", "chromium")


def program(directory: Path, name: str, script: str) -> Path:
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def sh(script: str, *arguments: str | Path, path: str = os.defpath, ci: str = "") -> subprocess.CompletedProcess[str]:
    command = [shutil.which("sh") or "sh", str(ROOT / "scripts" / script), *map(str, arguments)]
    return subprocess.run(command, env={"PATH": path, "CI": ci}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "was not found. Install Python 3.11 or newer (on Debian or Ubuntu: apt install python3 python3-venv)"),
        (OLD, "Python 3.9.2 is too old: Clarion needs Python 3.11 or newer."),
        (BARE, "On Debian or Ubuntu: apt install python3.12-venv"),
    ],
    ids=["no Python", "an old Python", "no venv"],
)
def test_an_unfit_python_is_named(script: str | None, said: str, tmp_path: Path) -> None:
    python = program(tmp_path, "python", script) if script else tmp_path / "python"
    run = sh("venv.sh", python, tmp_path / "venv")
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_missing_browser_is_a_failure_in_ci_only(ci: str, code: int, tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 1000")
    run = sh("program.sh", *BROWSER, path=str(tmp_path), ci=ci)
    assert run.returncode == code
    assert "the browser tests are skipped. On Debian or Ubuntu: apt install chromium" in run.stderr


def test_a_browser_that_is_there_is_taken(tmp_path: Path) -> None:
    program(tmp_path, "chromium", "exit 0")
    run = sh("program.sh", *BROWSER, path=str(tmp_path), ci="true")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_root_gets_a_browser_from_debian(tmp_path: Path) -> None:
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/asked')
    assert sh("program.sh", *BROWSER, path=str(tmp_path), ci="true").returncode == 0
    assert (tmp_path / "asked").read_text("utf-8").splitlines()[0].startswith("update")


def test_make_help_names_every_command() -> None:
    make = shutil.which("make")
    assert make
    run = subprocess.run([make, "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    commands = [line.split()[1] for line in run.stdout.splitlines()]
    assert {"help", "install", "run", "test", "lint", "bench", "clean", "lock"} <= set(commands)


def test_requirements_name_no_host_and_no_machine() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text("utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert all("--hash=sha256:" in entry for entry in text.split("\n\n") if "==" in entry)
