"""Per row, the greatest logit's class and the log-sum-exp of all other logits.

They make every class's log-odds against the rest a matter of one column, without cancellation.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.scalar import LOG2_E, SUMS, as_float, exp2_of_nonpositive


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def rest_of_rows(start, stop, logits, top, log_rest):
    """Write the class of each row's first greatest logit, and log Σ exp z_j over the other classes."""
    k = logits.shape[1]
    row = np.empty(k)
    for i in range(start, stop):
        best = 0
        for j in range(k):
            row[j] = np.float64(as_float(logits[i, j]))
            if row[j] > row[best]:
                best = j
        row[best] = -np.inf
        peak = row[0]
        for j in range(1, k):
            peak = max(peak, row[j])
        total = 0.0
        for j in range(k):
            total += exp2_of_nonpositive((row[j] - peak) * LOG2_E) if j != best else 0.0
        top[i] = best
        log_rest[i] = peak + math.log(total)
