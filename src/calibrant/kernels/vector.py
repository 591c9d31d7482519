"""The sums of vector scaling, softmax(a ∘ z + b): loss and gradient, and products with the Hessian.

With p the softmax, a row's gradient in (a_j, b_j) is (p_j - [j = y]) (z_j, 1), and its Hessian times (α, β)
is p_j (t_j - Σ p t) (z_j, 1) with t = α ∘ z + β (Guo et al. 2017, section 4.2).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from calibrant.kernels.scalar import SUMS, as_float, weight_of
from calibrant.kernels.softmax import is_beaten, softmax_loss

VECTOR_HEAD = 3
"""Weight, loss, weight of the rows whose label does not score highest; then come the vectors."""


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def vector_sums(start, stop, logits, labels, weight, slopes, biases, out):
    """Add to `out`, after its head, the gradient: slopes (k), biases (k)."""
    k = logits.shape[1]
    row = np.empty(k)
    probs = np.empty(k)
    slope_gradient = np.zeros(k)
    bias_gradient = np.zeros(k)
    for i in range(start, stop):
        w = weight_of(weight, i)
        if w == 0.0:
            continue
        label = labels[i]
        for j in range(k):
            z = np.float64(as_float(logits[i, j]))
            row[j] = z
            probs[j] = slopes[j] * z + biases[j]
        out[0] += w
        out[1] += w * softmax_loss(probs, label)
        out[2] += w * is_beaten(probs, label)
        for j in range(k):
            p = w * probs[j]
            slope_gradient[j] += p * row[j]
            bias_gradient[j] += p
        slope_gradient[label] -= w * row[label]
        bias_gradient[label] -= w
    for j in range(k):
        out[VECTOR_HEAD + j] += slope_gradient[j]
        out[VECTOR_HEAD + k + j] += bias_gradient[j]


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def vector_product(start, stop, logits, labels, weight, slopes, biases, slope_step, bias_step, out):
    """Add to `out` (2k) the Hessian at (slopes, biases) times a step."""
    k = logits.shape[1]
    row = np.empty(k)
    probs = np.empty(k)
    slope_product = np.zeros(k)
    bias_product = np.zeros(k)
    for i in range(start, stop):
        w = weight_of(weight, i)
        if w == 0.0:
            continue
        for j in range(k):
            z = np.float64(as_float(logits[i, j]))
            row[j] = z
            probs[j] = slopes[j] * z + biases[j]
        softmax_loss(probs, labels[i])
        mean = 0.0
        for j in range(k):
            mean += probs[j] * (slope_step[j] * row[j] + bias_step[j])
        for j in range(k):
            change = w * probs[j] * (slope_step[j] * row[j] + bias_step[j] - mean)
            slope_product[j] += change * row[j]
            bias_product[j] += change
    for j in range(k):
        out[j] += slope_product[j]
        out[k + j] += bias_product[j]
