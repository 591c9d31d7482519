"""Counting rows into equal-width bins, (lo, hi] with the first bin closed at 0, each row in exactly one bin.

The caller gives the edges j/m in float64; an index is found by one multiplication and mended against them.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.one_row import PART, dense_scores, first_of_largest, load_row, parts_of
from calibrant.kernels.rows import summarise
from calibrant.kernels.scalar import SMALLEST_EXP2, SUMS, weight_of

PER_BIN = 4
"""Rows, weight, weighted confidence, weighted correct."""

_SURELY = 1 - 2.0**-50
"""A probability below the first edge by this factor is below it however its division rounds."""

_SLACK = 1e-9
"""By how many nats a search for probabilities above the first edge starts below it."""


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
def class_rows(
    start, stop, scores, are_logits, inverse_temperature, labels, prediction, measures, weight, edges, out
):
    """As `score_rows`, and add every class's probability, one against the rest, to `out`, class after class.

    Nearly all probabilities fall into the first bin: those surely in it are added up side by side, and the
    others are found through the parts of the row that may hold one.
    """
    k = scores.shape[1]
    stride = (edges.size - 1) * PER_BIN
    weighted = weight.size > 0
    dense, masses, peaks = dense_scores(scores), np.empty(k), np.empty(parts_of(k))
    others, low_weight, low_value = np.zeros(k), np.zeros(k), np.zeros(k)
    log_edge = math.log(edges[1])
    smallest = SMALLEST_EXP2 if are_logits else 0.0
    for i in range(start, stop):
        w = weight_of(weight, i)
        at = load_row(scores, i, dense)
        best = first_of_largest(dense, at, peaks)
        label = labels[i]
        total = summarise(dense, at, are_logits, inverse_temperature, best, label, masses, measures, i)
        prediction[i] = best
        low = edges[1] * total * _SURELY
        _add_low(masses, low, smallest, w / total, low_value)
        if weighted:
            _add_low_weight(masses, low, w, low_weight)
        top = np.float64(dense[at, best])
        least = log_edge + math.log(total) - _SLACK
        for part in range(peaks.size):
            if are_logits and inverse_temperature * (peaks[part] - top) < least:
                continue
            if not are_logits and peaks[part] <= low:
                continue
            for j in range(part * PART, min((part + 1) * PART, k)):
                if masses[j] > low:
                    p = min(masses[j] / total, 1.0)
                    bin_at = j * stride + bin_of(p, edges) * PER_BIN
                    others[j] += 1.0
                    out[bin_at] += 1.0
                    out[bin_at + 1] += w
                    out[bin_at + 2] += w * p
        p = min(masses[label] / total, 1.0)
        out[label * stride + bin_of(p, edges) * PER_BIN + 3] += w
    for j in range(k):
        count = stop - start - others[j]
        out[j * stride] += count
        out[j * stride + 1] += low_weight[j] if weighted else count
        out[j * stride + 2] += low_value[j]


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def _add_low(masses, low, smallest, share, low_value):
    """Add the masses up to `low`, times `share`; `smallest`, which stands for a probability of 0, adds 0."""
    for j in range(masses.size):
        e = masses[j]
        low_value[j] += share * (e - smallest) if e <= low else 0.0


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def _add_low_weight(masses, low, w, low_weight):
    """Add the weight of the row to every class with a mass up to `low`."""
    for j in range(masses.size):
        low_weight[j] += w if masses[j] <= low else 0.0
