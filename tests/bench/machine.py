"""The machine: which cores a process may use, and how much memory it holds."""

from __future__ import annotations

import os
import platform
import resource
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STATUS = Path("/proc/self/status")


def cores() -> list[int]:
    """Cores this process may use; empty where the system does not tell and nothing can be pinned."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def pin(places: Sequence[int]) -> None:
    """Keep this process, and what it starts, to some of its cores: -1 is the last one, -2 the one before.

    Before anything is imported that counts cores, such as numpy's BLAS.
    """
    if own := cores():
        os.sched_setaffinity(0, {own[max(place, -len(own))] for place in places})


def resident(peak: bool = False) -> float:
    """Megabytes this process holds, or the most it ever held.

    Not from `ru_maxrss` on Linux, which counts the parent's too; elsewhere there is only that, and only the peak.
    """
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    key = "VmHWM:" if peak else "VmRSS:"
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) * 1024 / 1e6


def used(process: int) -> float | None:
    """Seconds of processor time that another process has used, where the system tells."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        return None
    # After the name, which may hold anything: times in user mode and in the kernel are the 12th and 13th.
    fields = path.read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def describe() -> dict[str, Any]:
    """Where the figures come from."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": len(cores()) or os.cpu_count(),
        "pinned": bool(cores()),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
