"""Normalisation is exact, per channel, and from the training rows alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis.extra import numpy as arrays

from calibrant.datasets.normalisation import Normalisation, normalisation_for, of_pixels
from calibrant.datasets.spec import DataSpec
from calibrant.errors import InvalidArgument

pixel_arrays = arrays.arrays(np.uint8, arrays.array_shapes(min_dims=4, max_dims=4, max_side=4))


@given(pixel_arrays)
def test_mean_and_std_are_those_of_float64_arithmetic(array: np.ndarray) -> None:
    found = of_pixels(torch.from_numpy(array))
    fractions = array.astype(np.float64) / 255
    std = fractions.std(axis=(0, 2, 3))
    np.testing.assert_allclose(found.mean, fractions.mean(axis=(0, 2, 3)), rtol=1e-14)
    np.testing.assert_allclose(found.std, np.where(std > 1e-12, std, 1.0), rtol=1e-9)


def test_normalised_training_rows_have_mean_zero_and_variance_one() -> None:
    pixels = torch.randint(256, (50, 3, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    inputs = of_pixels(pixels).apply(pixels)
    assert inputs.dtype == torch.float32
    torch.testing.assert_close(inputs.mean(dim=(0, 2, 3)), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(inputs.std(dim=(0, 2, 3), unbiased=False), torch.ones(3), atol=1e-5, rtol=0)


def test_half_maps_black_and_white_to_minus_one_and_one() -> None:
    pixels = torch.tensor([0, 255], dtype=torch.uint8).reshape(2, 1, 1, 1)
    found = normalisation_for(DataSpec(name="x", normalise="half"), pixels)
    assert found.apply(pixels).flatten().tolist() == [-1.0, 1.0]


def test_channels_have_their_own_constants() -> None:
    pixels = torch.full((1, 2, 1, 1), 255, dtype=torch.uint8)
    inputs = Normalisation(mean=(0.5, 0.25), std=(0.5, 0.25)).apply(pixels)
    torch.testing.assert_close(inputs.flatten(), torch.tensor([1.0, 3.0]))


def test_the_layout_in_memory_is_kept_and_changes_no_bit() -> None:
    pixels = torch.randint(256, (5, 3, 8, 8), dtype=torch.uint8)
    found = Normalisation(mean=(0.5, 0.4, 0.3), std=(0.2, 0.21, 0.22))
    side_by_side = found.apply(pixels.contiguous(memory_format=torch.channels_last))
    assert side_by_side.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(side_by_side, found.apply(pixels))


def test_constants_for_another_number_of_channels() -> None:
    spec = DataSpec.model_validate({"name": "x", "normalise": {"mean": [0.5], "std": [0.5]}})
    with pytest.raises(InvalidArgument, match="the images have 3, it gives 1 and 1"):
        normalisation_for(spec, torch.zeros(1, 3, 2, 2, dtype=torch.uint8))
