"""Counting into bins: every row in exactly one bin, and the right one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.metrics import Rows
from calibrant.metrics.bins import bin_classes, bin_values, equal_width_edges
from calibrant.predictions import Predictions
from tests import oracle
from tests.drawn_predictions import (
    FLOAT_TYPES,
    logit_predictions,
    overconfident,
    overconfident_probs,
    prob_predictions,
)

pytestmark = pytest.mark.usefixtures("_both_ways")


def class_tables(rows: Predictions, m: int, temperature: float = 1.0) -> Any:
    probs = oracle.softmax(rows.scores, temperature) if rows.kind == "logits" else oracle.probs_of(rows)
    return np.stack(
        [oracle.bin_table(probs[:, j], rows.labels == j, m, rows.sample_weight) for j in range(rows.k)]
    )


@given(prob_predictions(), st.integers(1, 20))
def test_every_class_of_every_row_falls_into_its_bin(rows: Predictions, m: int) -> None:
    state = bin_classes(Rows(rows), equal_width_edges(m))
    assert (state.count.sum(axis=1) == rows.n).all()
    np.testing.assert_array_equal(state.count, class_tables(rows, m)[..., 0])
    np.testing.assert_allclose(state.sums, class_tables(rows, m), atol=1e-12)


@given(logit_predictions(masks=True), st.integers(1, 20))
def test_no_row_of_logits_is_lost(rows: Predictions, m: int) -> None:
    state = bin_classes(Rows(rows), equal_width_edges(m))
    assert (state.count.sum(axis=1) == rows.n).all()
    assert state.sums[..., 3].sum() == rows.n
    np.testing.assert_allclose(state.sums[..., 2].sum(axis=1), oracle.probs_of(rows).sum(axis=0), atol=1e-12)


@pytest.mark.parametrize("k", [2, 10, 300])
@pytest.mark.parametrize("m", [1, 2, 15])
@pytest.mark.parametrize("draw", [overconfident, overconfident_probs])
def test_random_rows(draw: Any, m: int, k: int) -> None:
    rows = draw(400, k)
    np.testing.assert_allclose(
        bin_classes(Rows(rows), equal_width_edges(m)).sums, class_tables(rows, m), atol=1e-11
    )


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
def test_float_types_and_weights(dtype: Any) -> None:
    rows = overconfident(300, 5, weighted=True)
    rows = rows.with_scores(rows.scores.astype(dtype), "logits")
    state = bin_classes(Rows(rows), equal_width_edges(15))
    np.testing.assert_allclose(state.sums, class_tables(rows, 15), atol=1e-11)


@pytest.mark.parametrize("temperature", [0.5, 4.0])
def test_another_temperature(temperature: float) -> None:
    rows = overconfident(300, 5)
    state = bin_classes(Rows(rows, temperature=temperature), equal_width_edges(15))
    np.testing.assert_allclose(state.sums, class_tables(rows, 15, temperature), atol=1e-11)


@pytest.mark.parametrize("m", [1, 2, 3, 5, 7, 10, 15, 30])
def test_zero_one_and_every_exact_edge_fall_into_exactly_one_bin(m: int) -> None:
    edges = equal_width_edges(m)
    rows = Predictions.from_probs(edges, np.ones(m + 1, int))
    for state in (
        bin_values(Rows(rows), np.asarray(edges), np.ones(m + 1, bool), edges),
        bin_classes(Rows(rows), edges),
    ):
        assert state.count[-1].tolist() == [2] + [1] * (m - 1)
        assert state.count[-1].sum() == m + 1


@pytest.mark.parametrize("k", [32, 33, 100])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("spread", [0.1, 1.0, 5.0])
def test_rows_of_several_parts(spread: float, weighted: bool, k: int) -> None:
    rows = overconfident(50, k, weighted=weighted, spread=spread)
    for m in (2, 15, 40):
        state = bin_classes(Rows(rows), equal_width_edges(m))
        np.testing.assert_array_equal(state.count, class_tables(rows, m)[..., 0])
        np.testing.assert_allclose(state.sums, class_tables(rows, m), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("m", [3, 7, 10, 15, 31])
@pytest.mark.parametrize("k", [31, 32, 100])
def test_probabilities_at_the_first_edge_of_long_rows(k: int, m: int) -> None:
    logits = np.full((m, k), -np.inf)
    for i in range(m):
        logits[i, (np.arange(m) * 7 + i) % k] = 0.0
    rows = Predictions.from_logits(logits, [i % k for i in range(m)])
    state = bin_classes(Rows(rows), equal_width_edges(m))
    assert (state.count[:, 0] == m).all()
    probs = rows.probs()
    one_step_above = Predictions.from_probs(np.where(probs > 0, np.nextafter(probs, 1), 0), rows.labels)
    state = bin_classes(Rows(one_step_above), equal_width_edges(m))
    np.testing.assert_array_equal(state.count, class_tables(one_step_above, m)[..., 0])


def test_what_is_impossible_adds_exactly_0() -> None:
    masked = Predictions.from_logits([[0.0, -np.inf, 1.0]] * 3, [0, 2, 2])
    never = Predictions.from_probs([[0.5, 0.0, 0.5]] * 3, [0, 2, 2])
    for rows in (masked, never):
        assert bin_classes(Rows(rows), equal_width_edges(15)).sums[1, 0].tolist() == [3, 3, 0, 0]


@pytest.mark.parametrize("dtype", FLOAT_TYPES)
@pytest.mark.parametrize("layout", ["Fortran", "strided"])
def test_the_layout_in_memory_does_not_matter(layout: str, dtype: Any) -> None:
    rows = overconfident(300, 40)
    rows = rows.with_scores(rows.scores.astype(dtype), "logits")
    other = np.asfortranarray(rows.scores)
    if layout == "strided":
        other = np.repeat(np.repeat(rows.scores, 2, axis=0), 3, axis=1)[::2, ::3]
    states = [
        bin_classes(Rows(each), equal_width_edges(15)) for each in (rows, rows.with_scores(other, "logits"))
    ]
    np.testing.assert_array_equal(states[0].count, states[1].count)
    np.testing.assert_allclose(states[0].sums, states[1].sums, rtol=1e-13, atol=1e-14)
