"""An interval for the debiased L2 calibration error that holds near 0 as well as far from it.

The error itself is the metric `ece_l2_debiased`. Simulated coverage: docs/coverage.md.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from calibrant.analysis.calibrated_draws import view_of
from calibrant.analysis.class_draws import affordable_sets, draw_classes
from calibrant.analysis.class_squared_error import class_squared_error
from calibrant.analysis.intervals import LEVEL, Interval, quantile
from calibrant.analysis.inverted_test import invert
from calibrant.analysis.squared_error import SquaredError, squared_error
from calibrant.metrics.bins import bin_classes, bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Notion
from calibrant.metrics.rows import Measurable, as_rows

TARGET = "root of sum over bins of P(bin) (E[accuracy | bin] - E[confidence | bin])^2"
CLASS_TARGET = (
    "root of mean over classes of sum over bins of P(bin) (E[frequency | bin] - E[probability | bin])^2"
)
CLASS_DEFINITION = (
    "root, at least 0, of the mean over rows and classes of (frequency - probability)^2 - frequency "
    "(1 - frequency) / (rows - 1) in the bin, bins of one row left out, minus its mean over labels drawn "
    "from the probabilities"
)


@dataclass(frozen=True, slots=True)
class ErrorInterval:
    """A debiased calibration error with its interval.

    Attributes
    ----------
    estimate : float
        The debiased L2 error, a fraction; 0 where its debiased square is negative.
    squared : float
        That square, as it came out.
    interval : Interval
        Of the true error. It begins at 0 exactly where a one-sided test does not reject calibration.
    target : str
        What the interval is for, in words.
    left_out : int
        Bins of one row, which neither the estimate nor the target counts.
    """

    estimate: float
    squared: float
    interval: Interval
    target: str
    left_out: int

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)


def l2_error_interval(
    predictions: Measurable,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    bins: int = DEFAULT_BINS,
    level: float = LEVEL,
    seed: int = 0,
) -> ErrorInterval:
    """Return the debiased L2 calibration error and an interval for what it estimates.

    The target is the error of the *binned* conditional expectation, not of the recalibration function:
    it does not see gaps that cancel inside a bin, and is at most the error without bins.

    Parameters
    ----------
    predictions : Predictions
        Rows to measure. A weight of w counts as w rows.
    notion : {"top-label", "one-class", "class-wise"}
        Whose confidence. "class-wise" is the root of the mean over classes of the squared errors.
    class_index : int, optional
        The class of "one-class".
    bins : int
        Number of equal-width bins.
    level : float
        Nominal coverage.
    seed : int
        Of the labels that are drawn for "class-wise": one a row, as the errors of classes depend on each
        other.

    Raises
    ------
    InvalidArgument
        No bin with two rows; weights, for "class-wise".

    Notes
    -----
    All true values are kept that a test at the observed estimate does not reject. The test's variance
    changes from the rate 1/n² at 0 to 1/n far from it (Sun et al. 2024; see `SquaredError`), its law has
    Pearson's three moments, and near 0 its error goes to one side (see `acceptance`). For "class-wise" see
    `class_squared_error`.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9] * 100, [1] * 70 + [0] * 30)
    >>> found = l2_error_interval(rows)
    >>> round(found.estimate, 3), round(found.interval.low, 2), round(found.interval.high, 2)
    (0.195, 0.11, 0.29)
    """
    quantile(level)
    rows = as_rows(predictions)
    edges = equal_width_edges(bins)
    if notion == "class-wise":
        state = bin_classes(rows, edges)
        drawn = draw_classes(rows, state, affordable_sets(rows.n), seed)
        return error_interval(class_squared_error(state, drawn, lambda work: work(rows)), level, CLASS_TARGET)
    values, correct = view_of(rows, notion, class_index)
    return error_interval(squared_error(bin_values(rows, values, correct, edges)), level, TARGET)


def error_interval(model: SquaredError, level: float = LEVEL, target: str = CLASS_TARGET) -> ErrorInterval:
    """Return the root of a squared error with the interval of what it estimates."""
    return ErrorInterval(
        estimate=math.sqrt(max(model.estimate, 0.0)),
        squared=model.estimate,
        interval=invert(model, level),
        target=target,
        left_out=model.left_out,
    )
