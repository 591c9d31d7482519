"""Small matrix products inside the loops over rows: the same bits on any number of threads.

A BLAS would be faster alone, but starts threads of its own within the engine's.
"""

from __future__ import annotations

from numba import njit

from calibrant.kernels.scalar import SUMS

_UNROLLED = 4


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def add_product(left, right, out):
    """Add `left` (r, m) times `right` (m, c) to `out` (r, c), all float64 and contiguous."""
    rows = left.shape[0]
    inner = left.shape[1]
    columns = right.shape[1]
    whole = inner - inner % _UNROLLED
    for i in range(0, whole, _UNROLLED):
        for r in range(rows):
            a = left[r, i]
            b = left[r, i + 1]
            c = left[r, i + 2]
            d = left[r, i + 3]
            for j in range(columns):
                out[r, j] += a * right[i, j] + b * right[i + 1, j] + c * right[i + 2, j] + d * right[i + 3, j]
    for i in range(whole, inner):
        for r in range(rows):
            a = left[r, i]
            for j in range(columns):
                out[r, j] += a * right[i, j]
