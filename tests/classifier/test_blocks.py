"""Arrays in one block of memory."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from classifier import blocks
from classifier.blocks import LINE, together, zeros


def test_arrays_are_of_the_shape_and_kind_asked_for_and_begin_where_a_processor_fetches() -> None:
    kinds = (((3, 5), np.float32), ((0,), np.int32), ((7,), np.uint8), ((2, 0), np.int64), ((1,), np.uint64))
    for array, (shape, kind) in zip(zeros(*kinds), kinds, strict=True):
        assert (array.shape, array.dtype) == (shape, kind)
        assert array.ctypes.data % LINE == 0
        assert array.flags.c_contiguous
        assert array.flags.writeable
        assert not array.any()


def test_no_array_reaches_into_another() -> None:
    first, second = zeros(((65,), np.uint8), ((3,), np.int32))
    first[:] = 1
    assert not second.any()
    second[:] = 2
    assert first.tolist() == [1] * 65


def test_copies_are_equal_and_apart_from_what_they_are_of() -> None:
    given = (np.arange(6).reshape(2, 3), np.array([True, False]))
    copies = together(given)
    for copy, array in zip(copies, given, strict=True):
        np.testing.assert_array_equal(copy, array)
        assert copy.dtype == array.dtype
    copies[0][:] = 0
    assert given[0].any()


@pytest.mark.parametrize("lacking", ["MADV_HUGEPAGE", "MAP_PRIVATE"])
def test_systems_without_large_or_private_pages_do_as_well(monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    if hasattr(mmap, lacking):
        monkeypatch.delattr(blocks.mmap, lacking)
    (array,) = zeros(((4,), np.int64))
    assert array.tolist() == [0, 0, 0, 0]
