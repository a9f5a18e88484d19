"""The console script mounts every floor's commands."""

from __future__ import annotations

from typer.testing import CliRunner

from service.cli import app

COMMANDS = {"train", "evaluate", "check", "score", "explain", "cues", "serve"}


def test_commands_of_every_floor() -> None:
    run = CliRunner().invoke(app, ["--help"])
    assert run.exit_code == 0
    assert set(run.output.split()) >= COMMANDS


def test_serve_has_its_options() -> None:
    run = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    for option in ("--host", "--port", "--bundle", "--cues", "--log-level"):
        assert option in run.output
