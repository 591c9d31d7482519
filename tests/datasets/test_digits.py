"""The digits come without network, resized, one channel, and split by size alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from calibrant.datasets import digits
from calibrant.datasets.spec import DataSpec
from calibrant.errors import DataUnavailable


def test_all_digits_at_32_pixels() -> None:
    source = digits.read(DataSpec(name="digits"))
    assert source.train.pixels.shape == (1797, 1, 32, 32)
    assert source.train.pixels.dtype == torch.uint8
    assert source.test is None
    assert source.classes == tuple("0123456789")


def test_at_their_own_size_the_brightnesses_are_scaled_to_255() -> None:
    pixels = digits.read(DataSpec(name="digits", image_size=8)).train.pixels
    np.testing.assert_array_equal(pixels[:, 0], np.rint(load_digits().images * 255 / 16))


def test_some_digits_only() -> None:
    source = digits.read(DataSpec(name="digits", classes=("8", "3")))
    target = load_digits().target
    assert source.classes == ("8", "3")
    assert source.train.labels.sum() == (target == 3).sum()
    assert len(source.train) == np.isin(target, [3, 8]).sum()


def test_digits_of_a_size_that_fills_the_memory_are_refused() -> None:
    with pytest.raises(DataUnavailable, match=r"up to digits .* Choose a smaller data\.image_size"):
        digits.read(DataSpec(name="digits", image_size=1500))
