"""The house has three floors: imports go down only, never in circles, and each floor knows only its own libraries."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW = {
    "classifier": {"classifier"},
    "training": {"classifier", "training"},
    "service": {"classifier", "training", "service"},
}
CORE = {"numba", "numpy", "rich", "typer", "yaml"}
LIBRARIES = {
    "classifier": CORE | {"llvmlite", "pyarrow"},
    "training": CORE
    | {"jinja2", "joblib", "markupsafe", "matplotlib", "pandas", "rensa", "scipy", "sklearn", "threadpoolctl"},
    "service": CORE
    | {
        "alembic",
        "anyio",
        "argon2",
        "babel",
        "fastapi",
        "jinja2",
        "markdown_it",
        "markupsafe",
        "prometheus_client",
        "pydantic",
    }
    | {"pydantic_settings", "sqlalchemy"}
    | {"starlette", "structlog", "uvicorn"},
}
EXTRAS_ONLY = {"joblib", "matplotlib", "pandas", "pyarrow", "rensa", "scipy", "sklearn"}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for floor in BELOW
    for path in sorted((ROOT / floor).rglob("*.py"))
}


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def statements(node: ast.AST, *, deep: bool) -> Iterator[ast.AST]:
    """Walk a module: deep looks into functions, otherwise only at what runs on import."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child) or (not deep and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)):
            continue
        yield child
        yield from statements(child, deep=deep)


def imported(path: Path, *, deep: bool) -> set[str]:
    names: set[str] = set()
    for node in statements(ast.parse(path.read_text(encoding="utf-8")), deep=deep):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            names.update(full if (full := f"{base}.{alias.name}") in MODULES else base for alias in node.names)
    return names


def test_there_are_modules_to_look_at() -> None:
    assert {name.partition(".")[0] for name in MODULES} == set(BELOW)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    floor = module.partition(".")[0]
    above = {
        name for name in imported(MODULES[module], deep=True) if name.partition(".")[0] in set(BELOW) - BELOW[floor]
    }
    assert not above, f"{module} stands below what it imports"


@pytest.mark.parametrize("module", MODULES)
def test_libraries_are_those_of_the_floor(module: str) -> None:
    floor = module.partition(".")[0]
    foreign = {name.partition(".")[0] for name in imported(MODULES[module], deep=True)} - set(BELOW)
    assert foreign - set(sys.stdlib_module_names) - LIBRARIES[floor] == set()


@pytest.mark.parametrize("module", [name for name in MODULES if name.endswith(("cli", "__main__", "__init__"))])
def test_command_line_modules_start_without_extras(module: str) -> None:
    heavy = EXTRAS_ONLY | {"fastapi", "numba", "numpy", "starlette", "uvicorn"}
    assert {name.partition(".")[0] for name in imported(MODULES[module], deep=False)} & heavy == set()


def test_no_circles() -> None:
    graph = {module: imported(path, deep=False) & MODULES.keys() - {module} for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports go in a circle: {' <- '.join(error.args[1])}")


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_small(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= 400
