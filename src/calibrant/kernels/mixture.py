"""The sums of ensemble temperature scaling: the true class's probability under T, and the mixture's loss.

A row's loss is -log(v·q), with q the probabilities that the members of the mixture give its label.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.rows import SMALLEST_LIKELIHOOD
from calibrant.kernels.scalar import (
    LOG2_E,
    LOWEST_DIFFERENCE,
    SUMS,
    as_float,
    exp2_of_nonpositive,
    weight_of,
)

MEMBERS = 3
"""softmax(z / T), softmax(z), uniform over the classes that are not masked."""

MIXTURE_WIDTH = 2 + MEMBERS + MEMBERS * MEMBERS
"""Weight, loss, gradient and Hessian in v."""


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def label_probs(start, stop, logits, labels, inverse_temperature, probs, slopes, uniform):
    """Write each row's p_y = softmax(βz)_y, floored at 2⁻¹²⁶, its derivative in β, 1 / (finite logits)."""
    k = logits.shape[1]
    scale = inverse_temperature * LOG2_E
    for i in range(start, stop):
        peak = np.float64(as_float(logits[i, 0]))
        for j in range(1, k):
            peak = max(peak, np.float64(as_float(logits[i, j])))
        total = 0.0
        first = 0.0
        finite = 0.0
        for j in range(k):
            d = np.float64(as_float(logits[i, j])) - peak
            finite += 1.0 if d > LOWEST_DIFFERENCE else 0.0
            d = d if d > LOWEST_DIFFERENCE else LOWEST_DIFFERENCE
            e = exp2_of_nonpositive(scale * d)
            total += e
            first += e * d
        at_label = np.float64(as_float(logits[i, labels[i]])) - peak
        probs[i] = max(math.exp(inverse_temperature * at_label) / total, SMALLEST_LIKELIHOOD)
        slopes[i] = probs[i] * (at_label - first / total)
        uniform[i] = 1.0 / finite


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def mixture_sums(start, stop, scaled, plain, uniform, weight, mixture, out):
    """Add the loss of the mixture weights and its first two derivatives."""
    v0, v1, v2 = mixture[0], mixture[1], mixture[2]
    total = loss = g0 = g1 = g2 = h00 = h01 = h02 = h11 = h12 = h22 = 0.0
    for i in range(start, stop):
        w = weight_of(weight, i)
        if w == 0.0:
            continue
        p = v0 * scaled[i] + v1 * plain[i] + v2 * uniform[i]
        a, b, c = scaled[i] / p, plain[i] / p, uniform[i] / p
        total += w
        loss -= w * math.log(p)
        g0 -= w * a
        g1 -= w * b
        g2 -= w * c
        h00 += w * a * a
        h01 += w * a * b
        h02 += w * a * c
        h11 += w * b * b
        h12 += w * b * c
        h22 += w * c * c
    sums = (total, loss, g0, g1, g2, h00, h01, h02, h01, h11, h12, h02, h12, h22)
    for place in range(MIXTURE_WIDTH):
        out[place] += sums[place]
