"""Rebuilding a row around a new confidence keeps the prediction, the simplex and the order of the rest."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calibrant.calibrators.top_label import correctness, top_label, top_labels, with_confidence
from calibrant.predictions import Predictions, Table
from tests.drawn_predictions import prob_predictions


@given(rows=prob_predictions(), confidence=st.floats(0, 1), uniform=st.floats(0, 1))
def test_the_prediction_and_the_simplex_are_kept(
    rows: Predictions, confidence: float, uniform: float
) -> None:
    top = top_label(rows)
    result = with_confidence(top, np.full(rows.n, confidence), uniform)
    np.testing.assert_array_equal(result.argmax(axis=1), top.prediction)
    np.testing.assert_allclose(result.sum(axis=1), 1, atol=1e-12)
    assert result.min() >= 0


def test_a_confidence_below_the_runner_up_is_raised_to_it() -> None:
    top = top_label(Predictions.from_probs([[0.5, 0.4, 0.1]], [0]))
    result = with_confidence(top, np.array([0.1]), 0.0)
    np.testing.assert_allclose(result, [[0.8 / 1.8, 0.8 / 1.8, 0.2 / 1.8]])


def test_a_certain_row_gives_the_rest_equal_shares() -> None:
    top = top_label(Predictions.from_probs([[1.0, 0.0, 0.0]], [0]))
    assert with_confidence(top, np.array([0.75]), 0.0).tolist() == [[0.75, 0.125, 0.125]]


def test_smoothing_counts_wrong_rows() -> None:
    right = correctness(Table.whole(Predictions.from_probs([0.9, 0.8, 0.7], [0, 0, 1])).derived(top_labels))
    assert right.uniform_share(1.0) == 1 / 3
    assert right.uniform_share(0.0) == 0
    assert (right.right, right.wrong, right.total, right.prior) == (1.0, 2.0, 3.0, 0.4)
