"""The fused row pass, against the plain definitions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from calibrant.metrics import Rows
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import FLOAT_TYPES, logit_predictions, overconfident, prob_predictions

pytestmark = pytest.mark.usefixtures("_both_ways")


def assert_like_the_oracle(rows: Predictions, *, temperature: float = 1.0) -> None:
    summary = Rows(rows, temperature=temperature).summary
    probs = (
        oracle.softmax(rows.scores, temperature) if rows.kind == "logits" else oracle.normalised(rows.scores)
    )
    np.testing.assert_array_equal(summary.prediction, oracle.first_argmax(rows.scores))
    np.testing.assert_array_equal(summary.correct, summary.prediction == rows.labels)
    np.testing.assert_allclose(summary.confidence, probs.max(axis=1), rtol=1e-13)
    np.testing.assert_allclose(summary.nll, oracle.row_nll(probs, rows.labels), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(summary.brier, oracle.row_brier(probs, rows.labels), rtol=1e-11, atol=1e-14)
    assert (summary.brier >= 0).all()
    assert (summary.brier <= 2).all()
    assert (summary.nll >= 0).all()
    assert ((summary.confidence > 0) & (summary.confidence <= 1)).all()


@given(logit_predictions(masks=True))
def test_any_logits(rows: Predictions) -> None:
    assert_like_the_oracle(rows)


@given(prob_predictions())
def test_any_probabilities(rows: Predictions) -> None:
    assert_like_the_oracle(rows)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 3.0, 1e3])
def test_logits_at_another_temperature(temperature: float) -> None:
    assert_like_the_oracle(overconfident(300, 7), temperature=temperature)


@pytest.mark.parametrize("k", [2, 3, 4, 5, 8, 17, 100, 1000])
@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_any_number_of_classes(dtype: Any, k: int) -> None:
    rows = overconfident(200, k)
    assert_like_the_oracle(rows.with_scores(rows.scores.astype(dtype), "logits"))


def layouts(scores: Any) -> dict[str, Any]:
    n, k = scores.shape
    spaced = np.zeros((2 * n, 3 * k), scores.dtype)
    spaced[::2, ::3] = scores
    return {
        "C": np.ascontiguousarray(scores),
        "Fortran": np.asfortranarray(scores),
        "strided": spaced[::2, ::3],
        "backwards": scores[::-1, ::-1].copy()[::-1, ::-1],
    }


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("kind", ["logits", "probs"])
def test_the_layout_in_memory_does_not_matter(kind: Any, dtype: Any) -> None:
    rows = overconfident(500, 10)
    scores = (rows.scores if kind == "logits" else rows.probs()).astype(dtype)
    results = [Rows(rows.with_scores(layout, kind)).summary.nll for layout in layouts(scores).values()]
    for result in results[1:]:
        np.testing.assert_allclose(result, results[0], rtol=1e-14, atol=1e-14)


def test_ties_go_to_the_first_class() -> None:
    rows = Predictions.from_logits([[1.0, 2.0, 2.0], [-0.0, 0.0, -1.0]], [1, 1])
    assert Rows(rows).summary.prediction.tolist() == [1, 0]


def test_a_masked_class_has_probability_exactly_0() -> None:
    summary = Rows(Predictions.from_logits([[0.0, -np.inf], [0.0, -np.inf]], [0, 1])).summary
    assert summary.confidence.tolist() == [1, 1]
    assert summary.brier.tolist() == [0, 2]
    assert summary.nll.tolist() == [0, pytest.approx(126 * np.log(2), rel=1e-15)]


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_log_loss_is_floored_at_2_to_the_minus_126_whatever_the_dtype(dtype: Any) -> None:
    floor = pytest.approx(126 * np.log(2), rel=1e-15)
    logits = Predictions.from_logits(np.array([[0.0, -500.0], [0.0, -80.0]], dtype), [1, 1])
    assert Rows(logits).summary.nll.tolist() == [floor, 80.0]
    probs = Predictions.from_probs(np.array([[1.0, 0.0], [0.0, 1.0]], dtype), [1, 1])
    assert Rows(probs).summary.nll.tolist() == [floor, 0.0]


@pytest.mark.parametrize("scale", [1e30, 1e300])
def test_huge_logits_give_no_nan(scale: float) -> None:
    summary = Rows(Predictions.from_logits(np.array([[1.0, -1.0], [0.5, 1.0]]) * scale, [0, 0])).summary
    assert summary.confidence.tolist() == [1, 1]
    assert summary.nll.tolist() == [0, pytest.approx(126 * np.log(2))]
    assert summary.brier.tolist() == [0, 2]


def test_a_row_over_1_by_rounding_has_no_negative_log_loss() -> None:
    assert Rows(Predictions.from_probs([[1 + 5e-13, 0.0]], [0])).summary.nll[0] == 0
