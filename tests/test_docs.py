"""Documentation is tested: what it shows is run, what exists is mentioned, where it points to is there."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.datasheet import brought_up_to_date
from tests.snippets import ADDRESS, Shell, blocks, matches, play, refreshed

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")])
SHOWING = [path for path in DOCUMENTS if re.search(r"^```(console|pycon)", path.read_text("utf-8"), re.MULTILINE)]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(markdown: str, heading: str) -> str:
    """The text below a heading, up to the next one of its level or above."""
    head = re.search(rf"^(#+) {re.escape(heading)}$", markdown, re.MULTILINE)
    assert head, f"there is no heading {heading!r}"
    rest = markdown[head.end() :]
    end = re.search(rf"^#{{1,{len(head[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def anchors(path: Path) -> set[str]:
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# What it shows is run.


@pytest.fixture(scope="module")
def shipped_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle trained as a reader would: from the shipped posts."""
    directory = tmp_path_factory.mktemp("shipped") / "bundle"
    command = [sys.executable, "-m", "service", "train", "--out", str(directory)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return directory


@pytest.fixture(scope="module")
def address(shipped_bundle: Path) -> Iterator[str]:
    """Where `clarion serve` answers, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "service", "serve", "--port", str(port), "--bundle", str(shipped_bundle)]
    with subprocess.Popen(command, cwd=shipped_bundle, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_ready(server, f"http://127.0.0.1:{port}/health/ready")
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_until_ready(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(600):
        assert server.poll() is None, "the service stopped"
        try:
            with urllib.request.urlopen(url):  # noqa: S310 - a loopback address
                return
        except urllib.error.HTTPError as error:
            error.close()
        except urllib.error.URLError:
            pass
        time.sleep(0.1)
    pytest.fail("the service did not become ready")


@pytest.fixture
def desk(tmp_path: Path, shipped_bundle: Path) -> Path:
    """A reader's directory: nothing in it but a model."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "current").symlink_to(shipped_bundle)
    return tmp_path


@pytest.mark.slow
@pytest.mark.skipif(
    not shutil.which("curl") and os.environ.get("CI") != "true", reason="the documents use curl: apt install curl"
)
@pytest.mark.parametrize("path", SHOWING, ids=name_of)
def test_snippets_print_what_is_shown(path: Path, desk: Path, address: str) -> None:
    markdown = path.read_text("utf-8")
    if os.environ.get("REFRESH_DOCS"):
        path.write_text(refreshed(markdown, Shell(desk, address)), "utf-8")
        return
    wrong = [
        f"$ {step.command}\n" + "\n".join(real)
        for _, step, real in play(markdown, Shell(desk, address))
        if not matches(step.shown, real)
    ]
    assert not wrong, "these print something else (`make docs` puts it in):\n\n" + "\n\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("path", SHOWING, ids=name_of)
def test_python_snippets_are_true(path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    code = "\n".join(block.body for block in blocks(path.read_text("utf-8")) if block.language == "pycon")
    test = doctest.DocTestParser().get_doctest(code, {}, path.name, str(path), 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test, out=report.append)
    assert not report, "".join(report)


@pytest.mark.slow
def test_the_shipped_bundle_may_be_released(shipped_bundle: Path) -> None:
    command = [sys.executable, "-m", "service", "gate", str(shipped_bundle)]
    run = subprocess.run(command, cwd=shipped_bundle, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "not applied: no bundle to compare with" in run.stdout


@pytest.mark.parametrize(
    ("shown", "real", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a...c"], ["abc"], True),
        (["a", "..."], ["a", "b", "c"], True),
        (["...", "c"], ["a", "b", "d"], False),
        ([], ["a"], False),
        (["p 0.123456"], ["p 0.123457"], True),
        (["p 0.123456"], ["p 0.125456"], False),
    ],
)
def test_dots_stand_for_anything(shown: list[str], real: list[str], same: bool) -> None:
    assert matches(shown, real) is same


def test_real_output_replaces_what_is_wrong(tmp_path: Path) -> None:
    before = "```console\n$ echo one; echo id-7\ntwo\nid-...\n$ (exit 3)\n$ echo $?\n```\n"
    after = "```console\n$ echo one; echo id-7\none\nid-...\n$ (exit 3)\n$ echo $?\n3\n```\n"
    assert refreshed(before, Shell(tmp_path)) == after


# What exists is mentioned.


def commands() -> dict[str, list[str]]:
    """Every command with the options it takes."""
    from typer.main import get_command

    from service.cli import app

    return {
        name: [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        for name, command in leaves(get_command(app))
    }


def leaves(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Commands with their full names, those of groups within the group included."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield before + name, command


def test_every_command_and_option_is_described() -> None:
    found = commands()
    assert found
    for command, options in found.items():
        text = section(read("docs/cli.md"), f"`clarion {command}`")
        assert [option for option in options if f"`{option}" not in text] == [], f"clarion {command}"


def test_no_command_is_described_that_is_not_there() -> None:
    assert set(re.findall(r"^### `clarion (.+)`$", read("docs/cli.md"), re.MULTILINE)) == set(commands())


def test_every_route_is_described(bundle: Path) -> None:
    from service.app import create_app
    from service.settings import Settings

    paths = create_app(Settings(bundle=bundle)).openapi()["paths"]
    operations = {f"`{method.upper()} {path}`" for path, methods in paths.items() for method in methods}
    assert operations
    assert set(re.findall(r"^### (`[A-Z]+ /\S*`)$", read("docs/api.md"), re.MULTILINE)) == operations


def test_every_problem_is_described() -> None:
    from service.api.problems import Kind

    text = section(read("docs/api.md"), "Errors")
    assert [kind.slug for kind in Kind if f"`{kind.slug}` | {kind.status}" not in text] == []


def test_every_setting_is_described() -> None:
    from service.settings import Settings

    described = set(re.findall(r"^\| `CLARION_(\w+)` \|", read("docs/service.md"), re.MULTILINE))
    assert described == {name.upper() for name in Settings.model_fields}


def test_every_metric_is_described() -> None:
    from service.metrics import Metrics

    names = {family.name for family in Metrics().registry.collect()}
    assert names
    assert [name for name in sorted(names) if f"`{name}" not in read("docs/service.md")] == []


def test_every_make_target_is_described() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE)
    assert [target for target in targets if f"`make {target}`" not in read("CONTRIBUTING.md")] == []


def test_every_dependency_is_accounted_for() -> None:
    import tomllib

    project = tomllib.loads(read("pyproject.toml"))
    extras = project["project"]["optional-dependencies"]
    named = [*project["project"]["dependencies"], *(entry for extra in extras.values() for entry in extra)]
    named += [entry for group in project["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    names = {re.split(r"[\[<>=]", entry)[0] for entry in named} - {"clarion"}
    assert [name for name in sorted(names) if f"**{name}**" not in read("docs/decisions.md")] == []


def test_datasheet_counts_the_posts() -> None:
    readme = read("data/README.md")
    current = brought_up_to_date(readme, ROOT / "data")
    if os.environ.get("REFRESH_DOCS"):
        (ROOT / "data" / "README.md").write_text(current, "utf-8")
        return
    assert readme == current, "`make docs` counts them anew"


# Where it points to is there.


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_resolve(path: Path) -> None:
    broken = []
    for target in LINK.findall(CODE.sub("", path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        destination = (path.parent / file).resolve() if file else path
        if not destination.exists() or (anchor and anchor not in anchors(destination)):
            broken.append(target)
    assert broken == []


def test_every_document_is_reachable_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.suffix != ".md" or not path.exists():
            continue
        seen.add(path)
        targets = (target.partition("#")[0] for target in LINK.findall(CODE.sub("", path.read_text("utf-8"))))
        waiting += [(path.parent / target).resolve() for target in targets if target and ":" not in target]
    assert [name_of(path) for path in DOCUMENTS if path not in seen] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_documents_do_not_name_people_by_a_flag(path: Path) -> None:
    assert ADDRESS.startswith("127.")
    assert not re.search(r"\b(a|the|is|are) (separatists?|extremists?)\b", path.read_text("utf-8").lower())
