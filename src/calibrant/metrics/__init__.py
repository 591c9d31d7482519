"""Measures of accuracy and calibration, each stamped with its convention.

Call one on predictions (`metrics.ece(rows).value`), or accumulate, merge and finalise its state in parts.
"""

from calibrant.metrics.calibration_error import CalibrationError, ece, mce, rmsce
from calibrant.metrics.convention import Convention
from calibrant.metrics.equal_mass import EqualMassCalibrationError
from calibrant.metrics.metric import Measurement, MergeableMetric, WholeMetric
from calibrant.metrics.registry import METRICS
from calibrant.metrics.row_means import accuracy, brier, mean_confidence, nll
from calibrant.metrics.rows import Rows

__all__ = [
    "METRICS",
    "CalibrationError",
    "Convention",
    "EqualMassCalibrationError",
    "Measurement",
    "MergeableMetric",
    "Rows",
    "WholeMetric",
    "accuracy",
    "brier",
    "ece",
    "mce",
    "mean_confidence",
    "nll",
    "rmsce",
]
