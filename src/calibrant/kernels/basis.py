"""The sums of a softmax that is affine in given features: its loss and gradient over listed rows.

A score is biases_c + Σ_j slopes_jc shared_jc + Σ_i mixing_i coefficients_ic: `shared` holds J blocks of k
features that stay in their class, `mixing` m features that enter every class. Penalties are not added here.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.product import add_product
from calibrant.kernels.scalar import SUMS
from calibrant.kernels.softmax import softmax_loss

_TILE = 32


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def basis_sums(start, stop, rows, shared, mixing, labels, weight, slopes, coefficients, biases, out):
    """Add to `out` the loss of rows[start:stop] and its gradient: biases (k), slopes (J k), coefficients."""
    k = biases.size
    m = mixing.shape[1]
    scores = np.empty((_TILE, k))
    tile = np.empty((_TILE, m))
    columns = np.zeros((m, _TILE))
    bias_gradient = out[1 : 1 + k]
    slope_gradient = out[1 + k : 1 + k + slopes.size]
    gradient = out[1 + k + slopes.size :].reshape((m, k))
    for first in range(start, stop, _TILE):
        count = min(_TILE, stop - first)
        for t in range(count):
            i = rows[first + t]
            _own_class(shared[i], slopes, biases, scores[t])
            for j in range(m):
                tile[t, j] = mixing[i, j]
                columns[j, t] = mixing[i, j]
        add_product(tile[:count], coefficients, scores[:count])
        for t in range(count):
            i = rows[first + t]
            out[0] += _residual(scores[t], labels[i], weight[i])
            for c in range(k):
                bias_gradient[c] += scores[t, c]
            for block in range(0, slopes.size, k):
                for c in range(k):
                    slope_gradient[block + c] += scores[t, c] * shared[i, block + c]
        scores[count:] = 0.0
        add_product(columns, scores, gradient)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def basis_losses(start, stop, rows, shared, mixing, labels, slopes, coefficients, biases, out):
    """Write the log-loss of each of rows[start:stop] to `out`, at the row's own place."""
    k = biases.size
    m = mixing.shape[1]
    scores = np.empty((_TILE, k))
    tile = np.empty((_TILE, m))
    for first in range(start, stop, _TILE):
        count = min(_TILE, stop - first)
        for t in range(count):
            i = rows[first + t]
            _own_class(shared[i], slopes, biases, scores[t])
            tile[t] = mixing[i]
        add_product(tile[:count], coefficients, scores[:count])
        for t in range(count):
            i = rows[first + t]
            out[i] = softmax_loss(scores[t], labels[i])


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def _own_class(features, slopes, biases, scores):
    """Write the scores of one row (k,) from the features that stay in their class."""
    k = scores.size
    for c in range(k):
        scores[c] = biases[c]
    for block in range(0, slopes.size, k):
        for c in range(k):
            scores[c] += slopes[block + c] * features[block + c]


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def _residual(scores, label, w):
    """Turn scores (k,) into w (p_c - [c = label]), the loss's gradient in them, and return the loss."""
    loss = w * softmax_loss(scores, label)
    for c in range(scores.size):
        scores[c] *= w
    scores[label] -= w
    return loss
