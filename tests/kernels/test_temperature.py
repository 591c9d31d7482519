"""The sums of temperature scaling: cumulants in one pass, against definitions and finite differences."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.kernels.temperature import LOSS_WIDTH, SHAPE_WIDTH, shape_sums, temperature_sums
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import FLOAT_TYPES, logit_predictions, overconfident


def sums_at(rows: Predictions, beta: float) -> Any:
    out = np.zeros(LOSS_WIDTH)
    weight = weight_for_kernels(rows.sample_weight)
    temperature_sums(0, rows.n, for_kernels(rows.scores), rows.labels, weight, beta, out)
    return out


def shape_of(rows: Predictions) -> Any:
    out = np.zeros(SHAPE_WIDTH)
    weight = weight_for_kernels(rows.sample_weight)
    shape_sums(0, rows.n, for_kernels(rows.scores), rows.labels, weight, out)
    return out


def reference(rows: Predictions, beta: float) -> Any:
    loss, slope, curvature, third = oracle.cumulants(rows.scores, rows.labels, beta)
    w = np.ones(rows.n) if rows.sample_weight is None else rows.sample_weight
    columns = [np.ones(rows.n), loss, slope, curvature, third, slope**2, slope * curvature]
    return np.array([(w * column).sum() for column in columns])


@pytest.mark.parametrize("beta", [1e-3, 0.3, 1.0, 7.0, 200.0])
@pytest.mark.parametrize("k", [2, 3, 10, 129, 1000])
def test_sums_are_the_cumulants(k: int, beta: float) -> None:
    rows = overconfident(300, k, weighted=True)
    scale = np.array([1, 1, *([abs(reference(rows, beta)[2:]).max()] * 5)])
    np.testing.assert_allclose(
        sums_at(rows, beta), reference(rows, beta), rtol=1e-11, atol=1e-13 * scale.max()
    )


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_float_types_give_the_numbers_of_their_values(dtype: Any) -> None:
    rows = overconfident(500, 10)
    rows = rows.with_scores(rows.scores.astype(dtype), "logits")
    np.testing.assert_allclose(sums_at(rows, 0.7), reference(rows, 0.7), rtol=1e-12)


@given(logit_predictions(masks=True), st.floats(1e-3, 100))
def test_any_logits_give_finite_sums_near_the_definition(rows: Predictions, beta: float) -> None:
    expected = reference(rows, beta)
    spread = max(1.0, np.ptp(rows.scores[np.isfinite(rows.scores)].astype(float)))
    powers = spread ** np.array([0, 1, 1, 2, 3, 2, 3])
    assert (abs(sums_at(rows, beta) - expected) <= 1e-12 * rows.n * powers * max(1, beta)).all()


@pytest.mark.parametrize("derivative", [1, 2, 3])
def test_each_derivative_is_the_slope_of_the_one_before(derivative: int) -> None:
    rows, beta, step = overconfident(200, 5), 0.6, 1e-5
    difference = (sums_at(rows, beta + step) - sums_at(rows, beta - step)) / (2 * step)
    assert sums_at(rows, beta)[derivative + 1] == pytest.approx(difference[derivative], rel=1e-6)
    # The sum of squared slopes has twice the last entry as its derivative.
    assert 2 * sums_at(rows, beta)[6] == pytest.approx(difference[5], rel=1e-6)


def test_a_masked_class_adds_nothing() -> None:
    rows = overconfident(50, 4)
    labels = np.minimum(rows.labels, 2)
    masked = rows.scores.copy()
    masked[:, 3] = -np.inf
    with_mask = sums_at(Predictions.from_logits(masked, labels), 0.8)
    without = sums_at(Predictions.from_logits(rows.scores[:, :3], labels), 0.8)
    np.testing.assert_allclose(with_mask, without, rtol=1e-13)


def test_rows_of_weight_0_are_not_looked_at() -> None:
    scores = np.array([[1.0, 2.0], [5.0, -np.inf]])
    rows = Predictions.from_logits(scores, [0, 1], sample_weight=[2.0, 0.0])
    alone = Predictions.from_logits(scores[:1], [0])
    np.testing.assert_allclose(sums_at(rows, 1.0), 2 * sums_at(alone, 1.0), rtol=1e-15)
    assert shape_of(rows)[5] == 0


def test_shape_sums() -> None:
    logits = np.array([[1.0, 4.0, -2.0], [0.0, -np.inf, 2.0], [3.0, 3.0, -np.inf]])
    rows = Predictions.from_logits(logits, [0, 2, 2], sample_weight=[1.0, 2.0, 5.0])
    weight, to_right, to_chance, squares, finite, impossible = shape_of(rows)
    assert weight == 8
    assert to_right == 1 * (4 - 1) + 2 * (2 - 2)
    assert to_chance == 1 * (1 - 1) + 2 * (1 - 2)
    assert squares == pytest.approx(1 * (0 + 9 + 9) + 2 * (1 + 1))
    assert finite == 1 * 3 + 2 * 2
    assert impossible == 1


@given(logit_predictions(masks=True))
def test_shape_sums_of_any_logits(rows: Predictions) -> None:
    z = np.where(np.isfinite(rows.scores), rows.scores, np.nan).astype(float)
    at_label = z[np.arange(rows.n), rows.labels]
    _, to_right, to_chance, squares, finite, impossible = shape_of(rows)
    assert to_right == pytest.approx((np.nanmax(z, axis=1) - at_label).sum())
    assert to_chance == pytest.approx((np.nanmean(z, axis=1) - at_label).sum(), abs=1e-9)
    centred = z - np.nanmean(z, axis=1, keepdims=True)
    assert squares == pytest.approx(np.nansum(centred**2), abs=1e-6)
    assert finite == np.isfinite(z).sum()
    assert impossible == 0
