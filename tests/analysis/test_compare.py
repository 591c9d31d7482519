"""Methods compared on rows that they were not fitted on."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest

import calibrant
from calibrant.analysis import compare
from calibrant.calibrators import CALIBRATORS
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.metrics import Rows
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident
from tests.predictions.tables import in_parts


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
    named = replace(overconfident(100, 2), classes=("bird", "cat"))
    with pytest.raises(IncompatiblePredictions, match=r"validation has the classes .*bird.* test has .*cat"):
        compare(named, replace(overconfident(100, 2, seed=1), classes=("cat", "bird")))


@pytest.mark.parametrize("parts", [False, True])
def test_of_logits_and_probabilities_only_what_takes_either_is_compared(parts: bool) -> None:
    validation, drawn = overconfident(300, 3), overconfident(300, 3, seed=1)
    probs = drawn.with_scores(drawn.probs(), "probs")
    test = in_parts(probs) if parts else probs
    found = compare(validation, test, methods=["vector", "platt"])
    assert {score.method for score in found.scores} == {"identity", "temperature", "platt"}
    assert "was fitted on logits" in found.refused["vector"]
    with pytest.raises(IncompatiblePredictions, match="was fitted on logits"):
        compare(validation, test, methods=[], references=["vector"])


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


def test_on_very_many_scores_the_automatic_choice_is_compared_where_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, others = overconfident(400, 2), overconfident(300, 2, seed=1)
    monkeypatch.setattr(sys.modules[compare.__module__], "MOST_TWICE", 799)
    unasked = compare(rows, others)
    assert {score.method for score in unasked.scores} == set(CALIBRATORS) - {"auto"}
    assert unasked.refused == {"auto": ANY}
    assert "Name it" in unasked.refused["auto"]
    assert "auto" in compare(rows, others, references=("identity", "auto")).scores[0].versus
    named = compare(rows, others, methods=["auto"])
    assert "auto" in {score.method for score in named.scores}
    assert not named.refused


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


IN_PARTS = ["temperature", "vector"]


@pytest.mark.parametrize("weighted", [False, True])
def test_rows_in_parts_give_the_scores_of_the_whole(weighted: bool) -> None:
    validation = overconfident(1_500, 3, weighted=weighted)
    test = overconfident(1_200, 3, seed=1, weighted=weighted)
    whole = compare(validation, test, methods=IN_PARTS)
    parts = compare(in_parts(validation, 1, 700), in_parts(test, 500, 501), methods=IN_PARTS)
    assert (parts.n, parts.k, parts.procedure) == (whole.n, whole.k, whole.procedure)
    assert (whole.interval, parts.interval) == ("percentile", "normal")
    assert [score.method for score in parts.scores] == [score.method for score in whole.scores]
    for found, wanted in zip(parts.scores, whole.scores, strict=True):
        assert found.parameters == wanted.parameters
        for name in ("nll", "brier", "ece", "classwise_ece", "accuracy"):
            assert getattr(found, name) == pytest.approx(getattr(wanted, name), rel=1e-8, abs=1e-12), name
        for reference in ("identity", "temperature"):
            one, other = found.versus[reference], wanted.versus[reference]
            assert one.mean == pytest.approx(other.mean, rel=1e-6, abs=1e-10)
            if not weighted:
                assert one.high - one.low == pytest.approx(other.high - other.low, rel=0.15, abs=1e-12)


def test_the_interval_of_parts_is_normal() -> None:
    validation, test = overconfident(900, 3), overconfident(800, 3, seed=1)
    found = compare(in_parts(validation, 300), in_parts(test, 100), methods=[])
    identity = next(score for score in found.scores if score.method == "identity").versus["temperature"]
    fitted = calibrant.TemperatureScaling().fit(validation)
    gaps = Rows(test).summary.nll - Rows(fitted.transform(test)).summary.nll
    half = 1.959964 * gaps.std(ddof=1) / np.sqrt(800)
    assert identity.mean == pytest.approx(gaps.mean(), rel=1e-7)
    assert (identity.low, identity.high) == pytest.approx((gaps.mean() - half, gaps.mean() + half), rel=1e-6)


def test_a_weight_in_parts_counts_as_so_many_rows() -> None:
    validation, test = overconfident(400, 3), overconfident(60, 3, seed=1)
    times = np.arange(60) % 3
    weighted = in_parts(replace(test, sample_weight=times.astype(np.float64)), 20)
    repeated = in_parts(test.take(np.repeat(np.arange(60), times)), 31)
    one, other = (compare(validation, rows, methods=[]).scores[-1] for rows in (weighted, repeated))
    assert one.nll == pytest.approx(other.nll, rel=1e-12)
    assert one.versus["temperature"].low == pytest.approx(other.versus["temperature"].low, rel=1e-9)


def test_methods_that_need_all_rows_are_listed_with_the_reason() -> None:
    validation, test = in_parts(overconfident(300, 3), 100), overconfident(200, 3, seed=1)
    tried: list[str] = []
    found = compare(validation, test, methods=["auto", "vector", "matrix"], progress=tried.append)
    assert {score.method for score in found.scores} == {"identity", "temperature", "vector"}
    assert found.refused["auto"].startswith("the fit needs all rows at once")
    assert "needs all rows at once" in found.refused["matrix"]
    assert tried == ["identity", "temperature", "vector", "matrix"]
    assert "auto refused: the fit needs all rows at once" in str(found)
    assert compare(in_parts(overconfident(300, 3)), test, methods=["isotonic"]).refused == {}


def test_methods_of_one_reason_stand_on_one_line() -> None:
    scored = compare(overconfident(100, 3), overconfident(100, 3, seed=1), methods=[])
    refused = replace(scored, refused={"bbq": "no", "matrix": "too wide", "isotonic": "no"})
    assert str(refused).splitlines()[-2:] == ["bbq, isotonic refused: no", "matrix refused: too wide"]


def test_what_rows_in_parts_cannot_be_compared_by() -> None:
    rows = overconfident(100, 3)
    parts = in_parts(rows, 30)
    with pytest.raises(IncompatiblePredictions, match="cross-validation needs all rows at once"):
        compare(parts)
    with pytest.raises(InvalidArgument, match="looks better than it is"):
        compare(parts, rows.take(np.arange(100)[::-1]))
    with pytest.raises(IncompatiblePredictions, match="3 classes and test has 4"):
        compare(parts, overconfident(100, 4))


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
