"""The order in which a sweep takes its temperatures."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calibrant.analysis.tempered_sums import LONGEST_CHAIN, squarings

EIGHTHS = st.integers(-80, 80).map(lambda step: 2.0 ** (step / 8))


@given(st.lists(EIGHTHS, min_size=1))
def test_a_square_is_of_the_temperature_twice_as_high(temperatures: list[float]) -> None:
    order, squared = squarings(tuple(temperatures))
    assert sorted(order) == sorted(set(temperatures))
    for before, temperature, square in zip(order, order[1:], squared[1:], strict=False):
        assert not square or (before == 2 * temperature and temperature != 1.0)
    assert not squared[0]


def test_an_octave_takes_exponentials_and_the_octaves_below_it_squares() -> None:
    order, squared = squarings(tuple(2.0 ** (step / 8) for step in range(-16, 17)))
    assert len(order) == 33
    assert np.count_nonzero(~squared) == 9


def test_a_chain_ends_before_its_errors_grow() -> None:
    _, squared = squarings(tuple(3.0 * 2.0**step for step in range(LONGEST_CHAIN + 3)))
    assert squared.tolist() == [False, *[True] * LONGEST_CHAIN, False, True]
