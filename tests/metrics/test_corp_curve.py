"""The CORP reliability curve."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import isotonic_regression

from calibrant.errors import IncompatiblePredictions
from calibrant.metrics import corp_decomposition, corp_reliability
from calibrant.predictions import Predictions, SoftLabelPredictions

GENERATOR = np.random.default_rng(0)
PROBS = GENERATOR.random(300)
LABELS = (GENERATOR.random(300) < PROBS**2).astype(int)
ROWS = Predictions.from_probs(PROBS, LABELS)


def test_it_is_the_isotonic_regression() -> None:
    curve = corp_reliability(ROWS, notion="one-class")
    order = np.argsort(PROBS)
    fitted = isotonic_regression(LABELS[order].astype(float)).x
    run = np.searchsorted(curve.upper, PROBS[order])
    np.testing.assert_allclose(curve.frequency[run], fitted, atol=1e-12)
    assert curve.weight.sum() == 300


def test_its_gain_is_the_miscalibration() -> None:
    curve = corp_reliability(ROWS, notion="one-class")
    recalibrated = curve.frequency[np.searchsorted(curve.upper, PROBS)]
    gain = np.mean((PROBS - LABELS) ** 2) - np.mean((recalibrated - LABELS) ** 2)
    assert gain == pytest.approx(corp_decomposition(ROWS, notion="one-class").miscalibration)


def test_soft_labels_are_refused() -> None:
    with pytest.raises(IncompatiblePredictions, match="counts of annotators"):
        corp_reliability(SoftLabelPredictions.from_probs([[0.9, 0.1]], [[3, 1]]))
