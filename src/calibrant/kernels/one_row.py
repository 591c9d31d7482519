"""What the loops over rows do with one row: see it as floats side by side, find its peak, take exponentials.

They know no label and add up nothing over rows.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numba.extending import overload

from calibrant.kernels.scalar import SUMS, as_float, exp2_of_nonpositive, larger

PART = 32
"""Scores whose largest is kept, so that a search for large ones may leave out the others."""


@njit(inline="always")
def parts_of(k):
    """Return how many parts a row of k scores has."""
    return -(-k // PART)


def dense_scores(scores):
    """Return what rows are read from: `scores` where each is floats side by side, else room for one row."""
    raise NotImplementedError  # compiled code only


def load_row(scores, i, dense):
    """Return the row of `dense` that holds row i, decoded to float64 into its only row where it is a copy."""
    raise NotImplementedError  # compiled code only


@overload(dense_scores)
def _dense_scores(scores):
    if _is_dense(scores):
        return lambda scores: scores
    return lambda scores: np.empty((1, scores.shape[1]))


@overload(load_row)
def _load_row(scores, i, dense):
    if _is_dense(scores):
        return lambda scores, i, dense: i

    def decode(scores, i, dense):
        for j in range(scores.shape[1]):
            dense[0, j] = np.float64(as_float(scores[i, j]))
        return 0

    return decode


def _is_dense(scores):
    return scores.layout == "C" and isinstance(scores.dtype, types.Float)


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def first_of_largest(scores, i, peaks):
    """Return the index of the largest score, the first of equal ones; `peaks` gets each part's largest."""
    k = scores.shape[1]
    best = k // PART * PART
    top = scores[i, k - 1]
    for j in range(best, k):
        top = larger(top, scores[i, j])
    peaks[peaks.size - 1] = top
    for part in range(k // PART - 1, -1, -1):
        first = part * PART
        peak = scores[i, first]
        for j in range(1, PART):
            peak = larger(peak, scores[i, first + j])
        peaks[part] = peak
        if peak >= top:
            top = peak
            best = first
    while scores[i, best] != top:
        best += 1
    return best


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def exponentials(scores, i, peak, scale, out):
    """Write 2^(scale (score - peak)) to `out` (k,) and return the sum, and that of the squares."""
    total = 0.0
    squares = 0.0
    for j in range(out.size):
        e = exp2_of_nonpositive(scale * (np.float64(scores[i, j]) - peak))
        out[j] = e
        total += e
        squares += e * e
    return total, squares
