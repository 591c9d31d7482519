"""The sums of a sweep: top-label bins, log-loss and Brier score at many temperatures, from one pass.

A row stays in the nearest cache while all temperatures are taken of it. At half a temperature the
exponentials are the squares of those at the whole: only the first of such a chain takes exponentials.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.bins import PER_BIN, bin_of
from calibrant.kernels.one_row import dense_scores, exponentials, first_of_largest, load_row, parts_of
from calibrant.kernels.rows import tempered
from calibrant.kernels.scalar import LOG2_E, SUMS, weight_of

LOSSES = 2
"""Weighted sums beside the bins of each temperature: of log-loss (floored) and of Brier score."""


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def sweep_rows(start, stop, logits, inverse_temperatures, squared, labels, weight, edges, out):
    """Add rows start..stop-1 to `out`: temperature after temperature, PER_BIN numbers a bin, then LOSSES.

    Where `squared` (t,), the inverse temperature is exactly twice the one before it.
    """
    k = logits.shape[1]
    losses_at = (edges.size - 1) * PER_BIN
    dense, masses, peaks = dense_scores(logits), np.empty(k), np.empty(parts_of(k))
    for i in range(start, stop):
        w = weight_of(weight, i)
        at = load_row(logits, i, dense)
        best = first_of_largest(dense, at, peaks)
        label = labels[i]
        top = np.float64(dense[at, best])
        difference = np.float64(dense[at, label]) - top
        hit = w if best == label else 0.0
        first = 0
        for t in range(inverse_temperatures.size):
            inverse = inverse_temperatures[t]
            if squared[t]:
                total, squares = _square(masses)
            else:
                total, squares = exponentials(dense, at, top, inverse * LOG2_E, masses)
            confidence, nll, brier = tempered(total, squares, masses[label], inverse * difference)
            bin_at = first + bin_of(confidence, edges) * PER_BIN
            out[bin_at] += 1.0
            out[bin_at + 1] += w
            out[bin_at + 2] += w * confidence
            out[bin_at + 3] += hit
            out[first + losses_at] += w * nll
            out[first + losses_at + 1] += w * brier
            first += losses_at + LOSSES


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def _square(masses):
    """Square all in place, and return their sum, and that of their squares."""
    total = 0.0
    squares = 0.0
    for j in range(masses.size):
        e = masses[j] * masses[j]
        masses[j] = e
        total += e
        squares += e * e
    return total, squares
