"""Intervals for what is a mean over rows: accuracy, log-loss, Brier score, confidence and its gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from calibrant.analysis.bootstrap import REPLICATES, bootstrap_means
from calibrant.analysis.first_look import row_values
from calibrant.analysis.intervals import (
    LEVEL,
    Interval,
    interval_of_moments,
    proportion_interval,
    share_interval,
)
from calibrant.analysis.moments import Moments
from calibrant.errors import InvalidArgument
from calibrant.metrics.rows import Measurable, Rows, as_rows
from calibrant.metrics.soft_labels import has_soft_labels
from calibrant.metrics.views import View

MeanMethod = Literal["normal", "percentile", "bca"]


def mean_intervals(
    predictions: Measurable,
    *,
    method: MeanMethod = "normal",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> dict[str, Interval]:
    """Return intervals of accuracy, mean confidence, log-loss, Brier score and confidence minus accuracy.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure. A weight of w counts as w rows.
    method : {"normal", "percentile", "bca"}
        Normal intervals, with Wilson's for the accuracy; or a bootstrap of all five at once.
    level : float
        Nominal coverage.
    replicates, seed : int
        Of the bootstrap.

    Returns
    -------
    dict of str to Interval
        Keyed `accuracy`, `mean_confidence`, `nll`, `brier`, `confidence_gap`; without log-loss and Brier
        score for rows of the top label alone. One row alone has only the interval of its accuracy.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9] * 100, [1] * 70 + [0] * 30)
    >>> gap = mean_intervals(rows)["confidence_gap"]
    >>> round(gap.low, 2), round(gap.high, 2)
    (0.11, 0.29)
    """
    rows = as_rows(predictions)
    values = row_values(rows)
    if method in ("percentile", "bca"):
        return bootstrap_means(
            values, rows.weight, method=method, level=level, replicates=replicates, seed=seed
        )
    if method != "normal":
        raise InvalidArgument(f"method must be 'normal', 'percentile' or 'bca'; got {method!r}.")
    moments = {name: Moments.of(each, rows.weight) for name, each in values.items()}
    return intervals_of_moments(moments, level) | {"accuracy": accuracy_interval(rows, level)}


def accuracy_interval(rows: Rows, level: float = LEVEL) -> Interval:
    """Return Wilson's interval for the accuracy; for soft labels as wide as their shares vary."""
    if has_soft_labels(rows):
        return share_interval(np.asarray(rows.summary.correct, np.float64), rows.weight, level)
    view = View(rows.summary.confidence, rows.summary.correct, rows.weight)
    right = rows.weight @ view.correct if rows.weight.size else view.correct.sum()
    return proportion_interval(float(right) / view.total, view.total, level)


def intervals_of_moments(moments: Mapping[str, Moments], level: float = LEVEL) -> dict[str, Interval]:
    """Return the normal intervals that `mean_intervals` gives, from the moments of labels right or wrong."""
    found = {name: interval_of_moments(each, level) for name, each in moments.items()}
    accuracy = moments["accuracy"]
    found["accuracy"] = proportion_interval(accuracy.mean, accuracy.weight, level)
    return {name: interval for name, interval in found.items() if interval is not None}
