"""One 64-bit hash a row of scores and its label, the same for equal values in any float type.

A multilinear hash over mixed bits: fast, well spread, not cryptographic.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calibrant.kernels.scalar import as_float, float64_to_bits

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def column_keys(columns: int) -> NDArray[np.uint64]:
    """Return one odd multiplier a column, from the splitmix64 sequence."""
    keys = np.arange(1, columns + 1, dtype=np.uint64) * _GOLDEN
    keys ^= keys >> np.uint64(30)
    keys *= _FIRST
    keys ^= keys >> np.uint64(27)
    keys *= _SECOND
    return (keys ^ (keys >> np.uint64(31))) | np.uint64(1)


@njit(nogil=True, cache=True, error_model="numpy")
def row_hashes(start, stop, scores, labels, keys, out):
    """Write the hash of each row start..stop-1 to `out`; -0.0 counts as 0.0."""
    for i in range(start, stop):
        h = np.uint64(labels[i]) * _GOLDEN
        for j in range(scores.shape[1]):
            bits = np.uint64(float64_to_bits(np.float64(as_float(scores[i, j])) + 0.0))
            bits ^= bits >> np.uint64(32)
            h += (bits + keys[j]) * keys[j]
        h ^= h >> np.uint64(30)
        h *= _FIRST
        h ^= h >> np.uint64(27)
        h *= _SECOND
        out[i] = h ^ (h >> np.uint64(31))
