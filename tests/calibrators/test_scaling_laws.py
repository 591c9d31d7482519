"""What every scaling method beyond temperature keeps: weights, row order, forms of input, hopeless rows."""

import numpy as np
import pytest

from calibrant.calibrators import (
    Calibrator,
    MatrixScaling,
    PlattScaling,
    QuadraticScaling,
    VectorScaling,
    calibrator,
)
from calibrant.errors import InvalidPredictions
from calibrant.predictions import Predictions
from tests.drawn_predictions import FLOAT_TYPES, overconfident

METHODS = (
    "beta",
    "dirichlet",
    "ensemble_temperature",
    "matrix",
    "one_vs_rest",
    "platt",
    "quadratic",
    "vector",
)

every_method = pytest.mark.parametrize("method", METHODS)
both_forms = pytest.mark.parametrize("k", [2, 4])


def probs_after(method: str, validation: Predictions, test: Predictions) -> np.ndarray:
    return calibrator(method).fit(validation).transform(test).probs()


def numbers_of(fitted: Calibrator) -> np.ndarray:
    """Every number that was learned, in one vector."""
    parameters = fitted.parameters()
    if "members" in parameters:
        return np.concatenate([np.ravel(member["coefficients"]) for member in parameters["members"]])
    keys = ("coefficients", "slopes", "biases", "weights", "temperature", "strength", "ranges")
    return np.concatenate([np.ravel(parameters[key]) for key in keys if key in parameters])


@every_method
@both_forms
def test_whole_weights_are_repeated_rows(method: str, k: int) -> None:
    rows = overconfident(300, k)
    times = np.random.default_rng(3).integers(0, 4, 300)
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=times)
    repeated = rows.take(np.repeat(np.arange(300), times))
    one, other = (calibrator(method).fit(validation) for validation in (weighted, repeated))
    np.testing.assert_allclose(numbers_of(one), numbers_of(other), rtol=1e-8, atol=1e-8)


@every_method
@both_forms
def test_row_order_does_not_matter(method: str, k: int) -> None:
    rows = overconfident(5000, k, weighted=True)
    shuffled = rows.take(np.random.default_rng(1).permutation(5000))
    one, other = (calibrator(method).fit(validation) for validation in (rows, shuffled))
    np.testing.assert_allclose(numbers_of(one), numbers_of(other), rtol=1e-8, atol=1e-8)


@every_method
@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_any_float_type_gives_the_same(method: str, dtype: type) -> None:
    rows = overconfident(500, 3)
    narrow = rows.scores.astype(dtype)
    one = Predictions.from_logits(narrow, rows.labels)
    other = Predictions.from_logits(narrow.astype(np.float64), rows.labels)
    np.testing.assert_allclose(probs_after(method, one, rows), probs_after(method, other, rows), atol=1e-9)


@every_method
def test_one_logit_and_two_agree(method: str) -> None:
    rows = overconfident(500, 2)
    difference = Predictions.from_logits(rows.scores[:, 1] - rows.scores[:, 0], rows.labels)
    two = Predictions.from_logits(difference.scores, rows.labels)
    np.testing.assert_array_equal(probs_after(method, difference, difference), probs_after(method, two, two))


@pytest.mark.parametrize("factor", [1e-3, 1e3])
@pytest.mark.parametrize(
    ("method", "k"),
    [
        (VectorScaling(), 4),
        (MatrixScaling(strength=0.1), 4),
        (PlattScaling(), 2),
        (QuadraticScaling(), 2),
    ],
)
def test_the_scale_of_the_logits_does_not_matter(method: Calibrator, k: int, factor: float) -> None:
    rows = overconfident(1000, k)
    scaled = Predictions.from_logits(rows.scores * factor, rows.labels)
    expected = method.fit(rows).transform(rows).probs()
    np.testing.assert_allclose(method.fit(scaled).transform(scaled).probs(), expected, atol=1e-6)


@every_method
@both_forms
def test_separable_rows_stay_finite(method: str, k: int) -> None:
    drawn = overconfident(200, k)
    rows = Predictions.from_logits(drawn.scores, drawn.scores.argmax(axis=1))
    probs = probs_after(method, rows, rows)
    assert np.isfinite(probs).all()
    assert (probs[np.arange(200), rows.labels] > 0.5).mean() > 0.95


@every_method
def test_worse_than_chance(method: str) -> None:
    drawn = overconfident(300, 3)
    rows = Predictions.from_logits(-drawn.scores, drawn.labels)
    assert np.isfinite(probs_after(method, rows, rows)).all()


@every_method
def test_constant_logits_learn_the_shares_at_most(method: str) -> None:
    rows = Predictions.from_logits(np.zeros((100, 3)), [0] * 60 + [1] * 30 + [2] * 10)
    probs = probs_after(method, rows, rows)
    expected = [1 / 3] * 3 if method == "ensemble_temperature" else probs[0]
    np.testing.assert_allclose(probs, np.tile(expected, (100, 1)))
    if method in ("vector", "platt", "one_vs_rest"):
        np.testing.assert_allclose(probs[0], [0.6, 0.3, 0.1], atol=1e-6)


@every_method
def test_an_absent_class_stays_possible(method: str) -> None:
    drawn = overconfident(500, 4)
    present = drawn.take(drawn.labels != 2)
    probs = probs_after(method, present, drawn)
    assert probs.min() > 0
    assert probs.max() < 1


@every_method
def test_masked_classes_are_refused_unless_no_class_is_mixed(method: str) -> None:
    drawn = overconfident(100, 4)
    logits = drawn.scores.copy()
    logits[:, 2] = -np.inf
    masked = Predictions.from_logits(logits, np.where(drawn.labels == 2, 0, drawn.labels))
    if method == "ensemble_temperature":
        assert (probs_after(method, masked, masked)[:, 2] == 0).all()
        return
    with pytest.raises(InvalidPredictions, match="class 2 is -inf at row 0: this method mixes the classes"):
        calibrator(method).fit(masked)
    with pytest.raises(InvalidPredictions, match="class 2 is -inf at row 0"):
        calibrator(method).fit(drawn).transform(masked)


@every_method
def test_probabilities_0_and_1_are_fine(method: str) -> None:
    probs = np.eye(3)[np.arange(90) % 3]
    rows = Predictions.from_probs(probs, (np.arange(90) % 3 + (np.arange(90) % 10 == 0)) % 3)
    assert np.isfinite(probs_after(method, rows, rows)).all()
