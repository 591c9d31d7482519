"""Methods compared on rows that they were not fitted on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import calibrant
from calibrant.analysis import compare
from calibrant.calibrators import CALIBRATORS
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


def test_every_method_is_there_and_the_least_log_loss_is_first() -> None:
    result = compare(overconfident(600, 3), overconfident(600, 3, seed=1))
    assert {score.method for score in result.scores} | set(result.refused) == set(CALIBRATORS)
    assert not result.refused
    losses = [score.nll for score in result.scores]
    assert losses == sorted(losses)
    assert all(np.isfinite(losses))


def test_scores_are_those_of_the_test_rows() -> None:
    validation, test = overconfident(500, 3), overconfident(400, 3, seed=1)
    result = compare(validation, test, methods=["temperature"])
    scaled = calibrant.TemperatureScaling().fit(validation).transform(test)
    score = next(score for score in result.scores if score.method == "temperature")
    evaluation = calibrant.evaluate(scaled)
    assert score.nll == pytest.approx(evaluation.nll, abs=1e-12)
    assert score.brier == pytest.approx(evaluation.brier, abs=1e-12)
    assert score.ece == pytest.approx(evaluation.ece, abs=1e-9)
    assert score.accuracy == evaluation.accuracy
    assert score.parameters == 1
    assert (result.n, result.procedure) == (400, "fitted on 500 other rows")


def test_identity_and_temperature_are_always_there() -> None:
    result = compare(overconfident(2000, 2), overconfident(2000, 2, seed=1), methods=["platt"])
    assert {score.method for score in result.scores} == {"identity", "temperature", "platt"}
    identity = next(score for score in result.scores if score.method == "identity")
    assert identity.versus["identity"].mean == 0
    assert identity.versus["temperature"].low > 0


def test_the_same_rows_are_refused_in_any_order() -> None:
    rows = overconfident(100, 3)
    with pytest.raises(InvalidArgument, match="looks better than it is"):
        compare(rows, rows.take(np.arange(100)[::-1]))


def test_other_classes_are_refused() -> None:
    with pytest.raises(IncompatiblePredictions, match="3 classes and test has 4"):
        compare(overconfident(100, 3), overconfident(100, 4))


def test_an_unknown_method_is_named_before_any_fit() -> None:
    with pytest.raises(InvalidArgument, match="no calibrator 'temprature'"):
        compare(overconfident(100, 3), overconfident(100, 3, seed=1), methods=["temprature"])


def test_one_set_of_rows_is_cross_validated() -> None:
    rows = overconfident(500, 3)
    result = compare(rows, methods=["vector"])
    assert (result.n, result.procedure) == (500, "5-fold cross-validation")
    fitted = calibrant.calibrator("vector").fit(rows)
    in_sample = calibrant.evaluate(fitted.transform(rows)).nll
    vector = next(score for score in result.scores if score.method == "vector")
    assert vector.nll > in_sample


def test_too_few_rows_to_cross_validate() -> None:
    with pytest.raises(InvalidArgument, match="at least 5 distinct rows"):
        compare(overconfident(4, 2))


def test_a_method_that_cannot_be_fitted_is_refused_with_its_reason() -> None:
    generator = np.random.default_rng(0)
    wide = Predictions.from_logits(generator.normal(size=(300, 201)), generator.integers(0, 201, 300))
    other = Predictions.from_logits(generator.normal(size=(300, 201)), generator.integers(0, 201, 300))
    result = compare(wide, other, methods=["matrix"])
    assert "201 classes make 40,401 weights" in result.refused["matrix"]
    assert "matrix refused: " in str(result)


def test_the_text_lines_up_and_the_json_is_plain() -> None:
    result = compare(overconfident(300, 3), overconfident(300, 3, seed=1), methods=["vector"])
    lines = str(result).splitlines()
    assert lines[0] == "300 rows, 3 classes; fitted on 300 other rows"
    assert "log-loss" in lines[1]
    assert len({len(line) for line in lines[1:]}) == 1
    assert (
        json.loads(json.dumps(result.to_json(), allow_nan=False))["scores"][0]["method"]
        == result.scores[0].method
    )


@pytest.mark.data
@pytest.mark.parametrize("net", ["c10-resnet50-cross-entropy", "c100-densenet121-brier"])
def test_no_method_is_infinite_on_real_nets(calibrant_data: Path, net: str) -> None:
    folder = calibrant_data / "predictions" / net
    cheap = [name for name in CALIBRATORS if name not in ("matrix", "dirichlet", "one_vs_rest")]
    result = compare(calibrant.read(folder / "val.npz"), calibrant.read(folder / "test.npz"), methods=cheap)
    assert not result.refused
    assert all(np.isfinite([score.nll for score in result.scores]))
    temperature = next(score for score in result.scores if score.method == "temperature")
    assert temperature.versus["identity"].high < 0
