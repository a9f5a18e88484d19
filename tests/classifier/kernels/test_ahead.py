"""Fetching ahead changes nothing."""

from __future__ import annotations

import numpy as np
from numba import njit

from classifier.kernels.ahead import fetch, fetch_at


@njit(nogil=True)  # type: ignore[untyped-decorator]  # not kept on disk: what comes from there cannot be looked into
def fetch_all(table: np.ndarray, line: np.ndarray) -> int:
    for row in range(len(table)):
        fetch(table, row, 0)
        fetch_at(line, row)
    return len(table)


def test_nothing_changes_and_nothing_need_stand_there() -> None:
    table, line = np.arange(12, dtype=np.float32).reshape(4, 3), np.arange(2)
    assert fetch_all(table, line) == 4
    np.testing.assert_array_equal(table, np.arange(12).reshape(4, 3))
    assert line.tolist() == [0, 1]
    assert fetch_all(np.empty((0, 3)), line) == 0


def test_the_instruction_is_there() -> None:
    fetch_all(np.zeros((2, 2), np.int8), np.zeros(2, np.uint8))
    assert any("prefetch" in code for code in fetch_all.inspect_llvm().values())
