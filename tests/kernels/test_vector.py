"""The sums of vector scaling are the loss, its gradient and its Hessian as plain NumPy gives them."""

import numpy as np
import pytest

from calibrant.kernels.curvature import CURVATURE_VECTORS, curvature_sums
from calibrant.kernels.layout import for_kernels
from calibrant.kernels.vector import VECTOR_HEAD, vector_product, vector_sums
from tests.oracle import softmax

GENERATOR = np.random.default_rng(0)
N, K = 50, 7
LABELS = GENERATOR.integers(0, K, N)
WEIGHT = GENERATOR.gamma(1.0, size=N) * (np.arange(N) % 5 > 0)
LOGITS = 3 * GENERATOR.normal(size=(N, K))
SLOPES, BIASES = GENERATOR.normal(size=K), GENERATOR.normal(size=K)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_loss_and_gradient(dtype: type) -> None:
    logits = LOGITS.astype(dtype)
    out = np.zeros(VECTOR_HEAD + 2 * K)
    vector_sums(0, N, for_kernels(logits), LABELS, WEIGHT, SLOPES, BIASES, out)
    z = logits.astype(np.float64)
    probs = softmax(z * SLOPES + BIASES)
    residual = (probs - np.eye(K)[LABELS]) * WEIGHT[:, None]
    at_label = probs[np.arange(N), LABELS]
    np.testing.assert_allclose(out[0], WEIGHT.sum())
    np.testing.assert_allclose(out[1], -WEIGHT @ np.log(at_label))
    np.testing.assert_allclose(out[2], WEIGHT[probs.argmax(axis=1) != LABELS].sum())
    np.testing.assert_allclose(out[VECTOR_HEAD:], np.r_[(residual * z).sum(axis=0), residual.sum(axis=0)])


def test_the_product_is_the_change_of_the_gradient() -> None:
    step = GENERATOR.normal(size=2 * K)
    product = np.zeros(2 * K)
    rows = (for_kernels(LOGITS), LABELS, WEIGHT)
    vector_product(0, N, *rows, SLOPES, BIASES, step[:K], step[K:], product)
    ends = []
    for length in (1e-5, -1e-5):
        out = np.zeros(VECTOR_HEAD + 2 * K)
        vector_sums(0, N, *rows, SLOPES + length * step[:K], BIASES + length * step[K:], out)
        ends.append(out[VECTOR_HEAD:])
    np.testing.assert_allclose(product, (ends[0] - ends[1]) / 2e-5, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("normalised", [False, True])
def test_curvature(normalised: bool) -> None:
    out = np.zeros(CURVATURE_VECTORS * K)
    curvature_sums(0, N, for_kernels(LOGITS), normalised, LABELS, WEIGHT, 0.5, out)
    z = LOGITS - (np.log(np.exp(LOGITS).sum(axis=1, keepdims=True)) if normalised else 0)
    probs = softmax(LOGITS, 2.0)
    q = probs * (1 - probs) * WEIGHT[:, None]
    v = q.sum(axis=1, keepdims=True)
    expected = [part.sum(axis=0) for part in (q, q * z, q * z * z, v * z, v * z * z)]
    np.testing.assert_allclose(out.reshape(CURVATURE_VECTORS, K), expected, rtol=1e-10)


def test_a_tie_counts_as_wrong() -> None:
    out = np.zeros(VECTOR_HEAD + 4)
    vector_sums(0, 1, np.zeros((1, 2)), np.array([0]), np.ones(0), np.ones(2), np.zeros(2), out)
    assert out[:3].tolist() == [1.0, pytest.approx(np.log(2)), 1.0]
