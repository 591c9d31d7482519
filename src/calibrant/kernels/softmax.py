"""The softmax of one row of float64 scores, in place, with the loss it gives at a label.

Loops over rows inline it; it knows no model and adds up nothing over rows.
"""

from __future__ import annotations

import math

from numba import njit

from calibrant.kernels.scalar import LOG2_E, SUMS, exp2_of_nonpositive, larger


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def softmax_loss(scores, label):
    """Turn `scores` (k,) into probabilities and return -log p_label."""
    k = scores.size
    at_label = scores[label]
    peak = scores[0]
    for j in range(1, k):
        peak = larger(peak, scores[j])
    total = 0.0
    for j in range(k):
        e = exp2_of_nonpositive((scores[j] - peak) * LOG2_E)
        scores[j] = e
        total += e
    inverse = 1.0 / total
    for j in range(k):
        scores[j] *= inverse
    return math.log(total) - (at_label - peak)


@njit(inline="always", error_model="numpy")
def is_beaten(probs, label):
    """Return 1.0 if another class is at least as probable as the label, else 0.0."""
    at_label = probs[label]
    as_probable = 0.0
    for j in range(probs.size):
        as_probable += 1.0 if probs[j] >= at_label else 0.0
    return 1.0 if as_probable > 1.0 else 0.0
