"""The sums of matrix scaling are the loss, its gradient and its Hessian as plain NumPy gives them."""

import numpy as np
import pytest

from calibrant.kernels.layout import for_kernels
from calibrant.kernels.matrix import MATRIX_HEAD, matrix_product, matrix_sums
from calibrant.kernels.product import add_product
from tests.oracle import softmax

GENERATOR = np.random.default_rng(0)
N, K = 77, 6
LABELS = GENERATOR.integers(0, K, N)
WEIGHT = GENERATOR.gamma(1.0, size=N) * (np.arange(N) % 5 > 0)
LOGITS = 3 * GENERATOR.normal(size=(N, K))
WEIGHTS, BIASES = GENERATOR.normal(size=(K, K)), GENERATOR.normal(size=K)


def rows_of(logits: np.ndarray, normalised: bool) -> np.ndarray:
    z = logits.astype(np.float64)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True)) if normalised else z


@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_loss_and_gradient(dtype: type, normalised: bool) -> None:
    logits = LOGITS.astype(dtype)
    out = np.zeros(MATRIX_HEAD + K * K + K)
    transposed = np.ascontiguousarray(WEIGHTS.T)
    matrix_sums(0, N, for_kernels(logits), normalised, LABELS, WEIGHT, transposed, BIASES, out)
    z = rows_of(logits, normalised)
    probs = softmax(z @ WEIGHTS.T + BIASES)
    residual = (probs - np.eye(K)[LABELS]) * WEIGHT[:, None]
    np.testing.assert_allclose(out[0], WEIGHT.sum())
    np.testing.assert_allclose(out[1], -WEIGHT @ np.log(probs[np.arange(N), LABELS]))
    np.testing.assert_allclose(out[2], WEIGHT[probs.argmax(axis=1) != LABELS].sum())
    expected = np.r_[(residual.T @ z).ravel(), residual.sum(axis=0)]
    np.testing.assert_allclose(out[MATRIX_HEAD:], expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("normalised", [False, True])
def test_the_product_is_the_change_of_the_gradient(normalised: bool) -> None:
    step, bias_step = GENERATOR.normal(size=(K, K)), GENERATOR.normal(size=K)
    rows = (for_kernels(LOGITS), normalised, LABELS, WEIGHT)
    product = np.zeros(K * K + K)
    matrix_product(
        0, N, *rows, np.ascontiguousarray(WEIGHTS.T), BIASES, np.ascontiguousarray(step.T), bias_step, product
    )
    ends = []
    for length in (1e-5, -1e-5):
        out = np.zeros(MATRIX_HEAD + K * K + K)
        transposed = np.ascontiguousarray((WEIGHTS + length * step).T)
        matrix_sums(0, N, *rows, transposed, BIASES + length * bias_step, out)
        ends.append(out[MATRIX_HEAD:])
    np.testing.assert_allclose(product, (ends[0] - ends[1]) / 2e-5, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 5), (7, 9, 2), (32, 100, 33)])
def test_products_are_added(shape: tuple[int, int, int]) -> None:
    rows, inner, columns = shape
    left, right = GENERATOR.normal(size=(rows, inner)), GENERATOR.normal(size=(inner, columns))
    out = np.ones((rows, columns))
    add_product(left, right, out)
    np.testing.assert_allclose(out, 1 + left @ right, rtol=1e-12, atol=1e-12)
