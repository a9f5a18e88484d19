"""Compile the hot loops once and keep them on disk, keyed by the source of all of them.

A function that makes arrays is `allocating`. All others are `compiled`: numba counts no references to arrays in them,
which would cost more than the work itself, since every count is an atomic operation and posts are short.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
from numba.core.cpu import CPUTargetOptions

Symbols = npt.NDArray[np.int32]
COUNTS: Final = hasattr(CPUTargetOptions, "_nrt")  # whether counting can be chosen, see docs/decisions.md


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
    """Compile a function that makes no arrays at the first call, and let other threads run meanwhile.

    Making one would be refused when it is compiled, so nothing can leak.
    """
    return _at_first_call(function, counting=False)


def inlined(function: Any) -> Any:
    """Like `compiled`, and put where it is called: to hand over arrays costs more than what a short function does."""
    return _at_first_call(function, counting=False, forceinline=True)


def allocating(function: Any) -> Any:
    """Compile a function that makes arrays at the first call, and let other threads run meanwhile.

    Said outright, since a function would take after the one that calls it first.
    """
    return _at_first_call(function, counting=True)


def _at_first_call(function: Any, *, counting: bool, **options: bool) -> Any:
    """Compile at the first call, keep on disk where that can be."""
    directory = os.environ.get("NUMBA_CACHE_DIR") or cache_directory()
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = directory or before
    try:
        options |= {"_nrt": counting} if COUNTS else {}
        return numba.njit(function, cache=directory is not None, nogil=True, **options)
    finally:
        numba.config.CACHE_DIR = before
