"""Tempered and vector-scaled logits and probabilities are those of the calibrators, on every library."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.array_api import probs, temper, vector_scale
from calibrant.calibrators import TemperatureScaling
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions
from tests import oracle
from tests.array_api.backends import BACKENDS, NARROW, NUMPY, TORCH, Backend, values_of
from tests.drawn_predictions import logit_predictions, overconfident_logits


@pytest.mark.parametrize("backend", BACKENDS)
def test_tempered_logits(backend: Backend) -> None:
    logits, _ = overconfident_logits(50, 4)
    tolerance = {"rtol": backend.tolerance, "atol": backend.tolerance}
    np.testing.assert_allclose(values_of(temper(backend.make(logits), 3.0)), logits / 3, **tolerance)


@pytest.mark.parametrize("backend", BACKENDS)
def test_probabilities(backend: Backend) -> None:
    logits, _ = overconfident_logits(50, 4)
    tolerance = {"rtol": 10 * backend.tolerance, "atol": backend.tolerance}
    np.testing.assert_allclose(values_of(probs(backend.make(logits))), oracle.softmax(logits), **tolerance)


@pytest.mark.parametrize("backend", BACKENDS)
def test_slopes_and_biases(backend: Backend) -> None:
    logits, _ = overconfident_logits(50, 3)
    slopes, biases = np.array([0.5, 1.0, 2.0]), np.array([1.0, 0.0, -1.0])
    found = values_of(vector_scale(backend.make(logits), slopes, biases))
    np.testing.assert_allclose(
        found, logits * slopes + biases, rtol=backend.tolerance, atol=10 * backend.tolerance
    )


@given(logit_predictions(masks=True), st.floats(-80, 80).map(lambda x: 10**x))
def test_no_temperature_changes_a_predicted_class(rows: Predictions, temperature: float) -> None:
    found = np.asarray(temper(rows.scores, temperature))
    expected = TemperatureScaling(temperature).transform(rows)
    np.testing.assert_array_equal(found.argmax(axis=1), rows.scores.argmax(axis=1))
    assert not np.isnan(found).any()
    assert found.max() < np.inf
    np.testing.assert_allclose(oracle.softmax(found), expected.probs(), rtol=1e-5, atol=1e-12)


def test_rounding_cannot_draw_a_class_level() -> None:
    """Two neighbouring float32 come to the same third, and the first would win the tie."""
    base = np.float32(1.75)
    logits = np.array([[base, np.nextafter(base, np.float32(2))]])
    assert len({float(z) for z in (logits / np.float32(1.6))[0]}) == 1
    for backend in (NUMPY, TORCH, NARROW):
        low, high = values_of(temper(backend.make(logits), 1.6))[0]
        assert low < high


@pytest.mark.parametrize(("dtype", "returned"), [(np.float16, "float32"), (np.float32, "float32")])
def test_narrow_logits_come_back_as_float32(dtype: Any, returned: str) -> None:
    logits = overconfident_logits(5, 3)[0].astype(dtype)
    for array in (temper(logits, 2.0), probs(logits), vector_scale(logits, np.ones(3), np.zeros(3))):
        assert array.dtype == returned


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_temperatures_that_cannot_be(temperature: float) -> None:
    with pytest.raises(InvalidArgument, match="temperature must be finite and above 0"):
        temper(np.zeros((1, 2)), temperature)


@pytest.mark.parametrize("slopes", [[1.0], [1.0, float("nan")], [[1.0, 2.0]]])
def test_slopes_that_cannot_be(slopes: Any) -> None:
    with pytest.raises(InvalidArgument, match="slopes must be 2 finite numbers, one a class"):
        vector_scale(np.zeros((1, 2)), slopes, [0.0, 0.0])
