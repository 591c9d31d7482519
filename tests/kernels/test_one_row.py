"""One row as the loops see it: copied only where it must be, its peak, its exponentials."""

from typing import Any

import numpy as np
import pytest
from numba import njit

from calibrant.kernels.layout import for_kernels
from calibrant.kernels.one_row import (
    PART,
    dense_scores,
    exponentials,
    first_of_largest,
    load_row,
    parts_of,
)
from calibrant.kernels.scalar import LOG2_E
from tests.drawn_predictions import FLOAT_TYPES

SIZES = [1, 2, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 7]


@njit
def peaks_of_rows(scores):  # type: ignore[no-untyped-def]
    n, k = scores.shape
    best, peaks = np.empty(n, np.int64), np.empty((n, parts_of(k)))
    dense = dense_scores(scores)
    for i in range(n):
        best[i] = first_of_largest(dense, load_row(scores, i, dense), peaks[i])
    return best, peaks, dense


@njit
def exponentials_of(scores, peak, scale):  # type: ignore[no-untyped-def]
    out = np.empty(scores.shape[1])
    return exponentials(scores, 0, peak, scale, out), out


@pytest.mark.parametrize("k", SIZES)
@pytest.mark.parametrize("dtype", FLOAT_TYPES)
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_first_of_the_largest_and_the_largest_of_each_part(k: int, dtype: Any, order: Any) -> None:
    generator = np.random.default_rng(k)
    scores = generator.integers(-3, 3, (200, k)).astype(dtype, order=order)
    scores[:100] += generator.normal(size=(100, k)).astype(dtype)
    scores[:, 1:][generator.random((200, k - 1)) < 0.2] = -np.inf
    best, peaks, dense = peaks_of_rows(for_kernels(scores))
    np.testing.assert_array_equal(best, scores.argmax(axis=1))
    parts = np.maximum.reduceat(scores, range(0, k, PART), axis=1)
    np.testing.assert_array_equal(peaks, parts)
    assert np.shares_memory(dense, scores) == (dtype != np.float16 and scores.flags.c_contiguous)


@pytest.mark.parametrize("k", SIZES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_exponentials_and_their_sums(k: int, dtype: Any) -> None:
    scores = (5 * np.random.default_rng(k).normal(size=(1, k))).astype(dtype)
    peak = float(scores.max())
    (total, squares), out = exponentials_of(scores, peak, 0.5 * LOG2_E)
    expected = np.exp(0.5 * (scores[0].astype(np.float64) - peak))
    np.testing.assert_allclose(out, expected, rtol=1e-13)
    assert total == pytest.approx(expected.sum(), rel=1e-13)
    assert squares == pytest.approx((expected**2).sum(), rel=1e-13)
