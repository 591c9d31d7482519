"""Dirichlet calibration is matrix scaling on log-probabilities."""

import numpy as np

from calibrant.calibrators import DirichletCalibration, MatrixScaling
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident, overconfident_probs


def test_on_probabilities_it_is_matrix_scaling() -> None:
    rows = overconfident_probs(600, 4)
    one, other = (method(strength=0.1).fit(rows) for method in (DirichletCalibration, MatrixScaling))
    np.testing.assert_allclose(one.weights_, other.weights_, atol=1e-8)
    np.testing.assert_allclose(one.transform(rows).scores, other.transform(rows).scores, atol=1e-8)


def test_a_constant_added_to_a_row_changes_nothing() -> None:
    rows = overconfident(600, 4)
    shift = np.random.default_rng(0).normal(size=(600, 1))
    shifted = Predictions.from_logits(rows.scores + shift, rows.labels)
    one, other = (DirichletCalibration().fit(validation).transform(rows) for validation in (rows, shifted))
    np.testing.assert_allclose(one.scores, other.scores, atol=1e-9)


def test_logits_and_their_probabilities_agree() -> None:
    logits, probs = overconfident(600, 4), overconfident_probs(600, 4)
    one = DirichletCalibration(strength=0.3).fit(logits).transform(logits)
    other = DirichletCalibration(strength=0.3).fit(probs).transform(probs)
    np.testing.assert_allclose(one.scores, other.scores, atol=1e-8)
