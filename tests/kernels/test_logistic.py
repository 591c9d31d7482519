"""The sums of logistic regression are what plain NumPy gives, also far out."""

import numpy as np

from calibrant.kernels.logistic import LOGISTIC_HEAD, logistic_sums

GENERATOR = np.random.default_rng(0)


def test_loss_gradient_and_hessian() -> None:
    features = GENERATOR.normal(size=(40, 3)) * 5
    targets, weight = GENERATOR.random(40), GENERATOR.gamma(1.0, size=40)
    theta = np.array([0.5, -1.0, 2.0])
    out = np.zeros(LOGISTIC_HEAD + 12)
    logistic_sums(0, 40, features, targets, weight, theta, out)
    u = features @ theta
    p = 1 / (1 + np.exp(-u))
    np.testing.assert_allclose(out[1], weight @ (np.logaddexp(0, u) - targets * u))
    np.testing.assert_allclose(out[2], weight[(targets - 0.5) * u <= 0].sum())
    np.testing.assert_allclose(out[3:6], features.T @ (weight * (p - targets)))
    hessian = features.T @ (features * (weight * p * (1 - p))[:, None])
    np.testing.assert_allclose(out[6:].reshape(3, 3), hessian)


def test_far_out_nothing_overflows() -> None:
    out = np.zeros(LOGISTIC_HEAD + 2)
    logistic_sums(0, 2, np.array([[1e4], [-1e4]]), np.array([0.0, 1.0]), np.ones(0), np.ones(1), out)
    assert out[1] == 2e4
    assert np.isfinite(out).all()
