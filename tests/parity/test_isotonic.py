"""Isotonic calibration without smoothing is scikit-learn's isotonic regression."""

import numpy as np
import pytest

from calibrant.calibrators import IsotonicCalibration
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident

isotonic = pytest.importorskip("sklearn.isotonic", reason="scikit-learn is not installed")


@pytest.mark.parametrize("weighted", [False, True])
def test_a_binary_curve_is_scikit_learns(weighted: bool) -> None:
    rows, test = overconfident(2000, 2, weighted=weighted), overconfident(500, 2, seed=5)
    peer = isotonic.IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    peer.fit(rows.probs()[:, 1], rows.labels, sample_weight=rows.sample_weight)
    ours = IsotonicCalibration(interpolation="linear", smoothing=0).fit(rows).transform(test)
    np.testing.assert_allclose(ours.scores[:, 1], peer.predict(test.probs()[:, 1]), atol=1e-9)


def test_classes_are_scikit_learns_curves_normalised() -> None:
    rows = overconfident(1500, 4)
    columns = [
        isotonic.IsotonicRegression(out_of_bounds="clip").fit_transform(column, rows.labels == index)
        for index, column in enumerate(rows.probs().T)
    ]
    expected = np.stack(columns, axis=1)
    expected /= expected.sum(axis=1, keepdims=True)
    ours = IsotonicCalibration(interpolation="linear", smoothing=0).fit(rows).transform(rows)
    np.testing.assert_allclose(ours.scores, expected, atol=1e-9)


def test_tied_scores() -> None:
    generator = np.random.default_rng(2)
    scores = generator.integers(0, 20, 400) / 20
    rows = Predictions.from_probs(scores, generator.random(400) < scores)
    peer = isotonic.IsotonicRegression(out_of_bounds="clip").fit(rows.probs()[:, 1], rows.labels)
    grid = Predictions.from_probs(np.linspace(0, 1, 101), np.zeros(101, int))
    ours = IsotonicCalibration(interpolation="linear", smoothing=0).fit(rows).transform(grid)
    np.testing.assert_allclose(ours.scores[:, 1], peer.predict(np.linspace(0, 1, 101)), atol=1e-9)
