"""T, its bounds and its standard error are those of the compiled loops, on every library."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.array_api import FittedTemperature, fit_temperature
from calibrant.calibrators import TemperatureScaling
from calibrant.errors import CalibrantError, FitFailed, InvalidPredictions
from calibrant.predictions import Predictions
from tests.array_api.backends import BACKENDS, NUMPY, TORCH, Backend
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_logits


def fit(backend: Backend, rows: Predictions) -> FittedTemperature:
    weight = None if rows.sample_weight is None else backend.make(rows.sample_weight)
    return fit_temperature(backend.make(rows.scores), backend.make(rows.labels), sample_weight=weight)


def assert_alike(found: FittedTemperature, rows: Predictions, relative: float = 1e-9) -> None:
    expected = TemperatureScaling().fit(rows).fit_
    assert expected is not None
    assert found.bound == expected.bound
    assert found.temperature == pytest.approx(expected.temperature, rel=relative)
    assert found.nll == pytest.approx(expected.nll, rel=1e3 * relative, abs=1e-12)
    if expected.stderr is None:
        assert found.stderr is None
    else:
        assert found.stderr == pytest.approx(
            expected.stderr, rel=1e3 * relative, abs=1e-7 * found.temperature
        )


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [2, 9])
def test_the_temperature_is_that_of_the_compiled_loops(backend: Backend, k: int, weighted: bool) -> None:
    rows = overconfident(400, k, weighted=weighted)
    assert_alike(fit(backend, rows), rows, max(1e-9, backend.tolerance))


@given(logit_predictions(masks=True))
def test_any_logits_are_fitted_alike(rows: Predictions) -> None:
    try:
        TemperatureScaling().fit(rows)
    except FitFailed:
        with pytest.raises(FitFailed):
            fit(NUMPY, rows)
        return
    assert_alike(fit(NUMPY, rows), rows)


@pytest.mark.parametrize("factor", [1e-30, 0.01, 100.0, 1e30])
def test_logits_times_a_factor(factor: float) -> None:
    logits, labels = overconfident_logits(300, 5)
    rows = Predictions.from_logits(factor * logits, labels)
    assert_alike(fit(TORCH, rows), rows)


def test_enough_rows_for_a_warm_start() -> None:
    rows = overconfident(17_000, 3, weighted=True)
    found = fit(NUMPY, rows)
    assert_alike(found, rows)
    assert found.iterations <= 3


def test_evenly_spaced_rows_that_weigh_nothing_start_nothing() -> None:
    logits, labels = overconfident_logits(17_000, 3)
    weight = np.ones(len(labels))
    weight[:: len(labels) // 1024] = 0
    rows = Predictions.from_logits(logits, labels, sample_weight=weight)
    assert_alike(fit(NUMPY, rows), rows)


EDGES: dict[str, tuple[Any, Any]] = {
    "every row right": ([[3.0, 0.0], [0.0, 1.0]], [0, 1]),
    "worse than chance": ([[3.0, 0.0], [0.0, 1.0]], [1, 0]),
    "constant": ([[2.0, 2.0], [0.0, 0.0]], [1, 0]),
    "one row": ([[2.0, 1.0, 0.0]], [1]),
    "masked class": ([[2.0, 1.0, -math.inf], [0.5, 1.0, -math.inf], [1.0, 0.0, -math.inf]], [0, 0, 1]),
    "nearly level": ([[1.0, 1.0 + 1e-12], [1.0, 1.0]], [1, 0]),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", EDGES)
def test_where_there_is_no_optimum(backend: Backend, name: str) -> None:
    if name == "nearly level" and backend.tolerance > 1e-9:
        pytest.skip("float32 cannot hold these logits")
    logits, labels = (np.array(values) for values in EDGES[name])
    rows = Predictions.from_logits(logits, labels)
    assert_alike(fit(backend, rows), rows, max(1e-9, backend.tolerance))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_masked_label_is_named(backend: Backend) -> None:
    logits, labels = np.array([[0.0, 1.0], [1.0, -math.inf]]), np.array([0, 1])
    with pytest.raises(CalibrantError) as expected:
        TemperatureScaling().fit(logits, labels)
    with pytest.raises(InvalidPredictions, match="true class 1 is -inf at row 1") as found:
        fit_temperature(backend.make(logits), backend.make(labels))
    assert str(found.value) == str(expected.value)


def test_a_masked_label_of_weight_0_does_not_count() -> None:
    logits, labels = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [1.0, -math.inf]]), np.array([1, 0, 1, 1])
    rows = Predictions.from_logits(logits, labels, sample_weight=[1.0, 1.0, 1.0, 0.0])
    assert_alike(fit(TORCH, rows), rows)


def test_differences_that_overflow() -> None:
    with pytest.raises(FitFailed, match="too large to be fitted"):
        fit_temperature(np.array([[1e308, -1e308], [0.0, 1.0]]), np.array([1, 1]))


@pytest.mark.parametrize("factor", [1e-70, 1e70])
def test_logits_beyond_any_scale(factor: float) -> None:
    logits, labels = overconfident_logits(50, 3)
    with pytest.raises(FitFailed, match=r"root mean square is .* Rescale them first"):
        fit_temperature(factor * logits, labels)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_floats_are_widened_first(dtype: Any) -> None:
    logits, labels = overconfident_logits(300, 4)
    rows = Predictions.from_logits(logits.astype(dtype), labels)
    assert_alike(fit(TORCH, rows), rows)


@given(st.integers(1, 60))
def test_the_size_of_blocks_changes_nothing(at_once: int) -> None:
    rows = overconfident(40, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calibrant.array_api.rows.SCORES_AT_ONCE", at_once)
        assert_alike(fit(NUMPY, rows), rows)
