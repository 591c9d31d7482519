"""Natural cubic splines by their values at knots: basis, roughness, and what they say beyond the last knot.

Beyond its knots a spline goes on as a straight line, which here never falls.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

from calibrant._typing import Floats

_CLOSEST = 1e-6


def knots_at_quantiles(scores: Floats, weight: Floats, count: int, *, tail: float = 0.01) -> Floats:
    """Return at most `count` knots at weighted quantiles tail..1 - tail of ascending scores, at least two."""
    cumulative = np.cumsum(weight)
    targets = np.linspace(tail, 1 - tail, count) * cumulative[-1]
    picked = np.unique(scores[np.minimum(np.searchsorted(cumulative, targets), len(scores) - 1)])
    apart = np.diff(picked, prepend=-np.inf) > _CLOSEST * max(1.0, float(picked[-1] - picked[0]))
    knots = picked[apart]
    return knots if len(knots) > 1 else knots[0] + np.array([-1.0, 1.0])


def spline_basis(knots: Floats, scores: Floats) -> Floats:
    """Return (n, K): the value at each score of the spline that is 1 at one knot and 0 at the others.

    Examples
    --------
    >>> spline_basis(np.array([0.0, 1.0]), np.array([0.25, 2.0])).tolist()
    [[0.75, 0.25], [-1.0, 2.0]]
    """
    basis = CubicSpline(knots, np.eye(len(knots)), bc_type="natural")
    below, above = np.minimum(scores - knots[0], 0.0), np.maximum(scores - knots[-1], 0.0)
    values: Floats = basis(np.clip(scores, knots[0], knots[-1]))
    values += below[:, None] * basis(knots[0], 1) + above[:, None] * basis(knots[-1], 1)
    return values


def roughness_form(knots: Floats) -> Floats:
    """Return the matrix of the quadratic form ∫ f″(x)² dx in the values at the knots, times their span cubed.

    The second derivative of a natural spline is linear between knots (Green & Silverman, Nonparametric
    Regression and Generalized Linear Models, 1994, section 2.1). The factor makes it free of scale.
    """
    count, gaps = len(knots), np.diff(knots)
    second = CubicSpline(knots, np.eye(count), bc_type="natural")(knots, 2)
    products = np.zeros((count, count))
    left = np.arange(count - 1)
    products[left, left] += gaps / 3
    products[left + 1, left + 1] += gaps / 3
    products[left, left + 1] = products[left + 1, left] = gaps / 6
    form: Floats = second.T @ products @ second * (knots[-1] - knots[0]) ** 3
    return form


def spline_value(knots: Floats, values: Floats, scores: Floats) -> Floats:
    """Return the spline through (knots, values); beyond the knots a straight line that does not fall.

    Examples
    --------
    >>> spline_value(np.array([0.0, 1.0]), np.array([1.0, 0.5]), np.array([-5.0, 0.5, 9.0])).tolist()
    [1.0, 0.75, 0.5]
    """
    spline = CubicSpline(knots, values, bc_type="natural")
    result: Floats = spline(np.clip(scores, knots[0], knots[-1]))
    result += max(float(spline(knots[0], 1)), 0.0) * np.minimum(scores - knots[0], 0.0)
    result += max(float(spline(knots[-1], 1)), 0.0) * np.maximum(scores - knots[-1], 0.0)
    return result
