"""Expected cost of decisions by a threshold."""

from __future__ import annotations

import json

import numpy as np
import pytest

from calibrant.analysis import expected_cost
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.predictions import Predictions, TopLabelPredictions

GENERATOR = np.random.default_rng(0)
PROBS = GENERATOR.random(500)
LABELS = (GENERATOR.random(500) < PROBS).astype(int)
WEIGHT = GENERATOR.integers(0, 3, 500).astype(float)


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
def test_of_a_class_it_is_false_alarms_and_misses_counted_row_by_row(weight: np.ndarray | None) -> None:
    rows = Predictions.from_probs(PROBS, LABELS, sample_weight=weight)
    costs = expected_cost(rows, class_index=1, cells=10)
    for threshold, cost in zip(costs.threshold, costs.cost, strict=True):
        acted = rows.scores[:, 1] >= threshold
        each = np.where(acted, (1 - LABELS) * threshold, LABELS * (1 - threshold))
        assert cost == pytest.approx(np.average(each, weights=weight))
    base = np.average(LABELS, weights=weight)
    np.testing.assert_allclose(costs.always, costs.threshold * (1 - base))
    np.testing.assert_allclose(costs.never, (1 - costs.threshold) * base)


def test_of_the_top_label_it_is_errors_and_rows_left_out() -> None:
    correct = GENERATOR.random(500) < PROBS
    costs = expected_cost(TopLabelPredictions.from_correct(PROBS, correct), cells=20)
    for threshold, cost in zip(costs.threshold, costs.cost, strict=True):
        each = np.where(threshold <= PROBS, ~correct, 1 - threshold)
        assert cost == pytest.approx(each.mean())
    assert costs.always[0] == pytest.approx((~correct).mean())


def test_calibrated_probabilities_cost_no_more_than_deciding_all_alike() -> None:
    costs = expected_cost(Predictions.from_probs(np.repeat([0.25, 0.75], 4), [0, 0, 0, 1, 0, 1, 1, 1]))
    assert (costs.cost <= np.minimum(costs.always, costs.never) + 1e-12).all()


def test_it_has_a_json_form() -> None:
    costs = expected_cost(Predictions.from_probs(PROBS, LABELS), cells=4)
    found = json.loads(json.dumps(costs.to_json()))
    assert found["threshold"] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert found["convention"]["notion"] == "top-label"


def test_what_cannot_be_measured_is_refused() -> None:
    rows = Predictions.from_probs([0.5, 0.5], [0, 1])
    with pytest.raises(InvalidArgument, match=r"0\.\.1"):
        expected_cost(rows, class_index=2)
    with pytest.raises(EmptyPredictions, match="weight is 0"):
        expected_cost(Predictions.from_probs([0.5], [0], sample_weight=[0.0]))
