"""A rest for Python's collector of cycles while many answers are put together."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

AT_REST: Final = 20_000  # posts put together before the collector of cycles may look at them


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep Python's collector of cycles from looking through answers, which hold none, as they are put together.

    It would walk through all that were made so far again and again: of a thousand posts with evidence, that takes
    longer than scoring them. Who switched it off switches it on again, so threads may overlap.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
