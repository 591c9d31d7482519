"""The interval of a debiased error: all true values that a test at the observed one does not reject."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.special import ndtri

from calibrant.analysis.intervals import Interval
from calibrant.analysis.nonnegative import acceptance
from calibrant.analysis.squared_error import SquaredError

METHOD = "inverted debiased l2"
_FARTHEST = 30.0
_TINY = 1e-16


def invert(model: SquaredError, level: float) -> Interval:
    """Return the true errors E that the estimate does not contradict."""
    estimate = model.estimate

    def standing(error: float) -> float:
        below = model.moments(error**2).probability_below(estimate)
        return float(ndtri(min(max(below, _TINY), 1 - _TINY)))

    def too_high(error: float) -> float:
        """Above 0 where the estimate lies too far above this error."""
        return standing(error) - acceptance(_distance(model, error), level).above

    def too_low(error: float) -> float:
        """Below 0 where the estimate lies too far below this error."""
        return standing(error) + min(acceptance(_distance(model, error), level).below, _FARTHEST)

    low = 0.0
    if estimate > 0 and too_high(0.0) > 0:
        found = math.sqrt(estimate)
        # On a handful of rows the law may be so skewed that its mean counts as too high for itself.
        low = found if too_high(found) >= 0 else float(brentq(too_high, 0.0, found, xtol=1e-12))
    high = 1.0 if too_low(1.0) >= 0 else float(brentq(too_low, low, 1.0, xtol=1e-12))
    return Interval(low, high, level, METHOD)


def _distance(model: SquaredError, error: float) -> float:
    moments = model.moments(error**2)
    if moments.variance > 0:
        return moments.mean / moments.deviation
    return math.inf if error > 0 else 0.0
