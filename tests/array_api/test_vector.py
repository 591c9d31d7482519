"""Slopes and biases are those of the compiled loops, on every library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from calibrant.array_api import FittedVector, fit_vector
from calibrant.calibrators import VectorScaling
from calibrant.errors import CalibrantError, FitFailed, InvalidPredictions
from calibrant.predictions import Predictions
from tests.array_api.backends import BACKENDS, NUMPY, TORCH, Backend
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_logits


def fit(backend: Backend, rows: Predictions) -> FittedVector:
    weight = None if rows.sample_weight is None else backend.make(rows.sample_weight)
    return fit_vector(backend.make(rows.scores), backend.make(rows.labels), sample_weight=weight)


def assert_alike(found: FittedVector, rows: Predictions, relative: float = 1e-6) -> None:
    expected = VectorScaling().fit(rows)
    assert expected.fitted_on_ is not None
    assert found.unbounded == expected.unbounded_
    size = abs(expected.slopes_).max()
    np.testing.assert_allclose(found.slopes, expected.slopes_, rtol=relative, atol=relative * size)
    np.testing.assert_allclose(found.biases, expected.biases_, rtol=relative, atol=10 * relative)
    assert found.nll == pytest.approx(expected.fitted_on_.nll, rel=relative, abs=relative)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("k", "weighted"), [(2, True), (6, False)])
def test_they_are_those_of_the_compiled_loops(backend: Backend, k: int, weighted: bool) -> None:
    rows = overconfident(300, k, weighted=weighted)
    assert_alike(fit(backend, rows), rows, max(1e-6, 10 * backend.tolerance))


@settings(max_examples=25)
@given(logit_predictions())
def test_any_logits_have_the_same_loss(rows: Predictions) -> None:
    """A few rows of extreme logits leave directions to the ridge alone, so the losses are compared."""
    try:
        expected = VectorScaling().fit(rows).fitted_on_
    except FitFailed:
        return
    assert expected is not None
    found = fit(NUMPY, rows)
    assert found.nll == pytest.approx(expected.nll, rel=1e-6, abs=1e-6)


def test_why_there_is_no_finite_optimum() -> None:
    drawn = overconfident(200, 3)
    absent = drawn.take(drawn.labels != 1)
    assert_alike(fit(TORCH, absent), absent)
    assert fit(TORCH, absent).unbounded == "absent class"
    separable = Predictions.from_logits(drawn.scores, drawn.scores.argmax(axis=1))
    assert fit(TORCH, separable).unbounded == "separable"


def test_logits_far_from_0_that_differ_by_little() -> None:
    logits, labels = overconfident_logits(200, 3)
    rows = Predictions.from_logits(1e7 + logits, labels)
    found = fit(NUMPY, rows)
    assert_alike(found, rows)
    assert found.slopes == pytest.approx(1, abs=1e-6)


def test_constant_logits_leave_biases() -> None:
    rows = Predictions.from_logits(np.zeros((8, 2)), [0, 0, 0, 0, 0, 0, 1, 1])
    found = fit(NUMPY, rows)
    assert_alike(found, rows)
    assert found.biases == pytest.approx([math.log(3) / 2, -math.log(3) / 2], rel=1e-5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_masked_class_is_refused(backend: Backend) -> None:
    logits, labels = np.array([[0.0, 1.0], [1.0, -math.inf]]), np.array([0, 0])
    with pytest.raises(CalibrantError) as expected:
        VectorScaling().fit(logits, labels)
    with pytest.raises(InvalidPredictions, match="class 1 is -inf at row 1") as found:
        fit_vector(backend.make(logits), backend.make(labels))
    assert str(found.value) == str(expected.value)
