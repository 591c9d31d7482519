"""The metrics by name, with their default conventions."""

from __future__ import annotations

from typing import Any

from calibrant.metrics.calibration_error import CalibrationError
from calibrant.metrics.equal_mass import EqualMassCalibrationError
from calibrant.metrics.metric import MergeableMetric, WholeMetric
from calibrant.metrics.row_means import accuracy, brier, mean_confidence, nll

METRICS: dict[str, MergeableMetric[Any] | WholeMetric] = {
    metric.name: metric
    for metric in (
        accuracy,
        mean_confidence,
        nll,
        brier,
        CalibrationError("ece"),
        CalibrationError("mce", norm="max"),
        CalibrationError("rmsce", norm="l2"),
        CalibrationError("classwise_ece", notion="class-wise"),
        CalibrationError("ece_positive", notion="one-class", class_index=1),
        EqualMassCalibrationError("ece_equal_mass"),
        EqualMassCalibrationError("mce_equal_mass", norm="max"),
        EqualMassCalibrationError("rmsce_equal_mass", norm="l2"),
        EqualMassCalibrationError("classwise_ece_equal_mass", notion="class-wise"),
    )
}
