"""Arrays in a file: written so that the same arrays give the same bytes, read without running anything."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleError
from classifier.nearest import NearestIndex, fault_of

Arrays = Mapping[str, npt.NDArray[Any]]
MAKE_ONE: Final = "make one with: clarion train --out DIR"


def packed(arrays: Arrays) -> bytes:
    """Arrays as one file, the same bytes for the same arrays."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: arrays[name] for name in sorted(arrays)})  # type: ignore[arg-type]
    return buffer.getvalue()


def unpacked(content: bytes, place: str) -> Arrays:
    """Arrays of a file of ours; nothing in it is ever run."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: np.asarray(archive[name]) for name in archive.files}
    except (ValueError, TypeError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as fault:
        raise BundleError(f"{place}: not a readable array file; {MAKE_ONE}") from fault


def read_nearest(content: bytes, place: str) -> NearestIndex:
    """The index of labelled posts, its places checked."""
    arrays = unpacked(content, place)
    kinds = {
        "idf": "float32",
        "starts": "int32",
        "posts": "int32",
        "weights": "float32",
        "rows": "uint8",
        "row_at": "int64",
    }
    if {name: str(array.dtype) for name, array in arrays.items()} != kinds:
        raise BundleError(f"{place}: other arrays than {', '.join(kinds)}; {MAKE_ONE}")
    index = NearestIndex(**arrays)
    fault = fault_of(index)
    if fault:
        raise BundleError(f"{place}: damaged: {fault}; {MAKE_ONE}")
    return index
