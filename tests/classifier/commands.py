"""The command line as a process of its own, for what only a real process shows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.commands import Ended

ROOT = Path(__file__).parents[2]


def start(*arguments: object, **how: object) -> subprocess.Popen[bytes]:
    """Start `python -m classifier ...` as a process of its own, warnings being errors."""
    command = [sys.executable, "-W", "error", "-m", "classifier", *map(str, arguments)]
    # unbuffered output would hide what is still to be written when a command ends
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment | {"PYTHONPATH": str(ROOT)}}
    # where this test runs in the background, the interrupt signal may be ignored, and children would inherit that
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, **(settings | how))  # type: ignore[call-overload,no-any-return]
    finally:
        signal.signal(signal.SIGINT, before)


def ended(process: subprocess.Popen[bytes], typed: bytes | None = None) -> Ended:
    """Wait for its end."""
    out, err = process.communicate(typed, timeout=120)
    return Ended(process.returncode, (out or b"").decode(), (err or b"").decode())
