"""As the bins of `bins.class_rows`, for rows whose truth is shared out over the classes."""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.bins import PER_BIN, bin_of
from calibrant.kernels.row_probs import row_probs
from calibrant.kernels.scalar import SUMS, weight_of


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def soft_class_bins(start, stop, scores, are_logits, inverse_temperature, shares, weight, edges, out):
    """Add every class's probability, with the share that is this class, to `out`, class after class."""
    k = scores.shape[1]
    m = edges.size - 1
    probs = np.empty(k)
    for i in range(start, stop):
        w = weight_of(weight, i)
        row_probs(scores, i, are_logits, inverse_temperature, probs)
        for j in range(k):
            at = (j * m + bin_of(probs[j], edges)) * PER_BIN
            out[at] += 1.0
            out[at + 1] += w
            out[at + 2] += w * probs[j]
            out[at + 3] += w * shares[i, j]
