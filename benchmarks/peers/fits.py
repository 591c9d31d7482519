"""Fits by calibrant and by its peers, each by the call that its documentation shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from netcal.binning import IsotonicRegression as NetcalIsotonic
from netcal.scaling import LogisticCalibration
from netcal.scaling import TemperatureScaling as NetcalTemperature
from probmetrics.calibrators import get_calibrator
from probmetrics.distributions import CategoricalLogits
from sklearn.calibration import _TemperatureScaling
from sklearn.isotonic import IsotonicRegression

from benchmarks.peers.rows import BenchmarkRows
from calibrant.calibrators import calibrator

Fits = dict[str, Callable[[BenchmarkRows], Any]]


def _ours(method: str) -> Callable[[BenchmarkRows], Any]:
    return lambda rows: calibrator(method).fit(rows.predictions)


def _probmetrics(method: str, **settings: Any) -> Callable[[BenchmarkRows], Any]:
    def fit(rows: BenchmarkRows) -> Any:
        logits, labels = rows.tensors
        return get_calibrator(method, **settings).fit_torch(CategoricalLogits(logits), labels)

    return fit


def _sklearn_temperature(rows: BenchmarkRows) -> Any:
    return _TemperatureScaling().fit(rows.logits, rows.labels)


def _sklearn_isotonic(rows: BenchmarkRows) -> Any:
    """One class against the rest, as its `CalibratedClassifierCV` does."""
    fit = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit
    return [fit(column, rows.labels == j) for j, column in enumerate(rows.probs.T)]


TEMPERATURE: Fits = {
    "calibrant": _ours("temperature"),
    "scikit-learn": _sklearn_temperature,
    "netcal": lambda rows: NetcalTemperature().fit(rows.probs, rows.labels, tensorboard=False),
    "probmetrics": _probmetrics("temp-scaling"),
    "original algorithm": _probmetrics("guo-ts"),
}
"""The original algorithm, 50 iterations of L-BFGS at a rate of 0.01, is timed as probmetrics has it."""

VECTOR: Fits = {
    "calibrant": _ours("vector"),
    "netcal": lambda rows: LogisticCalibration().fit(rows.probs, rows.labels, tensorboard=False),
}

STRUCTURED_VECTOR: Fits = {
    "calibrant": _ours("structured_vector"),
    "probmetrics": _probmetrics("svs", svs_print_init_info=False),
}

STRUCTURED_MATRIX: Fits = {
    "calibrant": _ours("structured_matrix"),
    "probmetrics": _probmetrics("sms", sms_print_init_info=False),
}

ISOTONIC: Fits = {
    "calibrant": _ours("isotonic"),
    "scikit-learn": _sklearn_isotonic,
    "netcal": lambda rows: NetcalIsotonic().fit(rows.probs.astype(np.float64), rows.labels),
}
