"""As `rows`, for rows whose truth is shared out over the classes: each value is its mean over the shares.

A row with all its share on one class gets the numbers of a row with that label.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.rows import NORMALISED
from calibrant.kernels.scalar import (
    LOG2_E,
    LOWEST_DIFFERENCE,
    SUMS,
    as_float,
    exp2_of_nonpositive,
    larger,
)

_SMALLEST = 2.0**-126
_LARGEST_LOSS = -math.log(_SMALLEST)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def soft_logit_rows(
    start, stop, logits, shares, inverse_temperature, confidence, prediction, correct, nll, brier, floored
):
    """Write top probability and class, its share, and the mean loss and Brier score, at softmax(βz).

    `floored` says whether a class with a share has a probability of 2⁻¹²⁶ or less, which counts as that.
    """
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
        confidence[i] = 1.0 / total
        prediction[i] = best
        correct[i] = shares[i, best]
        loss = 0.0
        score = 0.0
        floored[i] = False
        for j in range(k):
            share = shares[i, j]
            if share > 0.0:
                at_label = inverse_temperature * (np.float64(as_float(logits[i, j])) - peak)
                p = math.exp(at_label) / total
                of_class = math.log(total) - at_label
                floored[i] |= of_class >= _LARGEST_LOSS
                loss += share * min(of_class, _LARGEST_LOSS)
                score += share * (max(squares / (total * total) - p * p, 0.0) + (1.0 - p) * (1.0 - p))
        nll[i] = loss
        brier[i] = score


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def soft_prob_rows(start, stop, probs, shares, confidence, prediction, correct, nll, brier, floored):
    """As `soft_logit_rows`, from probabilities, normalised here."""
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
        confidence[i] = min(np.float64(top) / total, 1.0)
        prediction[i] = best
        correct[i] = shares[i, best]
        loss = 0.0
        score = 0.0
        floored[i] = False
        for j in range(k):
            share = shares[i, j]
            if share > 0.0:
                p = np.float64(as_float(probs[i, j])) / total
                of_class = -math.log(max(min(p, 1.0), _SMALLEST))
                floored[i] |= of_class >= _LARGEST_LOSS
                loss += share * of_class
                score += share * (max(squares / (total * total) - p * p, 0.0) + (1.0 - p) * (1.0 - p))
        nll[i] = loss
        brier[i] = score
