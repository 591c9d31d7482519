"""Mean and standard deviation from counts, in exact integers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.datasets.brightness import LEVELS, of_counts


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60))
def test_they_are_those_of_the_pixels(pixels: list[int]) -> None:
    found = of_counts(np.bincount(pixels, minlength=LEVELS).tolist())
    fractions = np.array(pixels) / 255
    assert found.mean == pytest.approx(fractions.mean(), abs=1e-14)
    assert found.std == pytest.approx(fractions.std(), abs=1e-9)


def test_more_pixels_than_a_float_can_count() -> None:
    counts = [10**18, *254 * [0], 10**18]
    assert (of_counts(counts).mean, of_counts(counts).std) == (0.5, 0.5)
