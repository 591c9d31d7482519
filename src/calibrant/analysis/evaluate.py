"""`evaluate`: every default metric of a set of predictions, with conventions and uncertainty.

It describes the rows as they are; it fits and changes nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calibrant.analysis.evaluated_errors import our_errors, soft_errors
from calibrant.analysis.evaluated_tool import errors_as
from calibrant.analysis.evaluation import TITLES, Evaluation
from calibrant.analysis.mean_intervals import mean_intervals
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.metrics import METRICS, Rows
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.metrics.foreign_ece import OURS
from calibrant.metrics.foreign_tools import tool_named
from calibrant.metrics.soft_labels import has_soft_labels
from calibrant.predictions import AnyPredictions, TopLabelPredictions

_MEANS = ("accuracy", "mean_confidence", "confidence_gap")
_LOSSES = ("nll", "brier")


def evaluate(
    predictions: AnyPredictions,
    *,
    convention: str = OURS,
    bins: int | None = None,
    seed: int = 0,
    engine: Engine = DEFAULT_ENGINE,
) -> Evaluation:
    """Measure predictions under the default conventions, or the ECE under those of another tool.

    Parameters
    ----------
    predictions : Predictions, SoftLabelPredictions or TopLabelPredictions
        Rows to describe, as they are. Of the top label alone there is no log-loss, Brier score or class-wise
        ECE. Of soft labels every value is the expectation over one annotator a row, and the calibration
        errors have no intervals.
    convention : str
        "calibrant", or one of the tools of `ece_as`, to repeat what a paper printed: ECE, MCE and RMSCE are
        then those of the tool's bins, which count every row once whatever it weighs. What no tool says
        (the class-wise and the debiased errors) is None, and its ECE has no interval.
    bins : int, optional
        Number of bins; by default 15, or the tool's own.
    seed : int
        For the simulated expectation under perfect calibration.
    engine : Engine
        What runs the sums.

    Raises
    ------
    InvalidArgument
        No such tool, a number of bins below 1, or none where the tool has no default.
    IncompatiblePredictions
        Soft labels, under the convention of a tool, none of which knows them.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_logits([[2.0, 0.0], [0.5, 1.0], [3.0, 0.0]], [0, 1, 1])
    >>> round(evaluate(rows).accuracy, 4)
    0.6667
    >>> evaluate(rows, convention="netcal").conventions["ece"].edges
    '[lo, hi) at numpy.linspace, the last closed at 1'
    """
    rows = Rows(predictions, engine)
    k = None if isinstance(predictions, TopLabelPredictions) else predictions.k
    if convention == OURS:
        measure = soft_errors if has_soft_labels(rows) else our_errors
        errors = measure(rows, k, bins=DEFAULT_BINS if bins is None else bins, seed=seed)
    else:
        errors = errors_as(rows, k, tool_named(convention), bins=bins, seed=seed)
    means = _MEANS if k is None else _MEANS + _LOSSES
    measured = {name: METRICS[name](rows) for name in means} | dict(errors.measured)
    values: dict[str, Any] = {name: measured[name].value if name in measured else None for name in TITLES}
    return Evaluation(
        n=rows.n,
        k=k,
        convention=convention,
        **values,
        floored_rows=None if k is None else int(np.count_nonzero(rows.summary.floored)),
        conventions={name: measured[name].convention for name in TITLES if name in measured},
        intervals=mean_intervals(rows) | dict(errors.intervals),
        expected_if_calibrated=errors.expected,
    )
