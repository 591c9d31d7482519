"""Accuracy, mean confidence, log-loss and Brier score on rows worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given

from calibrant.metrics import accuracy, brier, mean_confidence, nll
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import logit_predictions, prob_predictions

ROWS = Predictions.from_probs([[0.7, 0.2, 0.1], [0.25, 0.5, 0.25]], [0, 2])


def test_by_hand() -> None:
    assert accuracy(ROWS).value == 0.5
    assert mean_confidence(ROWS).value == pytest.approx(0.6)
    assert nll(ROWS).value == pytest.approx(-(math.log(0.7) + math.log(0.25)) / 2)
    assert brier(ROWS).value == pytest.approx((0.09 + 0.04 + 0.01 + 0.0625 + 0.25 + 0.5625) / 2)


def test_weights_by_hand() -> None:
    rows = Predictions.from_probs(ROWS.scores, ROWS.labels, sample_weight=[3, 1])
    assert accuracy(rows).value == 0.75
    assert mean_confidence(rows).value == pytest.approx((3 * 0.7 + 0.5) / 4)


def test_the_brier_score_is_not_halved_for_two_classes() -> None:
    assert brier(Predictions.from_probs([0.0], [1])).value == 2
    assert brier(Predictions.from_probs([0.5], [1])).value == 0.5


def test_log_loss_counts_at_most_126_bits() -> None:
    assert nll(Predictions.from_probs([0.0, 0.0], [1, 0])).value == pytest.approx(63 * math.log(2))
    assert nll(Predictions.from_logits([-1e6], [1])).value == pytest.approx(126 * math.log(2))


def test_guessing_evenly() -> None:
    rows = Predictions.from_logits(np.zeros((7, 4)), [0, 1, 2, 3, 0, 1, 2])
    assert mean_confidence(rows).value == 0.25
    assert nll(rows).value == pytest.approx(math.log(4))
    assert accuracy(rows).value == pytest.approx(2 / 7)


@given(logit_predictions(masks=True) | prob_predictions())
def test_they_are_the_definitions(rows: Predictions) -> None:
    probs = oracle.probs_of(rows)
    correct = oracle.first_argmax(rows.scores) == rows.labels
    assert accuracy(rows).value == pytest.approx(correct.mean())
    assert mean_confidence(rows).value == pytest.approx(probs.max(axis=1).mean())
    assert nll(rows).value == pytest.approx(oracle.row_nll(probs, rows.labels).mean(), abs=1e-13)
    assert brier(rows).value == pytest.approx(oracle.row_brier(probs, rows.labels).mean(), abs=1e-13)
