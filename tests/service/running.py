"""Starts the real service as a process of its own, on a free loopback port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass
class Running:
    """A running service: where it is, and what it wrote before it was ready."""

    url: str
    process: subprocess.Popen[str]
    greeting: str
    rest: str = field(default="")

    def stop(self, how: int = signal.SIGINT) -> int:
        """Interrupt it and wait for its end."""
        self.process.send_signal(how)
        _, self.rest = self.process.communicate(timeout=60)
        return self.process.returncode


@contextmanager
def running(*arguments: str, cwd: Path, **environment: str) -> Iterator[Running]:
    """Serve for as long as the block lasts."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", *arguments]
    root = str(Path(__file__).parents[2])
    variables = os.environ | {"PYTHONPATH": root} | environment
    process = subprocess.Popen(command, cwd=cwd, env=variables, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        greeting = "".join(_until_greeted(process.stderr))
        found = re.search(r"http://\S+:\d+", greeting)
        assert found, greeting
        yield Running(found[0], process, greeting)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _until_greeted(stream: IO[str]) -> Iterator[str]:
    for line in stream:
        yield line
        if line.lstrip().startswith("stop"):
            return
