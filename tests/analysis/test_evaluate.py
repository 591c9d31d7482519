"""`evaluate`: the documented JSON, the table, and what the numbers mean."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import calibrant
from calibrant.analysis import Evaluation, evaluate, l2_error_interval
from calibrant.errors import IncompatiblePredictions
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_probs, prob_predictions
from tests.predictions.tables import in_parts

# design of the interface: these names are read by other programs
NUMBERS = (
    "n",
    "k",
    "accuracy",
    "mean_confidence",
    "confidence_gap",
    "nll",
    "brier",
    "ece",
    "ece_l2_debiased",
    "mce",
    "rmsce",
    "classwise_ece",
    "classwise_l2_debiased",
    "floored_rows",
)
OBJECTS = ("conventions", "intervals", "expected_if_calibrated")
VALUES = NUMBERS[2:-1]


def parsed(evaluation: Evaluation) -> dict[str, Any]:
    """The JSON as another program reads it, which must be strict."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    text = json.dumps(evaluation.to_json(), allow_nan=False)
    result: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return result


@pytest.mark.parametrize("k", [2, 3, 10])
def test_the_json_has_exactly_the_documented_keys(k: int) -> None:
    content = parsed(evaluate(overconfident(60, k)))
    positive = ("ece_positive",) if k == 2 else ()
    assert sorted(content) == sorted(("schema", "convention", *NUMBERS, *positive, *OBJECTS))
    assert content["schema"] == "calibrant.evaluation/1"
    assert sorted(content["conventions"]) == sorted((*VALUES, *positive))
    always = {
        "accuracy",
        "brier",
        "mean_confidence",
        "confidence_gap",
        "nll",
        "ece_l2_debiased",
    }
    sometimes = {"ece", "classwise_l2_debiased", *positive}
    assert always <= set(content["intervals"]) <= {*always, *sometimes}
    assert sorted(content["expected_if_calibrated"]) == sorted(("ece", "classwise_ece", *positive))


def test_numbers_are_plain_and_at_full_precision() -> None:
    rows = overconfident(60, 2)
    evaluation, content = evaluate(rows), parsed(evaluate(rows))
    for name in ("n", "k", "floored_rows"):
        assert type(content[name]) is int
    for name in (*VALUES, "ece_positive"):
        assert type(content[name]) is float
        assert content[name] == getattr(evaluation, name)


def test_the_same_rows_give_the_same_json() -> None:
    rows = overconfident(500, 4)
    assert parsed(evaluate(rows)) == parsed(evaluate(rows))


@settings(max_examples=40)
@given(rows=logit_predictions(masks=True) | prob_predictions())
def test_no_rows_give_a_nan(rows: Predictions) -> None:
    content = parsed(evaluate(rows))
    undefined = {name for name in VALUES if content[name] is None}
    assert undefined <= {"classwise_l2_debiased"}
    for name in set(VALUES) - undefined:
        assert math.isfinite(content[name])


@pytest.mark.parametrize("make", [overconfident, overconfident_probs])
@pytest.mark.parametrize("k", [2, 5])
def test_the_numbers_are_those_of_their_definitions(make: Any, k: int) -> None:
    rows = make(400, k)
    probs = oracle.probs_of(rows)
    confidence, top = probs.max(axis=1), oracle.first_argmax(rows.scores)
    correct = (top == rows.labels).astype(float)
    table = oracle.bin_table(confidence, correct, 15)
    classwise = [
        oracle.error_of(oracle.bin_table(probs[:, c], (rows.labels == c).astype(float), 15)) for c in range(k)
    ]
    wanted = {
        "accuracy": correct.mean(),
        "mean_confidence": confidence.mean(),
        "confidence_gap": confidence.mean() - correct.mean(),
        "nll": oracle.row_nll(probs, rows.labels).mean(),
        "brier": oracle.row_brier(probs, rows.labels).mean(),
        "ece": oracle.error_of(table),
        "mce": oracle.error_of(table, "max"),
        "rmsce": oracle.error_of(table, "l2"),
        "classwise_ece": np.mean(classwise),
    }
    evaluation = evaluate(rows)
    for name, value in wanted.items():
        assert getattr(evaluation, name) == pytest.approx(value, abs=1e-12), name
    assert evaluation.ece_positive == (pytest.approx(classwise[1], abs=1e-12) if k == 2 else None)


def test_every_value_says_its_convention() -> None:
    conventions = parsed(evaluate(overconfident(60, 2)))["conventions"]
    edges = "(lo, hi], first closed at 0, at j/m"
    binned = {"scheme": "equal-width", "bins": 15, "edges": edges, "debiased": False}
    for name, notion, norm in (
        ("ece", "top-label", "l1"),
        ("mce", "top-label", "max"),
        ("rmsce", "top-label", "l2"),
        ("classwise_ece", "class-wise", "l1"),
        ("ece_positive", "one-class", "l1"),
    ):
        said = conventions[name]
        assert {key: said[key] for key in binned} == binned
        assert (said["notion"], said["norm"], said["n"]) == (notion, norm, 60)
    assert conventions["ece_positive"]["class_index"] == 1
    assert set(conventions["nll"]) == {"definition", "n"}


def test_intervals_hold_their_values() -> None:
    evaluation = evaluate(overconfident(300, 3))
    for name, interval in evaluation.intervals.items():
        assert interval.low < getattr(evaluation, name) < interval.high
    assert evaluation.intervals["accuracy"].method == "wilson"


def test_one_row_has_an_interval_of_accuracy_alone() -> None:
    content = parsed(evaluate(Predictions.from_logits([[1.0, 0.0, 0.0]], [0])))
    assert list(content["intervals"]) == ["accuracy"]


def test_floored_rows_are_counted_and_said() -> None:
    rows = Predictions.from_probs([[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]], [1, 0, 0])
    evaluation = evaluate(rows)
    assert evaluation.floored_rows == 1
    assert evaluation.nll == pytest.approx((126 * math.log(2) + math.log(2)) / 3)
    assert "1 rows give their true class a probability of 2^-126 or less" in str(evaluation)
    assert "2^-126" not in str(evaluate(overconfident(10, 2)))


def test_weights_count_as_rows() -> None:
    rows = overconfident(80, 3)
    times = np.arange(80) % 3 + 1
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=times)
    repeated = rows.take(np.repeat(np.arange(80), times))
    one, other = evaluate(weighted), evaluate(repeated)
    for name in set(VALUES) - {"classwise_l2_debiased"}:
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-12), name
    for name, interval in one.intervals.items():
        assert interval.low == pytest.approx(other.intervals[name].low, abs=1e-12), name


def test_the_table_lines_up_and_says_everything() -> None:
    text = str(evaluate(overconfident(1234, 2)))
    first, header, *rows = text.splitlines()
    assert first == "1,234 rows, 2 classes"
    assert [row[:23].strip() for row in rows] == [
        "accuracy",
        "mean confidence",
        "confidence - accuracy",
        "log-loss (nats)",
        "Brier score (0 to 2)",
        "ECE, top-label",
        "debiased L2, top-label",
        "MCE, top-label",
        "RMSCE, top-label",
        "ECE, class-wise",
        "debiased L2, class-wise",
        "ECE, positive class",
    ]
    end = header.index("value") + len("value")
    for row in rows:
        assert row[end - 6] in "01"
        assert row[end - 7] in " -"
        assert row[end - 5] == "."
        assert row[end : end + 1] in ("", " ")
        assert row == row.rstrip()
    for title in ("95% interval", "if perfectly calibrated"):
        assert title in header


def test_the_positive_class_is_named_only_where_there_is_one() -> None:
    assert "positive" not in str(evaluate(overconfident(30, 3)))


def test_nothing_is_changed() -> None:
    rows = overconfident(30, 3)
    before = rows.scores.copy()
    calibrant.evaluate(rows)
    assert (rows.scores == before).all()


@pytest.mark.parametrize("k", [2, 5])
def test_an_ece_has_an_interval_where_it_is_twice_what_calibration_would_show(k: int) -> None:
    far = evaluate(overconfident(3000, k, temperature=3.0))
    near = evaluate(overconfident(300, k, temperature=1.0))
    assert far.ece >= 2 * far.expected_if_calibrated["ece"].mean
    assert far.intervals["ece"].low < far.ece < far.intervals["ece"].high + 0.01
    assert far.intervals["ece"].low > 0
    assert near.ece < 2 * near.expected_if_calibrated["ece"].mean
    assert "ece" not in near.intervals
    assert ("ece_positive" in far.intervals) == (k == 2)


@pytest.mark.parametrize(
    "rows",
    [
        overconfident(3_000, 4),
        overconfident(3_000, 2),
        overconfident(3_000, 4, weighted=True),
        overconfident_probs(3_000, 3),
    ],
    ids=["logits", "two classes", "weighted", "probabilities"],
)
def test_rows_in_parts_are_evaluated_as_the_whole(rows: Predictions) -> None:
    whole, parts = parsed(evaluate(rows)), parsed(evaluate(in_parts(rows, 1, 1_700)))
    assert _shape(parts) == _shape(whole)
    for name in NUMBERS:
        expected = whole[name] if whole[name] is None else pytest.approx(whole[name], rel=1e-12)
        assert parts[name] == expected, name
    assert parts["conventions"] == whole["conventions"]
    for group in ("intervals", "expected_if_calibrated"):
        for name, entry in whole[group].items():
            found = parts[group][name]
            assert found["low"] == pytest.approx(entry["low"], rel=1e-9, abs=1e-12), (group, name)
            assert found["high"] == pytest.approx(entry["high"], rel=1e-9), (group, name)
            fixed = {"low", "high", "mean"}
            assert {key: found[key] for key in found if key not in fixed} == {
                key: entry[key] for key in entry if key not in fixed
            }


def test_two_rows_whose_chance_is_all_skew_have_an_interval() -> None:
    probs = np.array([[0, 0, 0, 0, 1 / 17, 16 / 17], [4 / 21, 0, 0, 16 / 21, 1 / 21, 0]])
    error = l2_error_interval(Predictions.from_probs(probs, [0, 0]), notion="class-wise")
    assert error.interval.low <= error.estimate <= error.interval.high


def test_another_tool_s_bins_need_all_rows_at_once() -> None:
    with pytest.raises(IncompatiblePredictions, match="another tool need all rows at once"):
        evaluate(in_parts(overconfident(20, 3), 10), convention="netcal")


def _shape(content: dict[str, Any]) -> dict[str, list[str]]:
    return {"": list(content), **{name: list(content[name]) for name in OBJECTS}}
