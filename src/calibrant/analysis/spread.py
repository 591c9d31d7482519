"""How much rows vary: what the width of every interval follows from, measured on a pilot or assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.intervals import mean_interval, quantile
from calibrant.analysis.squared_error import SquaredError, from_gaps, squared_error
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.metrics.rows import Rows, as_rows
from calibrant.metrics.soft_labels import refuse_soft_labels
from calibrant.predictions import Predictions
from calibrant.predictions.checks import check_countable

_LEVEL = 0.5


@dataclass(frozen=True, slots=True)
class Spread:
    """What the widths of intervals depend on.

    Attributes
    ----------
    source : str
        Where it comes from, in words.
    accuracy : float
        Share of right rows.
    nll_deviation, brier_deviation : float or None
        Standard deviation of a row's log-loss (nats) and Brier score; None where unknown.
    error : float
        L2 calibration error at which the width of its interval is wanted.
    squared : SquaredError
        Law of its estimate on `rows` rows.
    rows : float
        Rows (weight) that `squared` is for.
    """

    source: str
    accuracy: float
    nll_deviation: float | None
    brier_deviation: float | None
    error: float
    squared: SquaredError
    rows: float


def spread_of(
    predictions: Predictions | Rows, *, error: float | None = None, bins: int = DEFAULT_BINS
) -> Spread:
    """Measure it on a pilot, top label; `error` replaces the pilot's debiased L2 error.

    Raises
    ------
    InvalidArgument
        Fewer than two rows, or an error that is no fraction.
    """
    rows = as_rows(predictions)
    refuse_soft_labels(rows, "a plan")
    total = float(rows.weight.sum()) if rows.weight.size else float(rows.predictions.n)
    check_countable(total)
    deviations = [_deviation(each, rows.weight, total) for each in (rows.summary.nll, rows.summary.brier)]
    summary = rows.summary
    state = bin_values(rows, summary.confidence, summary.correct, equal_width_edges(bins))
    model = squared_error(state)
    found = math.sqrt(max(model.estimate, 0.0))
    return Spread(
        source=f"a pilot of {rows.predictions.n:,} rows",
        accuracy=float(state.sums[0, :, 3].sum()) / total,
        nll_deviation=deviations[0],
        brier_deviation=deviations[1],
        error=found if error is None else _fraction("error", error),
        squared=model,
        rows=total,
    )


def assumed_spread(
    *,
    accuracy: float,
    error: float = 0.0,
    nll_deviation: float | None = None,
    brier_deviation: float | None = None,
    bins: int = DEFAULT_BINS,
) -> Spread:
    """Assume it: every bin is filled, with outcomes that vary as the overall accuracy says.

    For the calibration error this is the worst that the accuracy allows, on average over bins.

    Examples
    --------
    >>> assumed_spread(accuracy=0.8).source
    'assumptions'
    """
    equal_width_edges(bins)
    right = _fraction("accuracy", accuracy)
    gap = _fraction("error", error)
    for name, value in (("nll_deviation", nll_deviation), ("brier_deviation", brier_deviation)):
        if value is not None and not 0 < value < math.inf:
            raise InvalidArgument(f"{name} must be above 0; got {value!r}.")
    share, noise = np.full(bins, 1 / bins), np.full(bins, right * (1 - right))
    model = from_gaps(share, np.full(bins, gap), noise, 1.0, gap**2)
    return Spread("assumptions", right, nll_deviation, brier_deviation, gap, model, 1.0)


def _deviation(values: Floats, weight: Floats, total: float) -> float:
    interval = mean_interval(values, weight, _LEVEL)
    if interval is None:
        raise InvalidArgument("a pilot of one row says nothing about how much rows vary.")
    return (interval.high - interval.low) / 2 / quantile(_LEVEL) * math.sqrt(total)


def _fraction(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise InvalidArgument(f"{name} must lie between 0 and 1; got {value!r}.")
    return float(value)
