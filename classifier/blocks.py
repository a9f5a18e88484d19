"""Arrays in one block of memory, in large pages where the system has them.

The loops look here and there in tables that are larger than what a processor keeps at hand, and every small page that
they come to would cost it a search of its own.
"""

from __future__ import annotations

import mmap
from contextlib import suppress
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt

PAGE: Final = 2**21  # bytes of a large page
LINE: Final = 64  # bytes that a processor fetches at once

Kind = tuple[tuple[int, ...], Any]


def zeros(*kinds: Kind) -> list[npt.NDArray[Any]]:
    """Arrays of 0, each of which begins where a processor fetches from.

    Parameters
    ----------
    *kinds : tuple
        Shape and dtype of each.

    Returns
    -------
    list of ndarray
        In the order asked for; the memory is given back with the last of them.
    """
    sizes = [int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize for shape, kind in kinds]
    firsts = [0, *accumulate(-(-size // LINE) * LINE for size in sizes)]
    block = _large_pages(firsts[-1])
    return [
        block[first : first + size].view(kind).reshape(shape)
        for first, size, (shape, kind) in zip(firsts, sizes, kinds, strict=False)
    ]


def together(arrays: tuple[Any, ...]) -> list[npt.NDArray[Any]]:
    """Copies of arrays in one block."""
    copies = zeros(*((array.shape, array.dtype) for array in arrays))
    for copy, array in zip(copies, arrays, strict=True):
        copy[...] = array
    return copies


def _large_pages(size: int) -> npt.NDArray[np.uint8]:
    private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
    memory = mmap.mmap(-1, size + PAGE, **private)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a system without large pages
            memory.madvise(mmap.MADV_HUGEPAGE)
    whole = np.frombuffer(memory, np.uint8)
    first = -whole.ctypes.data % PAGE
    return whole[first : first + size]
