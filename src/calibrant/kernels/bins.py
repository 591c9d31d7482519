"""Counting rows into equal-width bins, (lo, hi] with the first bin closed at 0, each row in exactly one bin.

The caller gives the edges j/m in float64; an index is found by one multiplication and mended against them.
"""

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
    weight_of,
)

PER_BIN = 4
"""Rows, weight, weighted confidence, weighted correct."""


@njit(inline="always", error_model="numpy")
def bin_of(value, edges):
    """Return b with edges[b] < value ≤ edges[b + 1], or 0 for value 0."""
    m = edges.size - 1
    b = min(int(value * m), m - 1)
    while b > 0 and value <= edges[b]:
        b -= 1
    while b < m - 1 and value > edges[b + 1]:
        b += 1
    return b


@njit(nogil=True, cache=True, error_model="numpy")
def value_bins(start, stop, values, correct, weight, edges, out):
    """Add rows of one value each to `out`, PER_BIN numbers a bin."""
    for i in range(start, stop):
        w = weight_of(weight, i)
        at = bin_of(values[i], edges) * PER_BIN
        out[at] += 1.0
        out[at + 1] += w
        out[at + 2] += w * values[i]
        out[at + 3] += w * correct[i]


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def class_bins(start, stop, scores, are_logits, inverse_temperature, labels, weight, edges, out):
    """Add every class's probability, one against the rest, to `out`: class after class, as `value_bins`."""
    k = scores.shape[1]
    m = edges.size - 1
    stride = m * PER_BIN
    first_edge = edges[1]
    scale = inverse_temperature * LOG2_E
    probs = np.empty(k)
    low_count = np.zeros(k)
    low_weight = np.zeros(k)
    low_value = np.zeros(k)
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
        high = 0
        for j in range(k):
            p = probs[j] / total
            probs[j] = p
            low = p <= first_edge
            high += 0 if low else 1
            low_count[j] += 1.0 if low else 0.0
            low_weight[j] += w if low else 0.0
            low_value[j] += w * p if low else 0.0
        for j in range(k):
            if high == 0:
                break
            p = probs[j]
            if p > first_edge:
                high -= 1
                at = j * stride + bin_of(min(p, 1.0), edges) * PER_BIN
                out[at] += 1.0
                out[at + 1] += w
                out[at + 2] += w * p
        label = labels[i]
        out[label * stride + bin_of(min(probs[label], 1.0), edges) * PER_BIN + 3] += w
    for j in range(k):
        out[j * stride] += low_count[j]
        out[j * stride + 1] += low_weight[j]
        out[j * stride + 2] += low_value[j]
