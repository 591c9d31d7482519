"""One pass over the scores that leaves, for each row, all that the row-wise metrics need.

After it, accuracy, log-loss, Brier and every top-label quantity are sums over short vectors.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.one_row import dense_scores, exponentials, first_of_largest, load_row, parts_of
from calibrant.kernels.scalar import LOG2_E, SUMS

MEASURES = 3
"""Numbers a row: the top probability, -log p_y (floored) and the Brier score."""

NORMALISED = 1e-12
"""A row of probabilities this close to a sum of 1 is taken as it is."""

SMALLEST_LIKELIHOOD = 2.0**-126
"""Where the probability of the true class is floored."""


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def score_rows(start, stop, scores, are_logits, inverse_temperature, labels, prediction, measures):
    """Write each row's most probable class to `prediction` (n,), and its MEASURES to `measures` (3, n).

    The probabilities are softmax(βz), or the scores themselves, normalised here.
    """
    k = scores.shape[1]
    dense, masses, peaks = dense_scores(scores), np.empty(k), np.empty(parts_of(k))
    for i in range(start, stop):
        at = load_row(scores, i, dense)
        prediction[i] = first_of_largest(dense, at, peaks)
        summarise(dense, at, are_logits, inverse_temperature, prediction[i], labels[i], masses, measures, i)


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def summarise(scores, at, are_logits, inverse_temperature, best, label, masses, measures, i):
    """Write the summary of one row; leave its probabilities times what is returned in `masses` (k,)."""
    top = np.float64(scores[at, best])
    if are_logits:
        total, squares = exponentials(scores, at, top, inverse_temperature * LOG2_E, masses)
        at_label = inverse_temperature * (np.float64(scores[at, label]) - top)
        confidence, nll, brier = tempered(total, squares, math.exp(at_label), at_label)
    else:
        total = 0.0
        squares = 0.0
        for j in range(masses.size):
            e = np.float64(scores[at, j])
            masses[j] = e
            total += e
            squares += e * e
        if abs(total - 1.0) <= NORMALISED:
            total = 1.0
        p = masses[label] / total
        confidence = min(top / total, 1.0)
        nll = -math.log(max(min(p, 1.0), SMALLEST_LIKELIHOOD))
        brier = _brier(total, squares, p)
    measures[0, i] = confidence
    measures[1, i] = nll
    measures[2, i] = brier
    return total


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def tempered(total, squares, of_label, at_label):
    """Return the MEASURES of a row whose exponentials have this sum and sum of squares.

    `of_label` is that of the label, `at_label` the exponent it came from.
    """
    p = of_label / total
    nll = min(math.log(total) - at_label, -math.log(SMALLEST_LIKELIHOOD))
    return 1.0 / total, nll, _brier(total, squares, p)


@njit(fastmath=SUMS, error_model="numpy", forceinline=True)
def _brier(total, squares, p):
    """Return the Brier score of a label of probability p, the others' squares being relative to `total`."""
    return max(squares / (total * total) - p * p, 0.0) + (1.0 - p) * (1.0 - p)
