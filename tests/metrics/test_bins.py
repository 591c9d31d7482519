"""The bin table: edges that are the exact fractions, and sums that merge."""

import numpy as np
import pytest

from calibrant.metrics import CalibrationError, Rows
from calibrant.metrics.bins import EMPTY_BINS, equal_width_edges
from calibrant.predictions import Predictions


@pytest.mark.parametrize("m", [1, 2, 5, 10, 15, 100])
def test_edges_are_the_nearest_floats_to_the_fractions(m: int) -> None:
    assert equal_width_edges(m).tolist() == [j / m for j in range(m + 1)]


def test_the_edge_that_linspace_gets_wrong() -> None:
    """np.linspace(0, 1, 6)[3] is 0.6000000000000001, so that a confidence of 0.6 changes its bin."""
    assert equal_width_edges(5)[3] == 0.6 < np.linspace(0, 1, 6)[3]


def test_the_table_of_bins() -> None:
    rows = Predictions.from_probs([0.95, 0.9, 0.85, 0.5], [1, 0, 1, 1], sample_weight=[1.0, 3.0, 1.0, 2.0])
    state = CalibrationError(bins=10).accumulate(Rows(rows))
    assert state.n == 4
    assert state.count[0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 2, 1]
    assert state.weight[0].tolist() == [0, 0, 0, 0, 2, 0, 0, 0, 4, 1]
    assert state.confidence[0, [4, 8, 9]] == pytest.approx([0.5, (3 * 0.9 + 0.85) / 4, 0.95])
    assert state.accuracy[0, [4, 8, 9]].tolist() == [0, 0.25, 1]
    assert np.isnan(state.confidence[0, 0])
    assert np.isnan(state.accuracy[0, 0])


def test_nothing_merges_with_nothing() -> None:
    assert EMPTY_BINS.merge(EMPTY_BINS).n == 0
