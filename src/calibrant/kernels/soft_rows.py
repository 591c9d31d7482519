"""As `rows`, for rows whose truth is shared out over the classes: each value is its mean over the shares.

A row with all its share on one class gets the numbers of a row with that label.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.one_row import dense_scores, exponentials, first_of_largest, load_row, parts_of
from calibrant.kernels.rows import NORMALISED, SMALLEST_LIKELIHOOD
from calibrant.kernels.scalar import LOG2_E, SUMS

_LARGEST_LOSS = -math.log(SMALLEST_LIKELIHOOD)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def soft_score_rows(
    start,
    stop,
    scores,
    are_logits,
    inverse_temperature,
    shares,
    confidence,
    prediction,
    correct,
    nll,
    brier,
    floored,
):
    """Write top probability and class, its share, and the mean loss and Brier score of each row, all (n,).

    The probabilities are softmax(βz), or the scores themselves, normalised here. `floored` says whether a
    class with a share has a probability of 2⁻¹²⁶ or less, which counts as that.
    """
    k = scores.shape[1]
    dense, masses, peaks = dense_scores(scores), np.empty(k), np.empty(parts_of(k))
    for i in range(start, stop):
        at = load_row(scores, i, dense)
        best = first_of_largest(dense, at, peaks)
        top = np.float64(dense[at, best])
        if are_logits:
            total, squares = exponentials(dense, at, top, inverse_temperature * LOG2_E, masses)
            confidence[i] = 1.0 / total
        else:
            total = 0.0
            squares = 0.0
            for j in range(k):
                e = np.float64(dense[at, j])
                total += e
                squares += e * e
            if abs(total - 1.0) <= NORMALISED:
                total = 1.0
            confidence[i] = min(top / total, 1.0)
        prediction[i] = best
        correct[i] = shares[i, best]
        loss = 0.0
        score = 0.0
        floored[i] = False
        for j in range(k):
            share = shares[i, j]
            if share > 0.0:
                if are_logits:
                    at_label = inverse_temperature * (np.float64(dense[at, j]) - top)
                    p = math.exp(at_label) / total
                    of_class = min(math.log(total) - at_label, _LARGEST_LOSS)
                else:
                    p = np.float64(dense[at, j]) / total
                    of_class = -math.log(max(min(p, 1.0), SMALLEST_LIKELIHOOD))
                floored[i] |= of_class >= _LARGEST_LOSS
                loss += share * of_class
                score += share * (max(squares / (total * total) - p * p, 0.0) + (1.0 - p) * (1.0 - p))
        nll[i] = loss
        brier[i] = score
