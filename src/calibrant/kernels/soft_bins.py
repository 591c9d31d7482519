"""As `bins.class_bins`, for rows whose truth is shared out over the classes."""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.bins import PER_BIN, bin_of
from calibrant.kernels.rows import NORMALISED
from calibrant.kernels.scalar import (
    LOG2_E,
    LOWEST_DIFFERENCE,
    SMALLEST_EXP2,
    SUMS,
    as_float,
    exp2_of_nonpositive,
    weight_of,
)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def soft_class_bins(start, stop, scores, are_logits, inverse_temperature, shares, weight, edges, out):
    """Add every class's probability, with the share that is this class, to `out`, class after class."""
    k = scores.shape[1]
    m = edges.size - 1
    scale = inverse_temperature * LOG2_E
    probs = np.empty(k)
    for i in range(start, stop):
        w = weight_of(weight, i)
        total = 0.0
        if are_logits:
            peak = np.float64(as_float(scores[i, 0]))
            for j in range(1, k):
                peak = max(peak, np.float64(as_float(scores[i, j])))
            for j in range(k):
                d = np.float64(as_float(scores[i, j])) - peak
                d = d if d > LOWEST_DIFFERENCE else LOWEST_DIFFERENCE
                e = exp2_of_nonpositive(scale * d)
                e = e if e > SMALLEST_EXP2 else 0.0
                probs[j] = e
                total += e
        else:
            for j in range(k):
                e = np.float64(as_float(scores[i, j]))
                probs[j] = e
                total += e
            if abs(total - 1.0) <= NORMALISED:
                total = 1.0
        for j in range(k):
            p = min(probs[j] / total, 1.0)
            at = (j * m + bin_of(p, edges)) * PER_BIN
            out[at] += 1.0
            out[at + 1] += w
            out[at + 2] += w * p
            out[at + 3] += w * shares[i, j]
