"""Compile the hot loops once and keep them on disk, keyed by the source of all of them."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Symbols = npt.NDArray[np.int32]


@cache
def cache_directory() -> str | None:
    """Where compiled code is kept: beside the loops, else in the user's cache; None where neither can be written.

    Numba looks only at the file a function is written in; a callee changed elsewhere would be served
    stale. So the directory's name is a digest of every file that the loops are made of. A directory that
    others may write to is never taken, since compiled code is run as it is found.
    """
    here = Path(__file__).parent
    sources = [*sorted(here.glob("*.py")), here.parent / "foldtable.py"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    cache_home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - never raises
    for place in (here / "__pycache__", Path(cache_home) / "clarion"):
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                return str(place / f"compiled-{digest}")
    return None


def compiled(function: Any) -> Any:
    """Compile at the first call, keep on disk where that can be, let other threads run meanwhile."""
    directory = os.environ.get("NUMBA_CACHE_DIR") or cache_directory()
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = directory or before
    try:
        return numba.njit(function, cache=directory is not None, nogil=True)
    finally:
        numba.config.CACHE_DIR = before
