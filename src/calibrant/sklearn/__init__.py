"""Calibrators as scikit-learn estimators: on bare scores, and around a classifier.

They translate between two libraries' conventions; the fitting is done in `calibrant.calibrators`.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("sklearn") is None:
    raise MissingExtra("Calibration inside scikit-learn", "sklearn", "scikit-learn")

from calibrant.sklearn.calibrated_classifier import CalibratedClassifier
from calibrant.sklearn.score_calibrator import ScoreCalibrator

__all__ = ["CalibratedClassifier", "ScoreCalibrator"]
