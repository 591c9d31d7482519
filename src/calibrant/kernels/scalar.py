"""Scalar functions that the loops inline: reading any float type, maximum, and a fast exponential.

They are written so that LLVM turns loops over them into vector code.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core.errors import TypingError
from numba.extending import intrinsic, overload

STRICT = {"contract"}
"""Fast-math flags for code whose order of operations carries meaning."""

SUMS = {"contract", "reassoc", "nsz"}
"""Fast-math flags for loops that add up: LLVM may reorder the additions, so that it can vectorise."""

LOG2_E = 1.4426950408889634
LOWEST_DIFFERENCE = -1e90
"""Differences of logits are cut here, so that 0 · difference³ stays 0 for a logit of -inf."""

SMALLEST_EXP2 = 2.0**-1022
"""What `exp2_of_nonpositive` returns instead of anything smaller, 0 included."""

_LOWEST_EXPONENT = -1022.0
_TO_INTEGER_BITS = 6755399441055744.0

# Chebyshev interpolant of 2^f on [-1/2, 1/2], degree 10: relative error below 4e-16 before rounding.
_P = (
    1.0,
    0.69314718055995,
    0.24022650695910097,
    0.05550410866444772,
    0.009618129107606888,
    0.0013333558230164974,
    0.0001540353044173605,
    1.5252657260200837e-05,
    1.321544258792169e-06,
    1.0208690299958306e-07,
    7.072585949269223e-09,
)
_P0, _P1, _P2, _P3, _P4, _P5, _P6, _P7, _P8, _P9, _P10 = _P


def _bitcast(result, argument):
    @intrinsic
    def cast(typing_context, value):
        def generate(context, builder, signature, arguments):
            return builder.bitcast(arguments[0], context.get_value_type(result))

        return result(argument), generate

    return cast


float64_to_bits = _bitcast(types.int64, types.float64)
bits_to_float64 = _bitcast(types.float64, types.int64)
_bits_to_float32 = _bitcast(types.float32, types.uint32)


@intrinsic
def round_to_even(typing_context, value):
    """Round a float64 to the nearest integer in one instruction."""

    def generate(context, builder, signature, arguments):
        double = ir.DoubleType()
        function = builder.module.declare_intrinsic("llvm.rint", (double,))
        return builder.call(function, arguments)

    return types.float64(types.float64), generate


@intrinsic
def larger(typing_context, left, right):
    """Return the larger of two floats, in the form that LLVM vectorises in a loop."""
    if left not in (types.float32, types.float64) or left != right:
        raise TypingError("larger takes two floats of one type")

    def generate(context, builder, signature, arguments):
        kind = arguments[0].type
        function = builder.module.declare_intrinsic(
            "llvm.maxnum", (kind,), ir.FunctionType(kind, [kind, kind])
        )
        return builder.call(function, arguments, fastmath=("nnan", "nsz"))

    return left(left, right), generate


def as_float(value):
    """Return a score as a float: float32 and float64 as they are, uint16 decoded as IEEE half."""
    return value


@overload(as_float, inline="always")
def _as_float(value):
    if value == types.uint16:
        return lambda value: half_to_float32(value)
    if isinstance(value, types.Float):
        return lambda value: value
    raise TypingError(f"scores of type {value} are not supported")


@njit(fastmath=STRICT)
def half_to_float32(bits):
    """Decode IEEE half precision: shift the exponent into place, rescale, and mend ±inf."""
    magnitude = np.uint32(bits & np.uint16(0x7FFF)) << np.uint32(13)
    sign = np.uint32(bits & np.uint16(0x8000)) << np.uint32(16)
    infinite = np.uint32(0x7F800000)
    scaled = _bits_to_float32(magnitude) * np.float32(5.192296858534828e33)
    value = scaled if magnitude < np.uint32(0x0F800000) else _bits_to_float32(infinite)
    return -value if sign != np.uint32(0) else value


@njit(fastmath=STRICT, error_model="numpy")
def exp2_of_nonpositive(x):
    """Return 2^x for x ≤ 0 in float64, relative error below 5e-16; below 2^-1022 it stays there."""
    x = x if x > _LOWEST_EXPONENT else _LOWEST_EXPONENT
    whole = round_to_even(x)
    f = x - whole
    p = _P10
    p = p * f + _P9
    p = p * f + _P8
    p = p * f + _P7
    p = p * f + _P6
    p = p * f + _P5
    p = p * f + _P4
    p = p * f + _P3
    p = p * f + _P2
    p = p * f + _P1
    p = p * f + _P0
    return bits_to_float64(float64_to_bits(p) + (float64_to_bits(whole + _TO_INTEGER_BITS) << 52))


@njit(inline="always")
def weight_of(weight, row):
    """Return the weight of a row; an empty array means 1."""
    return weight[row] if weight.size > 0 else 1.0
