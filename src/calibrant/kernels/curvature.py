"""How sharply the log-loss of softmax(βz) bends along each class's slope and bias, to scale a solver's steps.

It is computed once, where a fit starts; the solvers need no exact curvature from it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.scalar import SUMS, as_float, weight_of
from calibrant.kernels.softmax import softmax_loss

CURVATURE_VECTORS = 5
"""Vectors of length k in the output: Σ q, Σ q z, Σ q z², Σ v z, Σ v z², with q = p (1 - p) and v = Σ q."""


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def curvature_sums(start, stop, logits, normalised, labels, weight, inverse_temperature, out):
    """Add rows start..stop-1 to the vectors of `out`; `z` is the row of logits or its log-softmax."""
    k = logits.shape[1]
    row = np.empty(k)
    probs = np.empty(k)
    sums = np.zeros((CURVATURE_VECTORS, k))
    for i in range(start, stop):
        w = weight_of(weight, i)
        if w == 0.0:
            continue
        for j in range(k):
            row[j] = np.float64(as_float(logits[i, j]))
            probs[j] = row[j]
        if normalised:
            shift = row[labels[i]] + softmax_loss(probs, labels[i])
            for j in range(k):
                row[j] -= shift
        for j in range(k):
            probs[j] = inverse_temperature * row[j]
        softmax_loss(probs, labels[i])
        total = 0.0
        for j in range(k):
            total += w * probs[j] * (1.0 - probs[j])
        for j in range(k):
            q = w * probs[j] * (1.0 - probs[j])
            sums[0, j] += q
            sums[1, j] += q * row[j]
            sums[2, j] += q * row[j] * row[j]
            sums[3, j] += total * row[j]
            sums[4, j] += total * row[j] * row[j]
    for a in range(CURVATURE_VECTORS):
        for j in range(k):
            out[a * k + j] += sums[a, j]
