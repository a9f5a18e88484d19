"""The wheel works where nothing of the checkout can be reached, and carries what it needs."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import classifier

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CLARION"))}
    finished = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished


def build(source: Path, kind: str, to: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", to, cwd=source)
    return next(to.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def contents(wheel: Path) -> frozenset[str]:
    return frozenset(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and, by a path file, the libraries tested here; not the checkout."""
    home = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home)
    python = home / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=home)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).stdout.strip()
    (Path(site) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == classifier.__version__
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8").replace("[", "").replace("]", "")


def test_wheel_carries_the_data(contents: frozenset[str]) -> None:
    shipped = [path for part in ("posts", "checks", "cues", "demo") for path in (ROOT / "data" / part).iterdir()]
    shipped += [ROOT / "data" / name for name in ("gate.yaml", "labelling-guide.md", "README.md", "LICENSE")]
    assert {f"training/_data/{path.relative_to(ROOT / 'data')}" for path in shipped} <= contents


def test_wheel_carries_the_page_and_the_types(contents: frozenset[str]) -> None:
    static = [path for path in (ROOT / "service" / "console").rglob("*") if path.suffix in {".html", ".css", ".js"}]
    assert static
    assert {str(path.relative_to(ROOT)) for path in static} <= contents
    assert {"classifier/confusables.csv", "classifier/fold.npz", "classifier/protected.yaml"} <= contents
    assert {f"{floor}/py.typed" for floor in ("classifier", "training", "service")} <= contents


def test_wheel_carries_nothing_else(contents: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in contents}
    assert tops == {"classifier", "training", "service", f"clarion-{classifier.__version__}.dist-info"}
    assert not [name for name in contents if "__pycache__" in name]


def test_source_archive_builds_the_same_wheel(contents: frozenset[str], tmp_path: Path) -> None:
    with tarfile.open(build(ROOT, "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    source = next((tmp_path / "source").iterdir())
    assert frozenset(zipfile.ZipFile(build(source, "wheel", tmp_path / "again")).namelist()) == contents


@pytest.mark.slow
def test_wheel_trains_and_scores_from_another_directory(elsewhere: Path, tmp_path: Path) -> None:
    python, clarion = elsewhere / "bin" / "python", elsewhere / "bin" / "clarion"
    where = run(python, "-c", "import classifier; print(classifier.__file__)", cwd=tmp_path).stdout
    assert Path(where.strip()).is_relative_to(elsewhere)

    run(clarion, "train", "--out", "models/current", cwd=tmp_path)
    (tmp_path / "posts.csv").write_text("id,text\n007,Join our unit and write me in private\n", encoding="utf-8")
    run(clarion, "score", "posts.csv", "--out", "scored.csv", cwd=tmp_path)
    with (tmp_path / "scored.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["id"] == "007"
    assert 0 < float(row["recruitment"]) < 1
    assert "recruitment" in run(clarion, "explain", "Join our unit", cwd=tmp_path).stdout
