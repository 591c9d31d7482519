"""The sums of a softmax that is affine in given features: its loss and gradient, and its scores.

A score is biases_c + Σ_j slopes_jc shared_jc + Σ_i mixing_i coefficients_ic: `shared` holds J blocks of k
features that stay in their class, `mixing` m features that enter every class. Penalties are not added here.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.product import add_product
from calibrant.kernels.scalar import SUMS, weight_of
from calibrant.kernels.softmax import softmax_loss

_TILE = 32


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def basis_scores(start, stop, shared, mixing, slopes, coefficients, biases, out):
    """Write the scores of rows start..stop-1 to `out` (n, k)."""
    for i in range(start, stop):
        _own_class(shared[i], slopes, biases, out[i])
    add_product(mixing[start:stop], coefficients, out[start:stop])


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def basis_sums(start, stop, shared, mixing, labels, weight, slopes, coefficients, biases, out):
    """Add to `out` the loss and its gradient: in the biases (k), the slopes (J k), the coefficients (m k)."""
    k = biases.size
    m = mixing.shape[1]
    scores = np.empty((_TILE, k))
    columns = np.empty((m, _TILE))
    bias_gradient = out[1 : 1 + k]
    slope_gradient = out[1 + k : 1 + k + slopes.size]
    gradient = out[1 + k + slopes.size :].reshape((m, k))
    for first in range(start, stop, _TILE):
        count = min(_TILE, stop - first)
        for t in range(count):
            _own_class(shared[first + t], slopes, biases, scores[t])
        add_product(mixing[first : first + count], coefficients, scores[:count])
        for t in range(count):
            i = first + t
            out[0] += _residual(scores[t], labels[i], weight_of(weight, i))
            for j in range(m):
                columns[j, t] = mixing[i, j]
            for c in range(k):
                bias_gradient[c] += scores[t, c]
            for block in range(0, slopes.size, k):
                for c in range(k):
                    slope_gradient[block + c] += scores[t, c] * shared[i, block + c]
        if count < _TILE:
            scores[count:] = 0.0
            columns[:, count:] = 0.0
        add_product(columns, scores, gradient)


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def _own_class(features, slopes, biases, scores):
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
