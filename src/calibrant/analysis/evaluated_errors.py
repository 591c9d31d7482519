"""The calibration errors of an evaluation: values, intervals, and what perfect calibration would show."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibrant.analysis.class_draws import affordable_sets, draw_classes
from calibrant.analysis.class_squared_error import class_squared_error
from calibrant.analysis.debiased_interval import CLASS_DEFINITION, error_interval, l2_error_interval
from calibrant.analysis.ece_interval import ece_interval
from calibrant.analysis.expected import ExpectedIfCalibrated, expected_ece_if_calibrated, summarised
from calibrant.analysis.intervals import LEVEL, Interval
from calibrant.metrics.bins import bin_classes, equal_width_edges
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


def our_errors(rows: Rows, k: int | None, *, bins: int, seed: int) -> EvaluatedErrors:
    """Measure the errors over equal-width bins (lo, hi]; those of classes only where k is known.

    Parameters
    ----------
    rows : Rows
        Rows to measure.
    k : int or None
        Classes; None where only the top label is known.
    bins : int
        Number of bins.
    seed : int
        Of the simulations.
    """
    _read_scores_once(rows, k, bins)
    parts = [_top_label(rows, bins, seed)]
    if k is not None:
        parts.append(_class_wise(rows, bins, seed))
    if k == 2:
        parts.append(_with_chance(rows, _ece_positive(bins)(rows), bins, seed))
    return EvaluatedErrors(
        {name: each for part in parts for name, each in part.measured.items()},
        {name: each for part in parts for name, each in part.intervals.items()},
        {name: each for part in parts for name, each in part.expected.items()},
    )


def soft_errors(rows: Rows, k: int | None, *, bins: int, seed: int) -> EvaluatedErrors:
    """Measure the errors of rows with soft labels: expectations over one annotator a row, without intervals.

    The debiased errors are left out: what they subtract is the chance of labels that are right or wrong.
    Parameters as in `our_errors`.
    """
    _read_scores_once(rows, k, bins)
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


def _read_scores_once(rows: Rows, k: int | None, bins: int) -> None:
    """Let the pass over the scores that counts every class leave what all other metrics need."""
    if k is not None:
        bin_classes(rows, equal_width_edges(bins))


def _ece_positive(bins: int) -> CalibrationError:
    return CalibrationError("ece_positive", notion="one-class", class_index=1, bins=bins)


def _top_label(rows: Rows, bins: int, seed: int) -> EvaluatedErrors:
    ece = CalibrationError("ece", bins=bins)
    state = ece.accumulate(rows)
    found = _with_chance(rows, ece.finalise(state), bins, seed)
    others = (
        DebiasedCalibrationError("ece_l2_debiased", bins=bins),
        CalibrationError("mce", norm="max", bins=bins),
        CalibrationError("rmsce", norm="l2", bins=bins),
    )
    measured = dict(found.measured) | {metric.name: metric.finalise(state) for metric in others}
    intervals = dict(found.intervals)
    if np.count_nonzero(state.weight) > uncorrected_bins(state):
        intervals["ece_l2_debiased"] = l2_error_interval(rows, bins=bins).interval
    return EvaluatedErrors(measured, intervals, found.expected)


def _with_chance(rows: Rows, measured: Measurement, bins: int, seed: int) -> EvaluatedErrors:
    """Return an ECE with its expectation, and its interval where it has one."""
    convention = measured.convention
    notion, class_index = convention.notion or "top-label", convention.class_index
    found = ece_interval(rows, notion=notion, class_index=class_index, bins=bins, seed=seed)
    intervals = {} if found.interval is None else {measured.name: found.interval}
    return EvaluatedErrors({measured.name: measured}, intervals, {measured.name: found.expected})


def _class_wise(rows: Rows, bins: int, seed: int) -> EvaluatedErrors:
    """Return the class-wise ECE and, of rows without weights, what needs labels drawn from all classes."""
    ece = CalibrationError("classwise_ece", notion="class-wise", bins=bins)
    state = ece.accumulate(rows)
    measured = {"classwise_ece": ece.finalise(state)}
    if rows.weight.size > 0:
        return EvaluatedErrors(measured, {}, {})
    drawn = draw_classes(rows, state, affordable_sets(rows.n), seed)
    expected = {"classwise_ece": summarised(drawn.ece, LEVEL, seed)}
    if np.count_nonzero(state.weight) == uncorrected_bins(state):
        return EvaluatedErrors(measured, {}, expected)
    error = error_interval(class_squared_error(rows, state, drawn))
    convention = dataclasses.replace(
        measured["classwise_ece"].convention, definition=CLASS_DEFINITION, norm="l2", debiased=True
    )
    measured["classwise_l2_debiased"] = Measurement("classwise_l2_debiased", error.estimate, convention)
    k = rows.predictions.k
    sure = rows.n >= ROWS_PER_CLASS * k and error.estimate <= 1 / k
    return EvaluatedErrors(measured, {"classwise_l2_debiased": error.interval} if sure else {}, expected)
