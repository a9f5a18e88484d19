"""Fetch memory ahead of its use: the tables of words are larger than what a processor keeps at hand."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

READ, KEEP, DATA = 0, 3, 1  # arguments of llvm.prefetch: for reading, worth keeping, no instructions


@intrinsic  # type: ignore[untyped-decorator]
def fetch(_: Any, array: Any, _row: Any, _column: Any) -> Any:
    """Begin to fetch what stands at a row and column of a two-dimensional array; a hint that changes no result."""
    return types.void(array, types.intp, types.intp), generate


@intrinsic  # type: ignore[untyped-decorator]
def fetch_at(_: Any, array: Any, _place: Any) -> Any:
    """Begin to fetch what stands at a place of a one-dimensional array; a hint that changes no result."""
    return types.void(array, types.intp), generate


def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """The instruction that fetches what an array holds at some indices."""
    kind, *_ = signature.args
    array = context.make_array(kind)(context, builder, arguments[0])
    shape, strides = cgutils.unpack_tuple(builder, array.shape), cgutils.unpack_tuple(builder, array.strides)
    at = cgutils.get_item_pointer2(
        context, builder, array.data, shape, strides, kind.layout, arguments[1:], wraparound=False
    )
    place, whole = builder.bitcast(at, cgutils.voidptr_t), ir.IntType(32)
    kind_of = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, whole, whole, whole])
    function = cgutils.get_or_insert_function(builder.module, kind_of, "llvm.prefetch.p0")
    builder.call(function, [place, whole(READ), whole(KEEP), whole(DATA)])
    return context.get_dummy_value()
