"""Runs what the documentation shows: console blocks in a shell, pycon blocks in Python.

In a console block, each line after `$ ` (continued by `> `) is typed into a shell in a directory of the document's own,
and the lines below it are what it prints; `...` stands for anything, within a line or for whole lines. A block headed
by a file name, such as `csv posts.csv`, is written there first. `make docs` puts the real output into the documents.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^```(?P<head>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "127.0.0.1:8000"
DECIMAL = re.compile(r"(?<![\d.])[-+]?\d+\.\d+(?![\d.]|\+)")  # neither an address nor a version


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the rest of its head, its text and where it starts."""

    language: str
    title: str
    body: str
    start: int


@dataclass
class Step:
    """One command and the lines shown below it."""

    command: str
    typed: list[str]
    shown: list[str] = field(default_factory=list)


def blocks(markdown: str) -> Iterator[Block]:
    for match in FENCE.finditer(markdown):
        language, _, title = match["head"].strip().partition(" ")
        yield Block(language, title.strip(), match["body"], match.start("body"))


def steps(body: str) -> list[Step]:
    found: list[Step] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append(Step(line[2:], [line]))
        elif line.startswith("> ") and found and not found[-1].shown:
            found[-1].command += "\n" + line[2:]
            found[-1].typed.append(line)
        elif found:
            found[-1].shown.append(line)
        else:
            raise ValueError(f"a console block starts with output: {line!r}")
    return found


def matches(shown: list[str], real: list[str]) -> bool:
    """Whether output is as shown, `...` standing for anything and decimals being as good as equal."""
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else line_pattern(line) + r"\n" for line in shown)
    found = re.fullmatch(pattern, "".join(line + "\n" for line in real))
    written = [number for line in shown if line.strip() != "..." for number in DECIMAL.findall(line)]
    return found is not None and all(map(close, written, found.groups()))


def line_pattern(line: str) -> str:
    """Regular expression of one line; each decimal is a group of its own."""
    parts = DECIMAL.split(line)
    escaped = [".*".join(map(re.escape, part.split("..."))) for part in parts]
    return r"([-+]?\d+\.\d+(?:e-?\d+)?)".join(escaped)


def close(shown: str, real: str) -> bool:
    """Equal but for the last place shown, three at most: other processors and libraries differ far behind it."""
    places = min(3, len(shown.partition(".")[2]))
    return abs(float(shown) - float(real)) <= 1.01 * 10**-places


class Shell:
    """Types commands as a reader would, in one directory, remembering the last exit code."""

    def __init__(self, directory: Path, address: str = ADDRESS) -> None:
        self.directory = directory
        self.address = address
        self.status = 0
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLARION_", "PYTHON"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = kept | {"PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8"}

    def type(self, command: str) -> list[str]:
        line = f"(exit {self.status}); {command.replace(ADDRESS, self.address)}"
        run = subprocess.run(
            ["bash", "-c", line],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            encoding="utf-8",
        )
        self.status = run.returncode
        output = run.stdout.replace(self.address, ADDRESS).replace(str(self.directory), "~")
        return [part.rstrip() for part in output.splitlines()]


def play(markdown: str, shell: Shell) -> Iterator[tuple[Block, Step, list[str]]]:
    """Run a document's blocks in order; yields each command with what it really printed."""
    for block in blocks(markdown):
        if block.language == "console":
            for step in steps(block.body):
                yield block, step, shell.type(step.command)
        elif block.title:
            (shell.directory / block.title).write_text(block.body, encoding="utf-8")


def refreshed(markdown: str, shell: Shell) -> str:
    """The document with its outputs as they really are; lines that match by `...` are left."""
    bodies: dict[Block, list[str]] = {}
    for block, step, real in play(markdown, shell):
        shown = step.shown if matches(step.shown, real) else _keep_wildcards(step.shown, real)
        bodies.setdefault(block, []).extend([*step.typed, *shown])
    for block, lines in sorted(bodies.items(), key=lambda item: -item[0].start):
        text = "".join(line + "\n" for line in lines)
        markdown = markdown[: block.start] + text + markdown[block.start + len(block.body) :]
    return markdown


def _keep_wildcards(shown: list[str], real: list[str]) -> list[str]:
    wild = [line for line in shown if "..." in line and line.strip() != "..."]
    return [next((line for line in wild if matches([line], [now])), now) for now in real]
