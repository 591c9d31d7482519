"""The mixture's sums and the label's probability under a temperature, against plain NumPy."""

import numpy as np
import pytest

from calibrant.kernels.layout import for_kernels
from calibrant.kernels.mixture import MIXTURE_WIDTH, label_probs, mixture_sums
from tests.oracle import softmax

GENERATOR = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_label_probabilities_and_their_slope(dtype: type) -> None:
    logits = (3 * GENERATOR.normal(size=(30, 4))).astype(dtype)
    logits[:, 3] = -np.inf
    labels = GENERATOR.integers(0, 3, 30)

    def at(beta: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        probs, slopes, uniform = np.empty(30), np.empty(30), np.empty(30)
        label_probs(0, 30, for_kernels(logits), labels, beta, probs, slopes, uniform)
        return probs, slopes, uniform

    probs, slopes, uniform = at(0.7)
    np.testing.assert_allclose(probs, softmax(logits, 1 / 0.7)[np.arange(30), labels], rtol=1e-12)
    np.testing.assert_allclose(slopes, (at(0.7 + 1e-6)[0] - at(0.7 - 1e-6)[0]) / 2e-6, atol=1e-8)
    np.testing.assert_allclose(uniform, 1 / 3)


def test_mixture_loss_gradient_and_hessian() -> None:
    q = GENERATOR.random((3, 25))
    weight, v = GENERATOR.random(25), np.array([0.5, 0.3, 0.2])
    out = np.zeros(MIXTURE_WIDTH)
    mixture_sums(0, 25, q[0], q[1], q[2], weight, v, out)
    p = v @ q
    np.testing.assert_allclose(out[:2], [weight.sum(), -weight @ np.log(p)])
    np.testing.assert_allclose(out[2:5], -(q * weight / p).sum(axis=1))
    np.testing.assert_allclose(out[5:].reshape(3, 3), (q * weight / p**2) @ q.T)
