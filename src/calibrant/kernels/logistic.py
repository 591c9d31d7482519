"""The sums of logistic regression on a few features: loss, gradient and Hessian.

With u = θ·x and p = σ(u), a row adds softplus(u) - t u to the loss, (p - t) x to the gradient and
p (1 - p) x xᵀ to the Hessian; the target t may be any number in 0..1 (Platt 1999).
"""

from __future__ import annotations

import math

from numba import njit

from calibrant.kernels.scalar import SUMS, weight_of

LOGISTIC_HEAD = 3
"""Weight, loss, weight of the rows on the wrong side of u = 0; then gradient (m) and Hessian (m²)."""


@njit(nogil=True, cache=True, fastmath=SUMS, error_model="numpy")
def logistic_sums(start, stop, features, targets, weight, coefficients, out):
    """Add rows start..stop-1 of `features` (n, m) to `out`."""
    m = features.shape[1]
    for i in range(start, stop):
        w = weight_of(weight, i)
        if w == 0.0:
            continue
        u = 0.0
        for a in range(m):
            u += coefficients[a] * features[i, a]
        small = math.exp(-abs(u))
        positive = 1.0 / (1.0 + small) if u >= 0.0 else small / (1.0 + small)
        target = targets[i]
        out[0] += w
        out[1] += w * (max(u, 0.0) + math.log1p(small) - target * u)
        out[2] += w if (target - 0.5) * u <= 0.0 else 0.0
        slope = w * (positive - target)
        curvature = w * small / ((1.0 + small) * (1.0 + small))
        for a in range(m):
            x = features[i, a]
            out[LOGISTIC_HEAD + a] += slope * x
            for b in range(m):
                out[LOGISTIC_HEAD + m + a * m + b] += curvature * x * features[i, b]
