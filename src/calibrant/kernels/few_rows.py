"""Summary and bins of few rows, in NumPy: nothing has to be compiled for them.

They are what `rows` and `bins` compute, to within rounding. The size alone decides which of the two is
taken, so that the same rows always give the same bits.
"""

from __future__ import annotations

import math

import numpy as np

from calibrant._typing import Floats, Integers, Scores
from calibrant.kernels.rows import NORMALISED, SMALLEST_LIKELIHOOD
from calibrant.kernels.scalar import LOG2_E, SMALLEST_EXP2

_FEW = 1 << 17


def are_few(rows: int, columns: int) -> bool:
    """Return whether so many scores are few: over them NumPy's passes take some milliseconds at most."""
    return rows * columns <= _FEW


def summarise_few(
    scores: Scores, are_logits: bool, inverse_temperature: float, labels: Integers
) -> tuple[Integers, Floats, Floats]:
    """Return each row's most probable class, (n,), its MEASURES, (3, n), and its probabilities, (n, k)."""
    values = scores.astype(np.float64)
    at = np.arange(len(values))
    prediction = values.argmax(axis=1)
    top = values[at, prediction]
    if are_logits:
        with np.errstate(over="ignore"):  # a difference beyond float64 is -inf, probability 0
            scaled = inverse_temperature * (values - top[:, None])
            masses = np.exp2(np.maximum(LOG2_E * scaled, math.log2(SMALLEST_EXP2)))
        total = masses.sum(axis=1)
        at_label = scaled[at, labels]
        p = np.exp(at_label) / total
        confidence = 1.0 / total
        nll = np.minimum(np.log(total) - at_label, -math.log(SMALLEST_LIKELIHOOD))
        masses[masses <= SMALLEST_EXP2] = 0.0
    else:
        masses = values
        total = masses.sum(axis=1)
        total[np.abs(total - 1.0) <= NORMALISED] = 1.0
        p = masses[at, labels] / total
        confidence = np.minimum(top / total, 1.0)
        nll = -np.log(np.clip(p, SMALLEST_LIKELIHOOD, 1.0))
    squares = np.einsum("ij,ij->i", masses, masses)
    brier = np.maximum(squares / (total * total) - p * p, 0.0) + (1.0 - p) ** 2
    probs = np.minimum(masses / total[:, None], 1.0)
    return prediction, np.stack([confidence, nll, brier]), probs


def bin_few(probs: Floats, shares: Floats, weight: Floats, edges: Floats) -> Floats:
    """Return every class's sums over equal-width bins, (k, m, PER_BIN); no weights count as 1.

    `shares` is (n, k), how much of a row's truth is each class.
    """
    k, m = probs.shape[1], len(edges) - 1
    cells = (np.searchsorted(edges[1:-1], probs, side="left") + m * np.arange(k)).ravel()
    weights = np.ones(cells.size) if weight.size == 0 else np.repeat(weight, k)
    columns = (None, weights, weights * probs.ravel(), weights * shares.ravel())
    sums = [np.bincount(cells, column, k * m) for column in columns]
    return np.stack(sums, axis=-1).astype(np.float64).reshape(k, m, len(columns))


def gap_sums_of_few(probs: Floats, edges: Floats, gaps: Floats, factor: Floats, added: Floats) -> Floats:
    """Return what `label_draws.gap_sums` adds up, (3,); `gaps` is (k, m)."""
    b = np.searchsorted(edges[1:-1], probs, side="left")
    gap = gaps[np.arange(probs.shape[1]), b]
    likely = probs * factor[b] + added[b]
    total = likely.sum(axis=1)
    likely = likely[total > 0] / total[total > 0, None]
    of_likely = gap[total > 0]
    variance = (likely * of_likely**2).sum(axis=1) - (likely * of_likely).sum(axis=1) ** 2
    squares = (gap**2).sum(axis=1)
    return np.array([variance.sum(), squares.sum(), (squares**2).sum()])
