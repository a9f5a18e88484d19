"""Optional means optional: with an extra's libraries hidden, the rest works and the message says what to install."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
JOBS = ("files", "training", "postgres", "service")
HIDER = """
import sys
hidden = set(sys.argv.pop(1).split(","))
class Hider:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hider)
from service.cli import main
main()
"""


def modules_of(extra: str) -> set[str]:
    distributions = {
        requirement.partition(">=")[0].partition("[")[0].replace("-", "_").lower() for requirement in EXTRAS[extra]
    }
    found = packages_distributions().items()
    return {module for module, names in found if distributions & {name.replace("-", "_").lower() for name in names}}


def clarion(*arguments: str | Path, hide: tuple[str, ...], cwd: Path) -> subprocess.CompletedProcess[str]:
    hidden = ",".join(sorted(set().union(*map(modules_of, hide))))
    command = [sys.executable, "-c", HIDER, hidden, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_extras_are_those_that_are_hidden() -> None:
    assert {*JOBS, "all"} == set(EXTRAS)
    assert all(modules_of(extra) for extra in JOBS)


def test_help_needs_no_extra(tmp_path: Path) -> None:
    run = clarion("--help", hide=JOBS, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert {"score", "explain", "train", "evaluate", "check", "serve"} <= set(run.stdout.split())


def test_help_is_light() -> None:
    heavy = "numpy numba sklearn scipy pandas pyarrow fastapi uvicorn yaml"
    code = f"import sys, service.cli; print(*sorted(set({heavy!r}.split()) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("hide", [JOBS, ("training",), ("service",)])
def test_scoring_needs_no_extra(hide: tuple[str, ...], bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text("id,text\n1,Join our unit and write me in private\n", encoding="utf-8")
    run = clarion("score", "posts.csv", "--model", bundle, "--out", "scored.csv", hide=hide, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "recruitment_flagged" in (tmp_path / "scored.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("extra", "arguments"),
    [
        ("files", ("score", "posts.parquet", "--out", "scored.csv")),
        ("training", ("train", "--out", "models/new")),
        ("service", ("serve",)),
    ],
)
def test_a_hidden_extra_is_named(extra: str, arguments: tuple[str, ...], bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "posts.parquet").touch()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "current").symlink_to(bundle)
    run = clarion(*arguments, hide=(extra,), cwd=tmp_path)
    assert run.returncode == 2
    assert f'pip install "clarion[{extra}]"' in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr
