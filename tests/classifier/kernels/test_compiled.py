"""Compiled code is kept on disk, and never served stale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import NumbaError

from classifier.kernels import compiled
from classifier.kernels.compiled import cache_directory


def directory_for(package: Path, monkeypatch: pytest.MonkeyPatch) -> str | None:
    monkeypatch.setattr(compiled, "__file__", str(package / "kernels" / "compiled.py"))
    return cache_directory.__wrapped__()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    source = Path(compiled.__file__).parents[1]
    copy = tmp_path / "classifier"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "*.npz"))
    return copy


@pytest.mark.parametrize("changed", ["kernels/letters.py", "kernels/typed.py", "foldtable.py"])
def test_a_change_in_any_source_of_the_loops_gives_another_cache(
    package: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = directory_for(package, monkeypatch)
    assert directory_for(package, monkeypatch) == before
    with (package / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert directory_for(package, monkeypatch) != before


def refuse_writing(monkeypatch: pytest.MonkeyPatch, *places: Path) -> None:
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not Path(path).is_relative_to(places[0]) and real(path, mode))
    for place in places[1:]:
        place.write_bytes(b"no directory can be made here")


def test_where_the_package_cannot_be_written_the_cache_is_in_the_home(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    refuse_writing(monkeypatch, package)
    assert Path(directory_for(package, monkeypatch) or "").parent == tmp_path / "cache" / "clarion"


def test_where_nothing_can_be_written_nothing_is_kept(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    refuse_writing(monkeypatch, package, tmp_path / "file")
    assert directory_for(package, monkeypatch) is None
    monkeypatch.setattr(compiled, "cache_directory", lambda: None)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    assert compiled.compiled(lambda number: number + 1)(1) == 2


def test_the_callers_own_compiled_functions_keep_their_cache(tmp_path: Path) -> None:
    code = "from numba import config; d = config.CACHE_DIR; import classifier.model; print(config.CACHE_DIR == d)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "True"


def test_a_compiled_function_that_makes_an_array_is_refused_and_one_that_allocates_is_not() -> None:
    @compiled.allocating
    def made(size: int) -> np.ndarray:
        return np.zeros(size)

    @compiled.compiled
    def refused(size: int) -> np.ndarray:
        return np.zeros(size)

    assert made(3).tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(NumbaError, match="zeros"):
        refused(3)


def test_a_function_that_makes_arrays_does_so_whoever_calls_it_first() -> None:
    @compiled.allocating
    def total(size: int) -> float:
        return np.ones(size).sum()

    @compiled.compiled
    def first(size: int) -> float:
        return total(size) + 1

    assert first(3) == 4.0
    assert total(3) == 3.0
