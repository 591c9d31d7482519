"""Labels drawn from rows of probabilities, many sets of them, and the variance of what they show.

A label's random number depends on the seed, its row and its set alone: no cut of the rows changes it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.bins import bin_of
from calibrant.kernels.row_probs import row_probs
from calibrant.kernels.scalar import SUMS

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11))
"""The constants of SplitMix64."""


@njit(inline="always")
def uniform_at(seed, position):
    """Return the number in [0, 1) at a position of the sequence SplitMix64 (Steele, Lea & Flood 2014)."""
    z = seed + (np.uint64(position) + np.uint64(1)) * STEP
    z = (z ^ (z >> SHIFTS[0])) * FIRST
    z = (z ^ (z >> SHIFTS[1])) * SECOND
    z = z ^ (z >> SHIFTS[2])
    return np.float64(z >> SHIFTS[3]) * 2.0**-53


@njit(nogil=True, cache=True, error_model="numpy")
def draw_labels(
    start, stop, scores, are_logits, inverse_temperature, edges, seed, first, before, rows, cells
):
    """Write the cell (class · m + bin) of labels drawn for rows start..stop-1, set `first` and following.

    `cells` is (sets, n); the scores are those of n of `rows` rows, with `before` others before them.
    The most probable class comes first in the cumulative sums, as it is drawn most.
    """
    k = scores.shape[1]
    m = edges.size - 1
    probs = np.empty(k)
    cumulative = np.empty(k)
    for i in range(start, stop):
        row_probs(scores, i, are_logits, inverse_temperature, probs)
        top = 0
        for j in range(1, k):
            top = j if probs[j] > probs[top] else top
        total = 0.0
        last = 0
        for j in range(k):
            p = probs[top if j == 0 else (0 if j == top else j)]
            total += p
            cumulative[j] = total
            last = j if p > 0.0 else last
        for r in range(cells.shape[0]):
            u = uniform_at(seed, (first + r) * rows + before + i) * total
            low = 0
            if u >= cumulative[0]:
                low, high = 1, last
                while low < high:
                    middle = (low + high) // 2
                    if cumulative[middle] > u:
                        high = middle
                    else:
                        low = middle + 1
                low = min(low, last)
            label = top if low == 0 else (0 if low == top else low)
            cells[r, i] = label * m + bin_of(probs[label], edges)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def gap_sums(start, stop, scores, are_logits, inverse_temperature, edges, gaps, factor, added, out):
    """Add, over rows, the variance of the gap of a label's cell, and Σ over classes of gap² and its square.

    `gaps` is (k m,). A label is class c with a probability proportional to p_c · factor + added, both those
    of the bin of p_c.
    """
    k = scores.shape[1]
    m = edges.size - 1
    probs = np.empty(k)
    for i in range(start, stop):
        row_probs(scores, i, are_logits, inverse_temperature, probs)
        total = 0.0
        mean = 0.0
        square = 0.0
        squares = 0.0
        for j in range(k):
            b = bin_of(probs[j], edges)
            gap = gaps[j * m + b]
            p = probs[j] * factor[b] + added[b]
            total += p
            mean += p * gap
            square += p * gap * gap
            squares += gap * gap
        if total > 0.0:
            out[0] += square / total - (mean / total) ** 2
        out[1] += squares
        out[2] += squares * squares
