"""The sums of temperature scaling: a pass for the loss and its derivatives, and one for the logits' shape.

With d_j = z_j - max z and p = softmax(βz), a row adds to the loss log Σ exp(β d_j) - β d_y; its
derivatives in β are the first three cumulants of z under p, the first less z_y (Guo et al. 2017, eq. 9).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.scalar import (
    LOG2_E,
    LOWEST_DIFFERENCE,
    SUMS,
    as_float,
    exp2_of_nonpositive,
    larger,
    weight_of,
)

LOSS_WIDTH = 7
"""Weight, loss, slope, curvature, third derivative, squared slopes, half their derivative."""

SHAPE_WIDTH = 6
"""Weight, max z - z_y, mean z - z_y, centred squares, finite scores, rows with -inf at the true class."""


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def temperature_sums(start, stop, logits, labels, weight, inverse_temperature, out):
    """Add rows start..stop-1 to `out`: the loss, its derivatives in β = 1/T, the squared slopes."""
    k = logits.shape[1]
    scale = inverse_temperature * LOG2_E
    for i in range(start, stop):
        w = weight_of(weight, i)
        if w == 0.0:
            continue
        top = as_float(logits[i, 0])
        for j in range(1, k):
            top = larger(top, as_float(logits[i, j]))
        peak = np.float64(top)
        s0 = 0.0
        s1 = 0.0
        s2 = 0.0
        s3 = 0.0
        for j in range(k):
            d = np.float64(as_float(logits[i, j])) - peak
            d = d if d > LOWEST_DIFFERENCE else LOWEST_DIFFERENCE
            e = exp2_of_nonpositive(scale * d)
            ed = e * d
            edd = ed * d
            s0 += e
            s1 += ed
            s2 += edd
            s3 += edd * d
        at_label = np.float64(as_float(logits[i, labels[i]])) - peak
        mean = s1 / s0
        square = s2 / s0
        variance = square - mean * mean
        slope = mean - at_label
        out[0] += w
        out[1] += w * (math.log(s0) - inverse_temperature * at_label)
        out[2] += w * slope
        out[3] += w * variance
        out[4] += w * (s3 / s0 - mean * (3.0 * variance + mean * mean))
        out[5] += w * slope * slope
        out[6] += w * slope * variance


@njit(error_model="numpy")
def _finite_sums(logits, row, peak):
    """Return Σ d, Σ d² and how many logits are not -inf, in the rare row with a masked class."""
    total = 0.0
    squares = 0.0
    finite = 0.0
    for j in range(logits.shape[1]):
        d = np.float64(as_float(logits[row, j])) - peak
        if d > LOWEST_DIFFERENCE:
            total += d
            squares += d * d
            finite += 1.0
    return total, squares, finite


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def shape_sums(start, stop, logits, labels, weight, out):
    """Add to `out` what decides, before any iteration, the scale of T and whether an optimum exists."""
    k = logits.shape[1]
    for i in range(start, stop):
        w = weight_of(weight, i)
        if w == 0.0:
            continue
        top = as_float(logits[i, 0])
        for j in range(1, k):
            top = larger(top, as_float(logits[i, j]))
        peak = np.float64(top)
        total = 0.0
        squares = 0.0
        finite = np.float64(k)
        for j in range(k):
            d = np.float64(as_float(logits[i, j])) - peak
            d = d if d > LOWEST_DIFFERENCE else LOWEST_DIFFERENCE
            total += d
            squares += d * d
        if total <= LOWEST_DIFFERENCE:
            total, squares, finite = _finite_sums(logits, i, peak)
        at_label = np.float64(as_float(logits[i, labels[i]])) - peak
        out[0] += w
        if at_label < LOWEST_DIFFERENCE:
            out[5] += 1.0
            continue
        mean = total / finite
        out[1] -= w * at_label
        out[2] += w * (mean - at_label)
        out[3] += w * max(squares - finite * mean * mean, 0.0)
        out[4] += w * finite
