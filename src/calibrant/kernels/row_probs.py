"""The probabilities of one row, in float64 and normalised, for loops that ask for every class's."""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.rows import NORMALISED
from calibrant.kernels.scalar import (
    LOG2_E,
    LOWEST_DIFFERENCE,
    SMALLEST_EXP2,
    SUMS,
    as_float,
    exp2_of_nonpositive,
)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def row_probs(scores, row, are_logits, inverse_temperature, probs):
    """Write one row of probabilities, as `class_rows` bins them."""
    k = scores.shape[1]
    total = 0.0
    if are_logits:
        scale = inverse_temperature * LOG2_E
        peak = np.float64(as_float(scores[row, 0]))
        for j in range(1, k):
            peak = max(peak, np.float64(as_float(scores[row, j])))
        for j in range(k):
            d = np.float64(as_float(scores[row, j])) - peak
            d = d if d > LOWEST_DIFFERENCE else LOWEST_DIFFERENCE
            e = exp2_of_nonpositive(scale * d)
            e = e if e > SMALLEST_EXP2 else 0.0
            probs[j] = e
            total += e
    else:
        for j in range(k):
            e = np.float64(as_float(scores[row, j]))
            probs[j] = e
            total += e
        if abs(total - 1.0) <= NORMALISED:
            total = 1.0
    for j in range(k):
        probs[j] = min(probs[j] / total, 1.0)
