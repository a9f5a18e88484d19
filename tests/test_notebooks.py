"""Notebooks run from top to bottom, and are stored without what they printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(path: Path) -> list[dict[str, Any]]:
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["nbformat"] == 4
    return list(notebook["cells"])


def test_there_are_notebooks() -> None:
    assert [path.name for path in NOTEBOOKS] == ["clarion.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_no_output_is_stored(path: Path) -> None:
    for cell in cells(path):
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = "".join("".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(([^)#]+)", text)
    assert links
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_runs_from_top_to_bottom(path: Path, bundle: Path, tmp_path: Path) -> None:
    """In a directory beside the models, as in a checkout, and leaves nothing there."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "current").symlink_to(bundle)
    home, drafts = tmp_path / "notebooks", tmp_path / "drafts"
    home.mkdir()
    drafts.mkdir()
    code = "\n\n".join("".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code")
    variables = os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg", "TMPDIR": str(drafts)}
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=home,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "largest difference over 628 posts: 0.000000" in ran.stdout
    assert list(home.iterdir()) == list(drafts.iterdir()) == []
