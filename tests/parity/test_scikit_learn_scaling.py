"""Platt, quadratic, vector and matrix scaling without penalties are unpenalised logistic regressions."""

import numpy as np
import pytest

from calibrant.calibrators import MatrixScaling, PlattScaling, QuadraticScaling
from calibrant.metrics import nll
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident

linear_model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is not installed")
calibration = pytest.importorskip("sklearn.calibration", reason="scikit-learn is not installed")


def regression(features: np.ndarray, rows: Predictions) -> np.ndarray:
    peer = linear_model.LogisticRegression(C=np.inf, tol=1e-12, max_iter=5000, solver="newton-cg")
    return peer.fit(features, rows.labels, sample_weight=rows.sample_weight).predict_proba(features)


@pytest.mark.parametrize("weighted", [False, True])
def test_platt(weighted: bool) -> None:
    rows = overconfident(1500, 2, weighted=weighted)
    z = rows.scores[:, 1] - rows.scores[:, 0]
    ours = PlattScaling().fit(rows).transform(rows).scores
    np.testing.assert_allclose(ours, regression(z[:, None], rows), atol=1e-6)


def test_platt_with_smoothed_targets_is_scikit_learns_sigmoid() -> None:
    rows = overconfident(300, 2)
    z = rows.scores[:, 1] - rows.scores[:, 0]
    peer = calibration._SigmoidCalibration().fit(z, rows.labels)
    ours = PlattScaling(targets="smoothed").fit(rows).transform(rows).scores[:, 1]
    np.testing.assert_allclose(ours, peer.predict(z), atol=1e-5)


def test_quadratic_where_no_slope_is_at_its_bound() -> None:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 4000)
    z = labels * 1.5 + generator.uniform(-2, 2, 4000)
    rows = Predictions.from_logits(z, labels)
    fit = QuadraticScaling().fit(rows)
    assert (fit.coefficients_[:, :2] > 0).all()
    expected = regression(np.stack((z, z * z), axis=1), rows)
    np.testing.assert_allclose(fit.transform(rows).scores, expected, atol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_matrix(weighted: bool) -> None:
    rows = overconfident(1500, 4, weighted=weighted)
    ours = MatrixScaling(strength=0.0).fit(rows).transform(rows)
    expected = regression(rows.scores, rows)
    np.testing.assert_allclose(ours.scores, expected, atol=1e-5)
    assert nll(ours).value == pytest.approx(nll(rows.with_scores(expected, "probs")).value, abs=1e-10)
