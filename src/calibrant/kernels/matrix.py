"""The sums of matrix scaling, softmax(W z + b): loss and gradient, and products with the Hessian.

Rows go in tiles, so that the products with W and with the residuals run on data in cache. `z` is the row of
logits as it is, or its log-softmax (Dirichlet calibration). W comes transposed, contiguous; matrices in `out`
are laid out as W, row after row, then b.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from calibrant.kernels.product import add_product
from calibrant.kernels.scalar import LOG2_E, SUMS, as_float, exp2_of_nonpositive, weight_of
from calibrant.kernels.softmax import is_beaten, softmax_loss

MATRIX_HEAD = 3
"""Weight, loss, weight of the rows whose label does not score highest; then comes the gradient (k² + k)."""

_TILE = 32


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def matrix_sums(start, stop, logits, normalised, labels, weight, transposed, biases, out):
    """Add rows start..stop-1 to `out`: the head, then the gradient."""
    k = logits.shape[1]
    rows = np.empty((_TILE, k))
    scores = np.empty((_TILE, k))
    residuals = np.empty((k, _TILE))
    picked = np.empty(_TILE, np.int64)
    gradient = out[MATRIX_HEAD : MATRIX_HEAD + k * k].reshape((k, k))
    i = start
    while i < stop:
        i, count = _fill_tile(i, stop, logits, normalised, weight, rows, picked)
        _scores(rows, transposed, biases, scores)
        residuals[:] = 0.0
        for t in range(count):
            label = labels[picked[t]]
            w = weight_of(weight, picked[t])
            probs = scores[t]
            out[0] += w
            out[1] += w * softmax_loss(probs, label)
            out[2] += w * is_beaten(probs, label)
            for j in range(k):
                residuals[j, t] = w * probs[j]
            residuals[label, t] -= w
        add_product(residuals, rows, gradient)
        _add_row_sums(residuals, out[MATRIX_HEAD + k * k :])


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def matrix_product(
    start, stop, logits, normalised, labels, weight, transposed, biases, step_transposed, bias_step, out
):
    """Add to `out` (k² + k) the Hessian at (W, b) times a step in W and b."""
    k = logits.shape[1]
    rows = np.empty((_TILE, k))
    scores = np.empty((_TILE, k))
    moves = np.empty((_TILE, k))
    changes = np.empty((k, _TILE))
    picked = np.empty(_TILE, np.int64)
    product = out[: k * k].reshape((k, k))
    i = start
    while i < stop:
        i, count = _fill_tile(i, stop, logits, normalised, weight, rows, picked)
        _scores(rows, transposed, biases, scores)
        _scores(rows, step_transposed, bias_step, moves)
        changes[:] = 0.0
        for t in range(count):
            w = weight_of(weight, picked[t])
            probs = scores[t]
            softmax_loss(probs, labels[picked[t]])
            mean = 0.0
            for j in range(k):
                mean += probs[j] * moves[t, j]
            for j in range(k):
                changes[j, t] = w * probs[j] * (moves[t, j] - mean)
        add_product(changes, rows, product)
        _add_row_sums(changes, out[k * k :])


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def _fill_tile(i, stop, logits, normalised, weight, rows, picked):
    """Gather the next rows of positive weight; return where to go on and how many they are."""
    k = logits.shape[1]
    rows[:] = 0.0
    count = 0
    while i < stop and count < picked.size:
        if weight_of(weight, i) > 0.0:
            peak = np.float64(as_float(logits[i, 0]))
            for j in range(k):
                z = np.float64(as_float(logits[i, j]))
                rows[count, j] = z
                peak = max(peak, z)
            if normalised:
                total = 0.0
                for j in range(k):
                    total += exp2_of_nonpositive((rows[count, j] - peak) * LOG2_E)
                shift = peak + math.log(total)
                for j in range(k):
                    rows[count, j] -= shift
            picked[count] = i
            count += 1
        i += 1
    return i, count


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def _scores(rows, transposed, biases, scores):
    """Write rows · Wᵀ + b."""
    scores[:] = biases
    add_product(rows, transposed, scores)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def _add_row_sums(matrix, out):
    for j in range(matrix.shape[0]):
        for t in range(matrix.shape[1]):
            out[j] += matrix[j, t]
