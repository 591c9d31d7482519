"""What is wrong with arrays is said in the words of `Predictions`, from every device."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from calibrant.array_api import evaluate, probs
from calibrant.errors import CalibrantError, EmptyPredictions, InvalidArgument, InvalidPredictions
from calibrant.predictions import Predictions
from tests.array_api.backends import BACKENDS, Backend

GOOD = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.25, 0.25]])
LABELS = np.array([0, 1, 2])


def changed(value: float, row: int = 1, column: int = 2) -> Any:
    scores = GOOD.copy()
    scores[row, column] = value
    return scores


WRONG = {
    "nan": ("logits", changed(math.nan), LABELS, None),
    "inf": ("logits", changed(math.inf, 2, 0), LABELS, None),
    "all -inf": ("logits", np.array([[0.0, 1.0], [-math.inf, -math.inf]]), np.array([0, 1]), None),
    "nan probability": ("probs", changed(math.nan), LABELS, None),
    "negative": ("probs", changed(-0.5), LABELS, None),
    "sum": ("probs", changed(0.5), LABELS, None),
    "binary probability": ("probs", np.array([0.5, 1.5]), np.array([0, 1]), None),
    "three axes": ("logits", np.zeros((2, 2, 2)), np.array([0, 1]), None),
    "no rows": ("logits", np.zeros((0, 2)), np.zeros(0, int), None),
    "one-hot labels": ("logits", GOOD, np.eye(3, dtype=int), None),
    "too few labels": ("logits", GOOD, np.array([0, 1]), None),
    "float labels": ("logits", GOOD, np.array([0.0, 1.0, 2.0], np.float32), None),
    "boolean labels": ("logits", GOOD, np.array([True, False, True]), None),
    "label below": ("logits", GOOD, np.array([0, -1, 2]), None),
    "label above": ("logits", GOOD, np.array([0, 1, 7]), None),
    "1-based labels": ("logits", GOOD, np.array([1, 2, 3]), None),
    "weight shape": ("logits", GOOD, LABELS, np.ones(2)),
    "weight below": ("logits", GOOD, LABELS, np.array([1.0, -1.0, 1.0])),
    "weight nan": ("logits", GOOD, LABELS, np.array([1.0, 1.0, math.nan])),
    "no weight": ("logits", GOOD, LABELS, np.zeros(3)),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", WRONG)
def test_the_error_is_that_of_predictions(backend: Backend, name: str) -> None:
    kind, scores, labels, weight = WRONG[name]
    make = Predictions.from_logits if kind == "logits" else Predictions.from_probs
    with pytest.raises(CalibrantError) as expected:
        make(scores, labels, sample_weight=weight)
    with pytest.raises(type(expected.value)) as found:
        evaluate(
            backend.make(scores),
            backend.make(labels),
            kind=kind,
            sample_weight=None if weight is None else backend.make(weight),
        )
    ours, theirs = str(found.value), str(expected.value)
    if name == "float labels":  # every library names its types in its own way
        ours, theirs = (text.split("; got")[0] for text in (ours, theirs))
    assert ours == theirs


def test_the_row_is_named_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibrant.array_api.rows.SCORES_AT_ONCE", 7)
    logits = np.zeros((50, 3))
    logits[31, 1] = np.nan
    with pytest.raises(InvalidPredictions, match="got nan at row 31, class 1"):
        evaluate(logits, np.zeros(50, int))


def test_weights_that_sum_to_infinity() -> None:
    with pytest.raises(InvalidPredictions, match="sums to infinity"):
        evaluate(GOOD, LABELS, sample_weight=np.full(3, 1e308))


def test_weights_of_zero_are_no_rows() -> None:
    with pytest.raises(EmptyPredictions, match="0 on every row"):
        evaluate(GOOD, LABELS, sample_weight=np.zeros(3))


def test_a_kind_that_does_not_exist() -> None:
    with pytest.raises(InvalidArgument, match="kind must be 'logits' or 'probs'; got 'scores'"):
        evaluate(GOOD, LABELS, kind="scores")  # type: ignore[arg-type]


def test_scores_that_are_no_numbers() -> None:
    with pytest.raises(InvalidPredictions, match="logits must be real numbers; got complex128"):
        probs(np.zeros((2, 2), complex))


def test_weights_that_are_no_numbers() -> None:
    with pytest.raises(InvalidPredictions, match="sample_weight must be numbers; got complex128"):
        evaluate(GOOD, LABELS, sample_weight=np.ones(3, complex))


def test_integer_scores_and_boolean_labels() -> None:
    found = evaluate(np.array([[0, 3], [2, 0]]), np.array([True, True]))
    assert found.accuracy == 0.5
    assert evaluate(np.array([[0, 3], [2, 0]]), np.array([[1], [1]])) == found
