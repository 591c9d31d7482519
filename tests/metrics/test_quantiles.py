"""Values that cumulative weights reach, found by passes over parts: those of a sort of all rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from calibrant.engine import LocalEngine, Part
from calibrant.metrics import quantiles
from calibrant.metrics.bins import equal_mass_edges
from calibrant.metrics.quantiles import equal_shares, look_at, reached_values
from calibrant.predictions import Derived, Held
from tests.predictions.tables import Posting

Columns = tuple[np.ndarray, np.ndarray]
NO_WEIGHT = np.ones(0)

values = hnp.arrays(
    np.float64,
    st.integers(1, 40),
    elements=st.sampled_from([0.0, -0.0, 1.0, 5e-324, -5e-324, 1e-300, 0.5, np.inf, -np.inf, -2.5])
    | st.floats(allow_nan=False),
)


class Counting(Posting):
    """Counts the passes."""

    passes = 0

    def over_parts(self, work: Any, parts: Sequence[Part[Any]]) -> Iterator[Any]:
        self.passes += 1
        return super().over_parts(work, parts)


def column(part: Columns, index: int) -> Columns:
    return part[0][:, index], part[1]


def cut(columns: np.ndarray, weight: np.ndarray, *ends: int, engine: LocalEngine | None = None) -> Any:
    spans = pairwise((0, *ends, len(columns)))
    parts = [Held((columns[a:b], weight[a:b])) for a, b in spans]
    return Derived(parts, engine or Posting(1), in_memory=True)


def reached(parts: Any, count: int, targets: Sequence[np.ndarray]) -> list[np.ndarray]:
    return reached_values(parts, column, look_at(parts, column, count), targets)


def sorted_reached(column: np.ndarray, weight: np.ndarray, targets: np.ndarray) -> list[float]:
    order = np.argsort(column, kind="stable")
    cumulative = np.cumsum(weight[order] if weight.size else np.ones(len(column)))
    at = np.searchsorted(cumulative, targets)
    return (column[order][np.minimum(at, len(column) - 1)] + 0.0).tolist()


@given(drawn=values, data=st.data())
@settings(max_examples=40)
@pytest.mark.parametrize("cells", [2, 64, 2**12])
def test_any_values_are_found_to_the_last_bit(cells: int, drawn: np.ndarray, data: st.DataObject) -> None:
    n = len(drawn)
    weight = data.draw(st.just(NO_WEIGHT) | hnp.arrays(np.float64, n, elements=st.integers(0, 3).map(float)))
    if weight.size and not weight.any():
        weight = weight + 1
    ends = sorted(data.draw(st.sets(st.integers(1, n - 1), max_size=4))) if n > 1 else []
    targets = np.arange(1, (weight.sum() if weight.size else n) + 1)
    with patch.object(quantiles, "_CELLS", cells):
        (found,) = reached(cut(drawn[:, None], weight, *ends), 1, [targets])
    assert found.tolist() == sorted_reached(drawn, weight, targets)


def test_edges_are_those_of_a_sort() -> None:
    generator = np.random.default_rng(0)
    drawn = generator.beta(8, 1, size=(5_000, 3))
    drawn[:, 1] = np.round(drawn[:, 1], 2)
    weight = generator.gamma(2.0, size=5_000) * (generator.random(5_000) > 0.1)
    for weights in (NO_WEIGHT, weight):
        parts = cut(drawn, weights, 1, 1_000, 4_000)
        look = look_at(parts, column, 3)
        found = reached_values(parts, column, look, [equal_shares(w, 15) for w in look.weight])
        for index, uppers in enumerate(found):
            expected = equal_mass_edges(drawn[:, index], weights, 15)
            assert [0.0, *np.unique(uppers)] == expected.tolist()


def test_a_column_without_weight_has_no_values_and_needs_no_targets() -> None:
    columns, weight = np.array([[0.5, 0.1], [0.7, 0.2]]), np.array([0.0, 0.0])
    parts = cut(columns, weight, 1)
    assert look_at(parts, column, 2).weight.tolist() == [0.0, 0.0]
    assert [found.tolist() for found in reached(parts, 2, [np.empty(0)] * 2)] == [[], []]


def test_a_target_beyond_the_weight_is_the_greatest_value() -> None:
    parts = cut(np.array([[0.1], [0.9], [0.4]]), NO_WEIGHT, 2)
    assert reached(parts, 1, [np.array([3.0, 3.5])])[0].tolist() == [0.9, 0.9]


def test_few_passes_are_made() -> None:
    engine = Counting(1)
    drawn = np.random.default_rng(0).beta(8, 1, size=(3_000, 1))
    parts = cut(drawn, NO_WEIGHT, 1_500, engine=engine)
    reached(parts, 1, [equal_shares(3_000, 15)])
    assert engine.passes <= 7
