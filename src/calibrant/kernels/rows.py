"""One pass over the scores that leaves, for each row, all that the row-wise metrics need.

After it, accuracy, log-loss, Brier and every top-label quantity are sums over short vectors.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.scalar import (
    LOG2_E,
    LOWEST_DIFFERENCE,
    SUMS,
    as_float,
    exp2_of_nonpositive,
    larger,
)

NORMALISED = 1e-12
"""A row of probabilities this close to a sum of 1 is taken as it is."""

_SMALLEST = 2.0**-126


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def logit_rows(start, stop, logits, labels, inverse_temperature, confidence, prediction, nll, brier):
    """Write each row's top probability, its class, -log p_y (floored) and Brier score, at softmax(βz)."""
    k = logits.shape[1]
    scale = inverse_temperature * LOG2_E
    for i in range(start, stop):
        top = as_float(logits[i, 0])
        for j in range(1, k):
            top = larger(top, as_float(logits[i, j]))
        best = 0
        while best < k - 1 and as_float(logits[i, best]) != top:
            best += 1
        peak = np.float64(top)
        total = 0.0
        squares = 0.0
        for j in range(k):
            d = np.float64(as_float(logits[i, j])) - peak
            d = d if d > LOWEST_DIFFERENCE else LOWEST_DIFFERENCE
            e = exp2_of_nonpositive(scale * d)
            total += e
            squares += e * e
        at_label = inverse_temperature * (np.float64(as_float(logits[i, labels[i]])) - peak)
        p = math.exp(at_label) / total
        confidence[i] = 1.0 / total
        prediction[i] = best
        nll[i] = min(math.log(total) - at_label, -math.log(_SMALLEST))
        brier[i] = max(squares / (total * total) - p * p, 0.0) + (1.0 - p) * (1.0 - p)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def prob_rows(start, stop, probs, labels, confidence, prediction, nll, brier):
    """As `logit_rows`, from probabilities, normalised here."""
    k = probs.shape[1]
    for i in range(start, stop):
        top = as_float(probs[i, 0])
        for j in range(1, k):
            top = larger(top, as_float(probs[i, j]))
        best = 0
        while best < k - 1 and as_float(probs[i, best]) != top:
            best += 1
        total = 0.0
        squares = 0.0
        for j in range(k):
            e = np.float64(as_float(probs[i, j]))
            total += e
            squares += e * e
        if abs(total - 1.0) <= NORMALISED:
            total = 1.0
        p = np.float64(as_float(probs[i, labels[i]])) / total
        confidence[i] = min(np.float64(top) / total, 1.0)
        prediction[i] = best
        nll[i] = -math.log(max(min(p, 1.0), _SMALLEST))
        brier[i] = max(squares / (total * total) - p * p, 0.0) + (1.0 - p) * (1.0 - p)
