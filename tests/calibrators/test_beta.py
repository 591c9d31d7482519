"""Beta calibration: two slopes, never negative, at the constrained optimum."""

import itertools

import numpy as np
import pytest
from scipy.optimize import minimize

from calibrant.calibrators import BetaCalibration
from calibrant.errors import UnreadableFile
from calibrant.predictions import Predictions


def loss_of(theta: np.ndarray, p: np.ndarray, labels: np.ndarray) -> float:
    u = theta[0] * np.log(p) - theta[1] * np.log1p(-p) + theta[2]
    return float(np.logaddexp(0, np.where(labels == 1, -u, u)).mean())


def drawn(a: float, b: float, c: float, n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    p = generator.beta(1.2, 1.2, n)
    u = a * np.log(p) - b * np.log1p(-p) + c
    return p, (generator.random(n) < 1 / (1 + np.exp(-u))).astype(int)


@pytest.mark.parametrize("truth", [(0.5, 1.5, 0.3), (2.0, 0.2, -1.0), (1.0, -0.5, 0.0), (-0.7, 1.0, 0.5)])
def test_it_is_the_constrained_optimum(truth: tuple[float, float, float]) -> None:
    p, labels = drawn(*truth)
    found = BetaCalibration().fit(Predictions.from_probs(p, labels)).coefficients_[0]
    peer = minimize(
        loss_of, [1, 1, 0], args=(p, labels), bounds=[(0, None), (0, None), (None, None)], tol=1e-12
    )
    assert loss_of(found, p, labels) <= peer.fun + 1e-9
    np.testing.assert_allclose(found, peer.x, atol=2e-3)
    assert (found[:2] >= 0).all()


def test_bounds_are_reached_exactly() -> None:
    p, labels = drawn(1.0, -0.5, 0.0)
    assert BetaCalibration().fit(Predictions.from_probs(p, labels)).coefficients_[0, 1] == 0.0


def test_order_is_kept_for_two_classes() -> None:
    p, labels = drawn(-0.7, 1.0, 0.5)
    fit = BetaCalibration().fit(Predictions.from_probs(p, labels))
    grid = Predictions.from_probs(np.linspace(0, 1, 101), np.zeros(101, int))
    after = fit.transform(grid).scores[:, 1]
    assert all(low <= high for low, high in itertools.pairwise(after))
    assert np.isfinite(after).all()


def test_negative_slopes_in_a_file_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="at least 0"):
        BetaCalibration()._restore({"coefficients": [[-1.0, 1.0, 0.0]], "unbounded": []})
