"""Equal-mass bins end at order statistics, never split ties, and do not see the row order."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.metrics import EqualMassCalibrationError, ece
from calibrant.metrics.bins import bin_by_edges, equal_mass_edges
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import prob_predictions

# Exact arithmetic by hand: ten rows of three confidences, five bins asked for.
TIED_CONFIDENCE = [0.6] * 6 + [0.7] * 2 + [0.9] * 2
TIED_CORRECT = [1, 1, 1, 0, 0, 1, 1, 0, 1, 1]
NO_WEIGHT = np.ones(0)


def tied(order: Any) -> Predictions:
    return Predictions.from_probs(np.array(TIED_CONFIDENCE)[order], np.array(TIED_CORRECT)[order])


@given(st.permutations(range(10)))
def test_golden_value_of_ties_in_any_row_order(order: list[int]) -> None:
    assert ece(tied(order), scheme="equal-mass", bins=5).value == pytest.approx(0.10, abs=1e-15)


def test_ties_merge_bins() -> None:
    values = np.array(TIED_CONFIDENCE)
    edges = equal_mass_edges(values, NO_WEIGHT, 5)
    assert edges.tolist() == [0.0, 0.6, 0.7, 0.9]
    state = bin_by_edges(values, np.array(TIED_CORRECT, bool), NO_WEIGHT, edges)
    assert state.count.tolist() == [[6, 2, 2]]


@pytest.mark.parametrize("n", [1, 2, 14, 15, 16, 100, 1500])
@pytest.mark.parametrize("m", [1, 3, 15])
def test_without_ties_bins_hold_as_many_rows_as_can_be(n: int, m: int) -> None:
    values = np.random.default_rng(n).permutation(np.arange(1, n + 1)) / n
    edges = equal_mass_edges(values, NO_WEIGHT, m)
    state = bin_by_edges(values, np.ones(n, bool), NO_WEIGHT, edges)
    assert state.count.sum() == n
    assert state.count.shape[1] == min(n, m)
    assert np.ptp(state.count) <= 1
    ends = [-(-j * n // m) for j in range(1, m + 1)]
    assert edges[1:].tolist() == sorted({end / n for end in ends})


@given(prob_predictions(most_rows=30), st.integers(1, 25), st.sampled_from(["l1", "l2", "max"]))
def test_it_is_the_definition(rows: Predictions, m: int, norm: Any) -> None:
    probs = oracle.probs_of(rows)
    errors = [
        oracle.error_of(oracle.equal_mass_table(probs[:, j], rows.labels == j, m), norm)
        for j in range(rows.k)
    ]
    for j, error in enumerate(errors):
        metric = EqualMassCalibrationError(norm=norm, notion="one-class", class_index=j, bins=m)
        assert metric(rows).value == pytest.approx(error, abs=1e-12)
    class_wise = EqualMassCalibrationError(norm=norm, notion="class-wise", bins=m)(rows).value
    assert class_wise == pytest.approx(np.mean(errors), abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5)), min_size=1, max_size=30).filter(
        lambda rows: any(weight for _, weight in rows)
    ),
    st.integers(1, 12),
)
def test_weighted_edges_are_the_smallest_values_that_reach_their_share(
    rows: list[tuple[int, int]], m: int
) -> None:
    values, weight = (np.array(column, float) for column in zip(*rows, strict=True))
    total = sum(w for _, w in rows)
    uppers = {
        min(v for v, _ in rows if sum(w for u, w in rows if u <= v) >= Fraction(j * total, m))
        for j in range(1, m + 1)
    }
    assert equal_mass_edges(values, weight, m)[1:].tolist() == sorted(uppers)
    repeated = np.repeat(values, weight.astype(int))
    assert equal_mass_edges(repeated, NO_WEIGHT, m).tolist() == equal_mass_edges(values, weight, m).tolist()


@pytest.mark.parametrize("p", [0.0, 1.0, 0.5])
def test_a_constant_makes_one_bin(p: float) -> None:
    edges = equal_mass_edges(np.full(9, p), NO_WEIGHT, 4)
    state = bin_by_edges(np.full(9, p), np.ones(9, bool), NO_WEIGHT, edges)
    assert state.count.tolist() == [[9]]
    assert edges[-1] == p
