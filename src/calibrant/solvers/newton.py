"""The minimum of a smooth convex function of a few numbers in a box: Newton's steps, damped and projected.

It wants the whole Hessian; for many parameters see `newton_cg`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.errors import FitFailed

_MOST_ITERATIONS = 500
_MOST_HALVINGS = 60
_SUFFICIENT = 1e-4
_TRUSTED = 1e-15
_ROUNDING = 1e-14
_DAMPING = 1e-12


@dataclass(frozen=True, slots=True)
class Quadratic:
    """A function's value, gradient (m,) and Hessian (m, m) at one point."""

    value: float
    gradient: Floats
    hessian: Floats


@dataclass(frozen=True, slots=True)
class BoxMinimum:
    """Where the minimum is.

    Attributes
    ----------
    x : float64 array, (m,)
        The minimiser.
    value : float
        Of the function at `x`.
    iterations : int
        Newton steps taken.
    """

    x: Floats
    value: float
    iterations: int


def minimise_newton(
    function: Callable[[Floats], Quadratic], *, start: Floats, lower: Floats, upper: Floats
) -> BoxMinimum:
    """Minimise a convex function over lower ≤ x ≤ upper.

    Numbers at a bound that the gradient pushes outwards stay there; the others take Newton's step, cut back
    onto the box and halved until the loss falls enough (projected Newton, Bertsekas, SIAM Journal on Control
    and Optimization 1982). It ends when the step would gain less than about 1e-15.

    Raises
    ------
    FitFailed
        The function is not finite, or 500 steps did not reach the minimum.

    Examples
    --------
    >>> def bowl(x): return Quadratic(float((x - 3) @ (x - 3)), 2 * (x - 3), 2 * np.eye(2))
    >>> minimise_newton(bowl, start=np.zeros(2), lower=np.zeros(2), upper=np.array([1.0, 9.0])).x.tolist()
    [1.0, 3.0]
    """
    x = np.clip(start, lower, upper)
    at = function(x)
    for iteration in range(_MOST_ITERATIONS):
        if not (np.isfinite(at.value) and np.isfinite(at.gradient).all()):
            raise FitFailed("the loss is not finite; the scores are too large to be fitted.")
        free = ~(((x <= lower) & (at.gradient >= 0)) | ((x >= upper) & (at.gradient <= 0)))
        step = _step(at, free)
        gain = -float(at.gradient @ step)
        if gain <= _TRUSTED * max(1.0, abs(at.value)):
            return BoxMinimum(np.clip(x + step, lower, upper), at.value, iteration)
        length = 1.0
        for _ in range(_MOST_HALVINGS):
            tried = np.clip(x + length * step, lower, upper)
            there = function(tried)
            fall = float(at.gradient @ (x - tried))
            if there.value <= at.value - _SUFFICIENT * fall + _ROUNDING * abs(at.value):
                break
            length /= 2
        else:
            raise FitFailed("no step lowers the loss: it is not convex, or the scores are too large.")
        x, at = tried, there
    raise FitFailed(f"no minimum found in {_MOST_ITERATIONS} Newton steps.")


def _step(at: Quadratic, free: Booleans) -> Floats:
    """Return Newton's step in the free numbers, with the Hessian scaled to a unit diagonal."""
    step = np.zeros(len(free))
    if free.any():
        hessian = at.hessian[np.ix_(free, free)]
        size = np.sqrt(np.maximum(np.diag(hessian), np.finfo(np.float64).tiny))
        scaled = hessian / np.outer(size, size) + _DAMPING * np.eye(len(size))
        step[free] = -np.linalg.solve(scaled, at.gradient[free] / size) / size
    return step
