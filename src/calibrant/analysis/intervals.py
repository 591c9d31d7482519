"""Confidence intervals for proportions and means. A weight of w counts as w rows."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtri

from calibrant._typing import Floats
from calibrant.analysis.moments import Moments
from calibrant.errors import InvalidArgument

LEVEL = 0.95
HIGHEST_LEVEL = 0.999999
"""Of an interval: the tails beyond are not what the approximations here are made for."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval, its level, and how it was made."""

    low: float
    high: float
    level: float
    method: str

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)


def quantile(level: float) -> float:
    """Return the two-sided standard normal quantile of a level above 0 and at most 0.999999."""
    if not 0 < level <= HIGHEST_LEVEL:
        raise InvalidArgument(
            f"level must lie between 0 and 1, and be at most {HIGHEST_LEVEL}; got {level!r}."
        )
    return float(ndtri((1 + level) / 2))


def wilson(proportion: Floats, rows: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the ends of Wilson's score interval for each proportion (Wilson, JASA 1927, eq. 6).

    Parameters
    ----------
    proportion, rows : float64 array
        Share of successes, and the rows behind it; NaN where there are none.
    level : float
        Nominal coverage.
    """
    z = quantile(level)
    pull = z * z / (rows + z * z)  # towards a half
    centre = (1 - pull) * proportion + pull / 2
    half = np.sqrt(pull * (1 - pull) * proportion * (1 - proportion) + pull * pull / 4)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def clopper_pearson(proportion: Floats, rows: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the ends of the exact binomial interval for each proportion (Clopper & Pearson 1934).

    It never covers less than its level, and so is wider than Wilson's: for guarantees, not for drawing.

    Parameters
    ----------
    proportion, rows : float64 array
        Share of successes, and the rows behind it; NaN where there are none.
    level : float
        Nominal coverage.

    Notes
    -----
    With x successes of n, the (1 - level)/2 quantile of Beta(x, n - x + 1) and the (1 + level)/2 quantile
    of Beta(x + 1, n - x): Biometrika 26, 1934.

    Examples
    --------
    >>> low, high = clopper_pearson(np.array([0.0]), np.array([10.0]))
    >>> float(low[0]), round(float(high[0]), 4)
    (0.0, 0.3085)
    """
    quantile(level)
    successes = proportion * rows
    failures = rows - successes
    some, others = successes > 0, failures > 0
    low = betaincinv(np.where(some, successes, 1.0), failures + 1, (1 - level) / 2)
    high = betaincinv(successes + 1, np.where(others, failures, 1.0), (1 + level) / 2)
    known = rows > 0
    ends = np.where(some, low, 0.0), np.where(others, high, 1.0)
    return np.where(known, ends[0], np.nan), np.where(known, ends[1], np.nan)


def proportion_interval(proportion: float, rows: float, level: float = LEVEL) -> Interval:
    """Return Wilson's interval for one proportion."""
    low, high = wilson(np.array([proportion]), np.array([rows]), level)
    return Interval(float(low[0]), float(high[0]), level, "wilson")


def share_interval(shares: Floats, weight: Floats, level: float = LEVEL) -> Interval:
    """Return Wilson's interval for a mean of shares between 0 and 1, as wide as these shares vary.

    Parameters
    ----------
    shares : float64 array, (n,)
        Of each row's annotators, say, who agree.
    weight : float64 array, (n,)
        Weights; the empty array means 1.
    level : float
        Nominal coverage.

    Notes
    -----
    Labels that are right or wrong have the variance p (1 - p), and no shares of the same mean p have more. So
    n shares of the variance s² say as much as n p (1 - p)/s² labels. Where nothing is known of s² (one row, a
    mean of 0 or 1) a share counts as one label.

    Examples
    --------
    >>> interval = share_interval(np.array([1.0, 0.75, 1.0, 0.5]), np.ones(0))
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.512, 0.947)
    """
    w = np.ones(len(shares)) if weight.size == 0 else weight
    total = float(w.sum())
    mean = float(w @ shares) / total
    of_labels = mean * (1 - mean)
    rows = total
    if total > 1 and of_labels > 0:
        variance = min(float(w @ (shares - mean) ** 2) / (total - 1), of_labels)
        rows = total * of_labels / variance if variance > 0 else math.inf
    return replace(proportion_interval(mean, rows, level), method="wilson, by the spread of shares")


def mean_interval(values: Floats, weight: Floats, level: float = LEVEL) -> Interval | None:
    """Return the normal interval of a mean; None with one row, which tells nothing about spread."""
    return interval_of_moments(Moments.of(values, weight), level)


def interval_of_moments(moments: Moments, level: float = LEVEL) -> Interval | None:
    """Return the normal interval of a mean from its moments; None with a weight of 1 or less."""
    total = moments.weight
    if total <= 1:
        return None
    half = quantile(level) * math.sqrt(moments.squares / (total - 1) / total)
    return Interval(moments.mean - half, moments.mean + half, level, "normal")
