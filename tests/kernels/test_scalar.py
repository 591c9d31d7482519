"""The scalar functions inside the loops, against exact arithmetic."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from numba import njit

from calibrant.kernels.bins import bin_of
from calibrant.kernels.scalar import exp2_of_nonpositive, half_to_float32, larger, weight_of


@njit
def exp2_all(values):  # type: ignore[no-untyped-def]
    result = np.empty(len(values))
    for i in range(len(values)):
        result[i] = exp2_of_nonpositive(values[i])
    return result


@njit
def halves(bits):  # type: ignore[no-untyped-def]
    result = np.empty(len(bits), np.float32)
    for i in range(len(bits)):
        result[i] = half_to_float32(bits[i])
    return result


@njit
def larger_of(left, right):  # type: ignore[no-untyped-def]
    return larger(left, right)


@njit
def weight_at(weight, row):  # type: ignore[no-untyped-def]
    return weight_of(weight, row)


def exact_exp2(x: float) -> Decimal:
    return (Decimal(x) * Decimal(2).ln()).exp()


def test_exp2_has_a_relative_error_below_1e_15() -> None:
    generator = np.random.default_rng(0)
    points = np.concatenate(
        [
            -generator.uniform(0, 1022, 2000),
            -generator.uniform(0, 2, 2000),
            -(10.0 ** generator.uniform(-20, 0, 500)),
            -np.arange(1, 200) / 2,
            -np.arange(1, 200) / 2 + 1e-13,
            [-1022.0, -1021.5, -0.5, np.nextafter(-0.5, -1), np.nextafter(-0.5, 0)],
        ]
    )
    with localcontext() as context:
        context.prec = 40
        errors = [
            abs(Decimal(float(value)) / exact_exp2(float(x)) - 1)
            for x, value in zip(points, exp2_all(points), strict=True)
        ]
    assert max(errors) < Decimal("1e-15")


def test_exp2_is_exact_at_whole_numbers() -> None:
    whole = -np.arange(0.0, 1023.0)
    assert (exp2_all(whole) == 2.0**whole).all()


@pytest.mark.parametrize("x", [-1023.0, -1e5, -1e90, -1e308, -np.inf])
def test_exp2_stays_at_the_smallest_normal_number(x: float) -> None:
    assert exp2_all(np.array([x]))[0] == 2.0**-1022


def test_exp2_never_exceeds_1() -> None:
    near_zero = -np.concatenate([[0.0], 10.0 ** np.arange(-320.0, 0.0)])
    assert exp2_all(near_zero)[0] == 1
    assert (exp2_all(near_zero) <= 1).all()


def test_every_half_precision_number_is_decoded_exactly() -> None:
    bits = np.arange(65536, dtype=np.uint16)
    numbers = ~np.isnan(bits.view(np.float16))
    decoded, reference = halves(bits)[numbers], bits.view(np.float16)[numbers].astype(np.float32)
    assert numbers.sum() == 65536 - 2 * 1023
    assert (decoded == reference).all()
    assert (np.signbit(decoded) == np.signbit(reference)).all()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_larger(kind: type) -> None:
    for left, right in [(1.0, 2.0), (2.0, 1.0), (-np.inf, 0.0), (-np.inf, -np.inf), (3.0, 3.0)]:
        assert larger_of(kind(left), kind(right)) == max(left, right)


def test_no_weights_mean_1() -> None:
    assert weight_at(np.ones(0), 5) == 1
    assert weight_at(np.array([0.0, 2.5]), 1) == 2.5


@pytest.mark.parametrize("m", [1, 2, 3, 5, 7, 10, 15, 49, 100, 1000])
def test_a_bin_holds_its_upper_edge_and_not_its_lower(m: int) -> None:
    edges = np.arange(m + 1) / m
    for j in range(1, m + 1):
        assert bin_of(edges[j], edges) == j - 1
        assert bin_of(np.nextafter(edges[j], 0), edges) == j - 1
        if j < m:
            assert bin_of(np.nextafter(edges[j], 2), edges) == j
    assert bin_of(0.0, edges) == 0
    assert bin_of(5e-324, edges) == 0
