"""The minimum of a smooth convex function of one positive number: Halley's steps inside a bracket.

Three derivatives come from one pass over the rows, so a pass that triples the number of right digits is free.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from calibrant.errors import FitFailed

Bound = Literal["lower", "upper"]

_MOST_EVALUATIONS = 200
_TRUSTED_STEP = 1e-4
_TRUSTED_BEND = 1e-3
_TRUSTED_ALWAYS = 1e-9
_EXPANSION = 8.0


@dataclass(frozen=True, slots=True)
class Derivatives:
    """A function's value and first three derivatives at one point."""

    value: float
    slope: float
    curvature: float
    third: float


@dataclass(frozen=True, slots=True)
class ScalarMinimum:
    """Where the minimum is, and how it was found.

    Attributes
    ----------
    x : float
        The minimiser, or the bound it ran into.
    value, curvature : float
        Of the function at `x`.
    evaluations : int
        How often the function was evaluated.
    bound : {"lower", "upper"}, optional
        The end of the interval where the search stopped, if it did.
    """

    x: float
    value: float
    curvature: float
    evaluations: int
    bound: Bound | None


def minimise_scalar(
    function: Callable[[float], Derivatives], *, start: float, lower: float, upper: float
) -> ScalarMinimum:
    """Minimise a convex function over [lower, upper], 0 < lower < upper, to about 1e-11 relative.

    A step is Halley's (cubic convergence); one that leaves the bracket is replaced by the bracket's
    geometric middle, or by a factor of 8 while that side was never evaluated. Steps to one side that do not
    shrink, as on an exponential slope, are doubled. A step shorter than 1e-4 relative over which the
    curvature hardly changes is taken without another evaluation, since its error is of the third order.

    Raises
    ------
    FitFailed
        The function is not finite, or not convex.

    Examples
    --------
    >>> cosh = lambda x: Derivatives(*([math.cosh(x - 2.0), math.sinh(x - 2.0)] * 2))
    >>> round(minimise_scalar(cosh, start=1.0, lower=0.1, upper=10.0).x, 9)
    2.0
    """
    x = min(max(start, lower), upper)
    left, right = lower, upper
    left_seen = right_seen = False
    moved = asked = 0.0
    for evaluation in range(1, _MOST_EVALUATIONS + 1):
        at = function(x)
        if not (math.isfinite(at.value) and math.isfinite(at.slope)):
            raise FitFailed(f"the loss is not finite at {x!r}; the scores are too large to be fitted.")
        if at.slope > 0:
            right, right_seen = x, True
        elif at.slope < 0:
            left, left_seen = x, True
        else:
            return ScalarMinimum(x, at.value, at.curvature, evaluation, None)
        if right == lower or left == upper:
            bound: Bound = "lower" if right == lower else "upper"
            return ScalarMinimum(x, at.value, at.curvature, evaluation, bound)
        step = _step(at)
        if _is_trusted(at, step, x):
            step = min(max(x + step, left), right) - x
            return ScalarMinimum(
                x + step, _taylor(at, step), at.curvature + step * at.third, evaluation, None
            )
        slow = step * asked > 0 and 2 * abs(step) > abs(asked)
        asked = step
        target = x + (2 * moved if slow and abs(2 * moved) > abs(step) else step)
        before, x = x, _inside(x, target, left, right, left_seen=left_seen, right_seen=right_seen)
        moved = x - before
        if right - left <= 4e-16 * right:
            # An end that was never evaluated is one that all slopes pointed to.
            reached: Bound | None = "upper" if not right_seen else "lower" if not left_seen else None
            return ScalarMinimum(x, at.value, at.curvature, evaluation, reached)
    raise FitFailed(f"no minimum found in {_MOST_EVALUATIONS} evaluations between {lower} and {upper}.")


def _step(at: Derivatives) -> float:
    if at.curvature <= 0:
        return -math.copysign(math.inf, at.slope)
    newton = -at.slope / at.curvature
    bend = 1 + newton * at.third / (2 * at.curvature)
    return newton / bend if 0.5 < bend < 2 else newton


def _is_trusted(at: Derivatives, step: float, x: float) -> bool:
    """Return whether the minimum is so near that the step's error, of third order, does not count."""
    if abs(step) > _TRUSTED_STEP * x:
        return False
    bend = step * at.third / (2 * at.curvature)
    return abs(bend) <= _TRUSTED_BEND or abs(step) <= _TRUSTED_ALWAYS * x


def _taylor(at: Derivatives, step: float) -> float:
    return at.value + step * (at.slope + step * (at.curvature / 2 + step * at.third / 6))


def _inside(
    x: float, target: float, left: float, right: float, *, left_seen: bool, right_seen: bool
) -> float:
    """Return `target` if it lies inside the bracket and not absurdly far, else a safe point."""
    if target <= left or target < x / _EXPANSION:
        return math.sqrt(left) * math.sqrt(x) if left_seen else max(left, x / _EXPANSION)
    if target >= right or target > x * _EXPANSION:
        return math.sqrt(right) * math.sqrt(x) if right_seen else min(right, x * _EXPANSION)
    return target
