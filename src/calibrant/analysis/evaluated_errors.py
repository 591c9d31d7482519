"""The calibration errors of an evaluation: values, intervals, and what perfect calibration would show."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibrant.analysis.class_draws import affordable_sets
from calibrant.analysis.class_squared_error import class_squared_error
from calibrant.analysis.debiased_interval import CLASS_DEFINITION, error_interval
from calibrant.analysis.ece_interval import interval_of_bins
from calibrant.analysis.expected import (
    ExpectedIfCalibrated,
    expected_ece_if_calibrated,
    expected_of_cells,
    summarised,
)
from calibrant.analysis.first_look import FirstLook, ViewSums
from calibrant.analysis.intervals import LEVEL, Interval
from calibrant.analysis.second_look import SecondLook
from calibrant.analysis.squared_error import squared_error
from calibrant.metrics.bins import BinState, bin_classes, equal_width_edges
from calibrant.metrics.calibration_error import CalibrationError
from calibrant.metrics.debiased import DebiasedCalibrationError
from calibrant.metrics.debiased_gaps import uncorrected_bins
from calibrant.metrics.metric import Measurement
from calibrant.metrics.rows import Rows

ROWS_PER_CLASS = 100
"""With fewer, the class-wise interval covers a little less than it promises, and `evaluate` leaves it out.

So it does where the error is above 1/k, as large as a class is frequent.
"""


@dataclass(frozen=True, slots=True)
class EvaluatedErrors:
    """Calibration errors by name, with what is known of their chance.

    Attributes
    ----------
    measured : mapping of str to Measurement
        Their values.
    intervals : mapping of str to Interval
        Of those that have one.
    expected : mapping of str to ExpectedIfCalibrated
        Of the plug-in ECEs.
    """

    measured: Mapping[str, Measurement]
    intervals: Mapping[str, Interval]
    expected: Mapping[str, ExpectedIfCalibrated]


def our_errors(look: FirstLook, again: SecondLook, *, seed: int) -> EvaluatedErrors:
    """Return the errors over equal-width bins (lo, hi]; those of classes only where all are known.

    Parameters
    ----------
    look : FirstLook
        Sums over the rows.
    again : SecondLook
        The same rows.
    seed : int
        Of the simulations.
    """
    parts = [_top_label(look, seed)]
    if look.classes is not None:
        parts.append(_class_wise(look, look.classes, again, seed))
    if look.positive is not None:
        positive = _ece_positive(look.positive.bins.sums.shape[1])
        parts.append(_with_chance(positive, look.positive, look, seed))
    return EvaluatedErrors(
        {name: each for part in parts for name, each in part.measured.items()},
        {name: each for part in parts for name, each in part.intervals.items()},
        {name: each for part in parts for name, each in part.expected.items()},
    )


def soft_errors(rows: Rows, k: int, *, bins: int, seed: int) -> EvaluatedErrors:
    """Measure the errors of rows with soft labels: expectations over one annotator a row, without intervals.

    The debiased errors are left out: what they subtract is the chance of labels that are right or wrong.

    Parameters
    ----------
    rows : Rows
        Rows to measure.
    k : int
        Classes.
    bins : int
        Number of bins.
    seed : int
        Of the simulations.
    """
    # This pass over the scores leaves what all that follows needs.
    bin_classes(rows, equal_width_edges(bins))
    metrics = [
        CalibrationError("ece", bins=bins),
        CalibrationError("mce", norm="max", bins=bins),
        CalibrationError("rmsce", norm="l2", bins=bins),
        CalibrationError("classwise_ece", notion="class-wise", bins=bins),
    ]
    expected = {"ece": expected_ece_if_calibrated(rows, bins=bins, seed=seed)}
    if k == 2:
        metrics.append(_ece_positive(bins))
        expected["ece_positive"] = expected_ece_if_calibrated(
            rows, notion="one-class", class_index=1, bins=bins, seed=seed
        )
    return EvaluatedErrors({metric.name: metric(rows) for metric in metrics}, {}, expected)


def _ece_positive(bins: int) -> CalibrationError:
    return CalibrationError("ece_positive", notion="one-class", class_index=1, bins=bins)


def _top_label(look: FirstLook, seed: int) -> EvaluatedErrors:
    state = look.top.bins
    bins = state.sums.shape[1]
    found = _with_chance(CalibrationError("ece", bins=bins), look.top, look, seed)
    others = (
        DebiasedCalibrationError("ece_l2_debiased", bins=bins),
        CalibrationError("mce", norm="max", bins=bins),
        CalibrationError("rmsce", norm="l2", bins=bins),
    )
    measured = dict(found.measured) | {metric.name: metric.finalise(state) for metric in others}
    intervals = dict(found.intervals)
    if np.count_nonzero(state.weight) > uncorrected_bins(state):
        intervals["ece_l2_debiased"] = error_interval(squared_error(state)).interval
    return EvaluatedErrors(measured, intervals, found.expected)


def _with_chance(ece: CalibrationError, view: ViewSums, look: FirstLook, seed: int) -> EvaluatedErrors:
    """Return an ECE with its expectation, and its interval where it has one."""
    expected = expected_of_cells(view.cells, weighted=look.weighted, seed=seed)
    found = interval_of_bins(view.bins, expected)
    intervals = {} if found.interval is None else {ece.name: found.interval}
    return EvaluatedErrors({ece.name: ece.finalise(view.bins)}, intervals, {ece.name: expected})


def _class_wise(look: FirstLook, state: BinState, again: SecondLook, seed: int) -> EvaluatedErrors:
    """Return the class-wise ECE and, of rows without weights, what needs labels drawn from all classes."""
    k, bins, _ = state.sums.shape
    ece = CalibrationError("classwise_ece", notion="class-wise", bins=bins)
    measured = {"classwise_ece": ece.finalise(state)}
    if look.weighted:
        return EvaluatedErrors(measured, {}, {})
    drawn = again.draws(state, affordable_sets(look.n), seed)
    expected = {"classwise_ece": summarised(drawn.ece, LEVEL, seed)}
    if np.count_nonzero(state.weight) == uncorrected_bins(state):
        return EvaluatedErrors(measured, {}, expected)
    error = error_interval(class_squared_error(state, drawn, again.total))
    convention = dataclasses.replace(
        measured["classwise_ece"].convention, definition=CLASS_DEFINITION, norm="l2", debiased=True
    )
    measured["classwise_l2_debiased"] = Measurement("classwise_l2_debiased", error.estimate, convention)
    sure = look.n >= ROWS_PER_CLASS * k and error.estimate <= 1 / k
    return EvaluatedErrors(measured, {"classwise_l2_debiased": error.interval} if sure else {}, expected)
