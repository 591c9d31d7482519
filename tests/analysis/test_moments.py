"""Moments of parts merge to those of the whole, far from 0 too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.analysis.moments import Moments

NO_WEIGHT = np.empty(0)


@given(st.integers(0, 30), st.floats(-1e6, 1e6), st.booleans())
def test_any_cut_merges_to_the_whole(cut: int, centre: float, weighted: bool) -> None:
    generator = np.random.default_rng(0)
    values = centre + generator.normal(size=30)
    weight = generator.integers(0, 3, size=30).astype(float) if weighted else NO_WEIGHT
    halves = [
        Moments.of(values[part], weight[part] if weighted else NO_WEIGHT)
        for part in (np.s_[:cut], np.s_[cut:])
    ]
    whole, merged = Moments.of(values, weight), halves[0].merge(halves[1])
    assert merged.weight == whole.weight
    assert merged.mean == pytest.approx(whole.mean, rel=1e-14, abs=1e-14)
    assert merged.squares == pytest.approx(whole.squares, rel=1e-9)


def test_a_weight_of_two_is_the_row_twice() -> None:
    values = np.array([1.0, 2.0, 4.0])
    weighted = Moments.of(values, np.array([2.0, 1.0, 0.0]))
    repeated = Moments.of(np.array([1.0, 1.0, 2.0]), NO_WEIGHT)
    assert weighted == repeated == Moments(3.0, 4 / 3, pytest.approx(2 / 3))


def test_no_weight_changes_nothing() -> None:
    some = Moments.of(np.array([1.0, 5.0]), NO_WEIGHT)
    for nothing in (Moments(), Moments.of(np.array([7.0]), np.array([0.0]))):
        assert some.merge(nothing) == nothing.merge(some) == some
