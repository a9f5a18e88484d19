"""Compile the hot loops once and keep them on disk, keyed by the source of all of them."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Symbols = npt.NDArray[np.int32]


@cache
def cache_directory() -> str:
    """Where compiled code is kept.

    Numba looks only at the file a function is written in; a callee changed elsewhere would be served
    stale. So the directory's name is a digest of every file that the loops are made of.
    """
    here = Path(__file__).parent
    sources = [*sorted(here.glob("*.py")), here.parent / "foldtable.py"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    beside = here / "__pycache__"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    writable = os.access(beside if beside.exists() else here, os.W_OK)
    return str((beside if writable else home / "clarion") / f"compiled-{digest}")


def compiled(function: Any) -> Any:
    """Compile at the first call, keep on disk, let other threads run meanwhile."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = os.environ.get("NUMBA_CACHE_DIR") or cache_directory()
    try:
        return numba.njit(function, cache=True, nogil=True)
    finally:
        numba.config.CACHE_DIR = before
