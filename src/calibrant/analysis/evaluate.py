"""`evaluate`: every default metric of a set of predictions, with conventions and uncertainty.

It describes the rows as they are; it fits and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from calibrant.analysis.evaluated_errors import EvaluatedErrors, our_errors, soft_errors
from calibrant.analysis.evaluated_tool import errors_as
from calibrant.analysis.evaluation import TITLES, Evaluation
from calibrant.analysis.first_look import FirstLook, first_look
from calibrant.analysis.intervals import Interval
from calibrant.analysis.mean_intervals import intervals_of_moments, mean_intervals
from calibrant.analysis.second_look import AtRows, AtTable
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import IncompatiblePredictions
from calibrant.metrics.confidence_gap import confidence_gap
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.metrics.foreign_ece import OURS
from calibrant.metrics.foreign_tools import tool_named
from calibrant.metrics.metric import Measurement
from calibrant.metrics.row_means import MeanState, accuracy, brier, mean_confidence, nll
from calibrant.metrics.rows import Rows
from calibrant.metrics.soft_labels import has_soft_labels
from calibrant.predictions import AnyPredictions, Predictions, Table, TopLabelPredictions
from calibrant.predictions.checks import check_countable

_MEANS = {metric.name: metric for metric in (accuracy, mean_confidence, confidence_gap, nll, brier)}


def evaluate(
    predictions: AnyPredictions | Table,
    *,
    convention: str = OURS,
    bins: int | None = None,
    seed: int = 0,
    engine: Engine = DEFAULT_ENGINE,
) -> Evaluation:
    """Measure predictions under the default conventions, or the ECE under those of another tool.

    Parameters
    ----------
    predictions : Predictions, SoftLabelPredictions, TopLabelPredictions or Table
        Rows to describe, as they are, whole or in parts. Of the top label alone there is no log-loss, Brier
        score or class-wise ECE. Of soft labels every value is the expectation over one annotator a row, and
        the calibration errors have no intervals.
    convention : str
        "calibrant", or one of the tools of `ece_as`, to repeat what a paper printed: ECE, MCE and RMSCE are
        then those of the tool's bins, which count every row once whatever it weighs. What no tool says
        (the class-wise and the debiased errors) is None, and its ECE has no interval.
    bins : int, optional
        Number of bins; by default 15, or the tool's own.
    seed : int
        For the simulated expectation under perfect calibration.
    engine : Engine
        What runs the sums; a table has its own.

    Raises
    ------
    InvalidArgument
        No such tool, a number of bins below 1, or none where the tool has no default.
    IncompatiblePredictions
        Soft labels or rows in parts, under the convention of a tool, none of which knows them.
    InvalidPredictions
        Weights whose sum is no count of rows: less than 1e-15, or more than 1e15.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_logits([[2.0, 0.0], [0.5, 1.0], [3.0, 0.0]], [0, 1, 1])
    >>> round(evaluate(rows).accuracy, 4)
    0.6667
    >>> evaluate(rows, convention="netcal").conventions["ece"].edges
    '[lo, hi) at numpy.linspace, the last closed at 1'
    """
    if isinstance(predictions, Table):
        if convention != OURS:
            raise IncompatiblePredictions(
                "the bins of another tool need all rows at once; these come in parts. Read them whole."
            )
        return _of_table(predictions, bins=DEFAULT_BINS if bins is None else bins, seed=seed)
    rows = Rows(predictions, engine)
    k = None if isinstance(predictions, TopLabelPredictions) else predictions.k
    if convention != OURS:
        return _of_errors(
            rows, k, convention, errors_as(rows, k, tool_named(convention), bins=bins, seed=seed)
        )
    own = DEFAULT_BINS if bins is None else bins
    if has_soft_labels(rows):
        return _of_errors(rows, predictions.k, OURS, soft_errors(rows, predictions.k, bins=own, seed=seed))
    look = first_look(rows, k=k, bins=own)
    check_countable(look.weight)
    return _of_look(look, k, our_errors(look, AtRows(rows), seed=seed))


def _of_table(table: Table, *, bins: int, seed: int) -> Evaluation:
    table = table.kept()
    looks = table.each(partial(_look, bins=bins))
    look = next(looks)
    lengths = [look.n]
    for other in looks:
        look = look.merge(other)
        lengths.append(other.n)
    check_countable(look.weight)
    return _of_look(look, table.k, our_errors(look, AtTable(table, tuple(lengths)), seed=seed))


def _look(rows: Predictions, engine: Engine, *, bins: int) -> FirstLook:
    return first_look(Rows(rows, engine), k=rows.k, bins=bins)


def _of_look(look: FirstLook, k: int | None, errors: EvaluatedErrors) -> Evaluation:
    means = {
        name: _MEANS[name].finalise(MeanState(look.n, 1.0, each.mean)) for name, each in look.moments.items()
    }
    return _evaluation(look.n, k, OURS, means, intervals_of_moments(look.moments), errors, look.floored)


def _of_errors(rows: Rows, k: int | None, convention: str, errors: EvaluatedErrors) -> Evaluation:
    names = [name for name in _MEANS if k is not None or name not in ("nll", "brier")]
    floored = None if k is None else int(np.count_nonzero(rows.summary.floored))
    means = {name: _MEANS[name](rows) for name in names}
    return _evaluation(rows.n, k, convention, means, mean_intervals(rows), errors, floored)


def _evaluation(
    n: int,
    k: int | None,
    convention: str,
    means: Mapping[str, Measurement],
    intervals: Mapping[str, Interval],
    errors: EvaluatedErrors,
    floored: int | None,
) -> Evaluation:
    measured = {**means, **errors.measured}
    values: dict[str, Any] = {name: measured[name].value if name in measured else None for name in TITLES}
    return Evaluation(
        n=n,
        k=k,
        convention=convention,
        **values,
        floored_rows=floored,
        conventions={name: measured[name].convention for name in TITLES if name in measured},
        intervals={**intervals, **errors.intervals},
        expected_if_calibrated=errors.expected,
    )
