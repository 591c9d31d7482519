"""Beta calibration is betacal's where no slope is at its bound, and no worse where one is."""

import numpy as np
import pytest

from calibrant.calibrators import BetaCalibration
from calibrant.predictions import Predictions

betacal = pytest.importorskip("betacal", reason="betacal is not installed")


def drawn(a: float, b: float, c: float) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    p = generator.beta(1.2, 1.2, 3000)
    u = a * np.log(p) - b * np.log1p(-p) + c
    return p, (generator.random(3000) < 1 / (1 + np.exp(-u))).astype(int)


@pytest.mark.parametrize("truth", [(0.5, 1.5, 0.3), (2.0, 0.4, -1.0)])
def test_inside_the_bounds(truth: tuple[float, float, float]) -> None:
    p, labels = drawn(*truth)
    peer = betacal.BetaCalibration(parameters="abm").fit(p.reshape(-1, 1), labels)
    ours = BetaCalibration().fit(Predictions.from_probs(p, labels)).predict_proba(np.log(p) - np.log1p(-p))
    np.testing.assert_allclose(ours[:, 1], peer.predict(p.reshape(-1, 1)), atol=1e-3)


def test_at_a_bound() -> None:
    p, labels = drawn(1.5, -0.6, 0.0)
    peer = betacal.BetaCalibration(parameters="abm").fit(p.reshape(-1, 1), labels).predict(p.reshape(-1, 1))
    ours = (
        BetaCalibration().fit(Predictions.from_probs(p, labels)).predict_proba(np.log(p) - np.log1p(-p))[:, 1]
    )

    def loss(q: np.ndarray) -> float:
        return -float(np.log(np.where(labels == 1, q, 1 - q)).mean())

    assert loss(ours) <= loss(peer) + 1e-9
    np.testing.assert_allclose(ours, peer, atol=1e-2)
