"""The minimum of a smooth convex function of a few numbers in a box: Newton's steps, damped and projected.

It wants the whole Hessian; for many parameters see `newton_cg`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
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
_MOST_CHANGES = 100
_HIDDEN = 1e-9


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

    A step goes to the least value in the box that value, gradient and Hessian promise, and is halved until
    the loss falls enough (Nocedal & Wright, Numerical Optimization, 2006, algorithms 16.3 and 18.3).
    It ends when a step would gain less than about 1e-15, or so little that rounding hides it. A singular
    Hessian will do: it is damped by 1e-12 of its diagonal.

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

    def only(points: Mapping[int, Floats]) -> dict[int, Quadratic]:
        return {0: function(points[0])}

    return minimise_newton_together(only, starts=(start,), lower=lower, upper=upper)[0]


def minimise_newton_together(
    functions: Callable[[Mapping[int, Floats]], Mapping[int, Quadratic]],
    *,
    starts: Sequence[Floats],
    lower: Floats,
    upper: Floats,
) -> list[BoxMinimum]:
    """Minimise several functions as `minimise_newton` does each, asking for all their values at once.

    Parameters
    ----------
    functions : callable
        From the points at which some of the functions are wanted, by the function's number, to their values:
        one pass over rows can serve all of them.
    starts : sequence of float64 array, (m,)
        One for each function.
    lower, upper : float64 array, (m,)
        The box of every function.

    Raises
    ------
    FitFailed
        As `minimise_newton`.
    """
    searches = [_search(start, lower, upper) for start in starts]
    wanted = {number: next(search) for number, search in enumerate(searches)}
    found: dict[int, BoxMinimum] = {}
    while wanted:
        values = functions(wanted)
        wanted = {}
        for number, value in values.items():
            try:
                wanted[number] = searches[number].send(value)
            except StopIteration as end:
                found[number] = end.value
    return [found[number] for number in range(len(searches))]


def _search(start: Floats, lower: Floats, upper: Floats) -> Generator[Floats, Quadratic, BoxMinimum]:
    """Yield the points whose values are wanted, and return the minimum."""
    x = np.clip(start, lower, upper)
    at = yield x
    for iteration in range(_MOST_ITERATIONS):
        if not (np.isfinite(at.value) and np.isfinite(at.gradient).all() and np.isfinite(at.hessian).all()):
            raise FitFailed("the loss is not finite; the scores are too large to be fitted.")
        step = _step(at, lower - x, upper - x)
        gain = -float(at.gradient @ step)
        if gain <= _TRUSTED * max(1.0, abs(at.value)):
            return BoxMinimum(np.clip(x + step, lower, upper), at.value, iteration)
        length = 1.0
        for _ in range(_MOST_HALVINGS):
            tried = np.clip(x + length * step, lower, upper)
            there = yield tried
            fall = float(at.gradient @ (x - tried))
            if there.value <= at.value - _SUFFICIENT * fall + _ROUNDING * abs(at.value):
                break
            length /= 2
        else:
            if gain <= _HIDDEN * max(1.0, abs(at.value)):
                return BoxMinimum(x, at.value, iteration)
            raise FitFailed("no step lowers the loss: it is not convex, or the scores are too large.")
        x, at = tried, there
    raise FitFailed(f"no minimum found in {_MOST_ITERATIONS} Newton steps.")


def _step(at: Quadratic, lower: Floats, upper: Floats) -> Floats:
    """Return the step that minimises g·d + d·Hd / 2 over lower ≤ d ≤ upper, by active sets.

    Numbers are scaled so that the diagonal of H is 1. One that meets its bound is held there, and let go
    again where the slope points inwards and the others are at rest.
    """
    size = np.sqrt(np.maximum(np.diag(at.hessian), np.finfo(np.float64).tiny))
    hessian = at.hessian / np.outer(size, size) + _DAMPING * np.eye(len(size))
    gradient, low, high = at.gradient / size, lower * size, upper * size
    step = np.zeros(len(size))
    held = ((low == 0) & (gradient >= 0)) | ((high == 0) & (gradient <= 0))
    for _ in range(_MOST_CHANGES):
        move = _newton_step(hessian, gradient + hessian @ step, ~held)
        ends = np.where(move < 0, low, high)
        with np.errstate(over="ignore"):  # an end that is too many steps away for a float is never met
            shares = np.divide(ends - step, move, out=np.full(len(size), np.inf), where=move != 0)
        first = int(shares.argmin())
        if shares[first] < 1:
            step += shares[first] * move
            step[first], held[first] = ends[first], True
            continue
        step += move
        slope = gradient + hessian @ step
        inwards = np.where(held, np.where(step <= low, -slope, slope), -np.inf)
        wanted = int(inwards.argmax())
        if inwards[wanted] <= _ROUNDING * np.abs(gradient).max():
            break
        held[wanted] = False
    natural: Floats = np.where(step <= low, lower, np.where(step >= high, upper, step / size))
    return natural


def _newton_step(hessian: Floats, slope: Floats, free: Booleans) -> Floats:
    """Return Newton's step in the free numbers."""
    step = np.zeros(len(slope))
    step[free] = -np.linalg.solve(hessian[np.ix_(free, free)], slope[free])
    return step
