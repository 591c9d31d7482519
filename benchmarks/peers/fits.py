"""Fits by calibrant and by its peers, each by the call that its documentation shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netcal.binning import IsotonicRegression as NetcalIsotonic
from netcal.scaling import LogisticCalibration
from netcal.scaling import TemperatureScaling as NetcalTemperature
from probmetrics.calibrators import get_calibrator
from probmetrics.distributions import CategoricalLogits
from sklearn.calibration import _TemperatureScaling
from sklearn.isotonic import IsotonicRegression

from benchmarks.peers.rows import BenchmarkRows
from calibrant.calibrators import TemperatureScaling, calibrator

Fits = dict[str, Callable[[BenchmarkRows], Any]]


def _ours(method: str) -> Callable[[BenchmarkRows], Any]:
    return lambda rows: calibrator(method).fit(rows.predictions)


def _our_temperature(rows: BenchmarkRows) -> float:
    return float(TemperatureScaling().fit(rows.predictions).temperature_)


def _netcal_temperature(rows: BenchmarkRows) -> float:
    """Return one over its temperature, which multiplies."""
    fitted = NetcalTemperature().fit(rows.double_probs, rows.labels, tensorboard=False)
    return 1 / float(fitted.temperature.item())


def _probmetrics_temperature(rows: BenchmarkRows) -> float:
    return 1 / float(_probmetrics("temp-scaling")(rows).invtemp_)


def _original_temperature(rows: BenchmarkRows) -> float:
    return float(_probmetrics("guo-ts")(rows).temp_)


def _probmetrics(method: str, **settings: Any) -> Callable[[BenchmarkRows], Any]:
    def fit(rows: BenchmarkRows) -> Any:
        logits, labels = rows.tensors
        return get_calibrator(method, **settings).fit_torch(CategoricalLogits(logits), labels)

    return fit


def _sklearn_temperature(rows: BenchmarkRows) -> float:
    return 1 / float(_TemperatureScaling().fit(rows.logits, rows.labels).beta_)


def _sklearn_isotonic(rows: BenchmarkRows) -> Any:
    """One class against the rest, as its `CalibratedClassifierCV` does."""
    fit = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit
    return [fit(column, rows.labels == j) for j, column in enumerate(rows.probs.T)]


TEMPERATURE: Fits = {
    "calibrant": _our_temperature,
    "scikit-learn": _sklearn_temperature,
    "netcal": _netcal_temperature,
    "probmetrics": _probmetrics_temperature,
    "original algorithm": _original_temperature,
}
"""Each returns its T. The original algorithm (probmetrics) is 50 iterations of L-BFGS at a rate of 0.01."""

VECTOR: Fits = {
    "calibrant": _ours("vector"),
    "netcal": lambda rows: LogisticCalibration().fit(rows.double_probs, rows.labels, tensorboard=False),
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
    "netcal": lambda rows: NetcalIsotonic().fit(rows.double_probs, rows.labels),
}
