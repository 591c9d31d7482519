"""Vector scaling: slopes and biases at the optimum, and what they say when there is none."""

import json
from pathlib import Path

import numpy as np
import pytest

from calibrant import load
from calibrant.calibrators import TemperatureScaling, VectorScaling
from calibrant.errors import UnreadableFile
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident
from tests.oracle import softmax


def test_the_gradient_is_zero_at_the_fit() -> None:
    rows = overconfident(2000, 5, weighted=True)
    fit = VectorScaling().fit(rows)
    probs = softmax(rows.scores * fit.slopes_ + fit.biases_)
    residual = (probs - np.eye(5)[rows.labels]) * rows.sample_weight[:, None]
    assert abs(residual.sum(axis=0)).max() < 1e-5
    assert abs((residual * rows.scores).sum(axis=0)).max() < 1e-5


def test_it_finds_the_slopes_and_biases_that_made_the_labels() -> None:
    generator = np.random.default_rng(0)
    logits = 3 * generator.normal(size=(100_000, 3))
    slopes, biases = np.array([0.3, 0.5, 0.8]), np.array([1.0, 0.0, -1.0])
    labels = (logits * slopes + biases + generator.gumbel(size=logits.shape)).argmax(axis=1)
    fit = VectorScaling().fit(logits, labels)
    np.testing.assert_allclose(fit.slopes_, slopes, atol=0.02)
    np.testing.assert_allclose(fit.biases_, biases, atol=0.03)


def test_biases_are_centred() -> None:
    assert VectorScaling().fit(overconfident(200, 4)).biases_.sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("k", [2, 6])
def test_it_is_never_worse_than_temperature_on_its_own_rows(k: int) -> None:
    rows = overconfident(100, k)
    vector, temperature = (method().fit(rows).fitted_on_ for method in (VectorScaling, TemperatureScaling))
    assert vector is not None
    assert temperature is not None
    assert vector.nll <= temperature.nll


def test_it_says_why_there_is_no_finite_optimum() -> None:
    drawn = overconfident(200, 3)
    absent = VectorScaling().fit(drawn.take(drawn.labels != 1))
    assert absent.unbounded_ == "absent class"
    assert "a class never occurs" in absent.describe()
    separable = VectorScaling().fit(drawn.scores, drawn.scores.argmax(axis=1))
    assert separable.unbounded_ == "separable"
    assert VectorScaling().fit(drawn).unbounded_ is None


def test_many_classes_are_stored_in_base64(tmp_path: Path) -> None:
    drawn = overconfident(60, 1200)
    fit = VectorScaling().fit(drawn)
    fit.save(tmp_path / "a.json")
    stored = json.loads((tmp_path / "a.json").read_text())["parameters"]["slopes"]
    assert stored["shape"] == [1200]
    assert (
        load(tmp_path / "a.json").transform(drawn).scores.tobytes() == fit.transform(drawn).scores.tobytes()
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("slopes", None, "'slopes' must be an array of numbers"),
        ("biases", [1.0], "'biases' must have the shape 2"),
        ("slopes", [1.0, float("inf")], "finite numbers"),
        ("unbounded", "often", "'unbounded' must be null"),
    ],
)
def test_damaged_parameters_are_refused(key: str, value: object, message: str) -> None:
    parameters = {"slopes": [1.0, 1.0], "biases": [0.0, 0.0], "unbounded": None, key: value}
    with pytest.raises(UnreadableFile, match=message):
        VectorScaling()._restore(parameters)


def test_a_constant_added_to_a_row_counts() -> None:
    rows = Predictions.from_logits([[2.0, 1.0], [0.0, 1.0]], [0, 1])
    fit = VectorScaling()
    fit._restore({"slopes": [1.0, 0.5], "biases": [0.0, 0.0], "unbounded": None})
    shifted = Predictions.from_logits(rows.scores + 2, rows.labels)
    assert abs(fit.transform(shifted).scores - fit.transform(rows).scores).max() > 0.1
