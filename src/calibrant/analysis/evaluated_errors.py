"""The calibration errors of an evaluation: values, intervals, and what perfect calibration would show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibrant.analysis.debiased_interval import l2_error_interval
from calibrant.analysis.ece_interval import EceInterval, ece_interval
from calibrant.analysis.expected import ExpectedIfCalibrated
from calibrant.analysis.intervals import Interval
from calibrant.metrics.calibration_error import CalibrationError
from calibrant.metrics.debiased import DebiasedCalibrationError
from calibrant.metrics.debiased_gaps import uncorrected_bins
from calibrant.metrics.metric import Measurement
from calibrant.metrics.rows import Rows


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
    state = CalibrationError("ece", bins=bins).accumulate(rows)
    measured = {
        metric.name: metric.finalise(state)
        for metric in (
            CalibrationError("ece", bins=bins),
            DebiasedCalibrationError("ece_l2_debiased", bins=bins),
            CalibrationError("mce", norm="max", bins=bins),
            CalibrationError("rmsce", norm="l2", bins=bins),
        )
    }
    intervals: dict[str, Interval] = {}
    if np.count_nonzero(state.weight) > uncorrected_bins(state):
        intervals["ece_l2_debiased"] = l2_error_interval(rows, bins=bins).interval
    if k is not None:
        measured["classwise_ece"] = CalibrationError("classwise_ece", notion="class-wise", bins=bins)(rows)
    if k == 2:
        positive = CalibrationError("ece_positive", notion="one-class", class_index=1, bins=bins)
        measured["ece_positive"] = positive(rows)
    expected: dict[str, ExpectedIfCalibrated] = {}
    for name in ("ece", "ece_positive"):
        if name in measured:
            found = _with_interval(rows, measured[name], bins, seed)
            expected[name] = found.expected
            if found.interval is not None:
                intervals[name] = found.interval
    return EvaluatedErrors(measured, intervals, expected)


def _with_interval(rows: Rows, measured: Measurement, bins: int, seed: int) -> EceInterval:
    convention = measured.convention
    return ece_interval(
        rows,
        notion=convention.notion or "top-label",
        class_index=convention.class_index,
        bins=bins,
        seed=seed,
    )
