"""Images are picked whole, whatever their layout in memory."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from calibrant.datasets.side_by_side import channel_by_channel, pick, pixel_by_pixel, rearrange

LAYOUTS = (torch.contiguous_format, torch.channels_last)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("channels", [1, 3])
def test_picked_images_are_those_named_with_their_colours_side_by_side(
    layout: torch.memory_format, channels: int
) -> None:
    images = torch.arange(5 * channels * 16, dtype=torch.uint8).reshape(5, channels, 4, 4)
    rows = torch.tensor([3, 0, 3])
    picked = pick(images.contiguous(memory_format=layout), rows)
    assert torch.equal(picked, images[rows])
    assert picked.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(order=st.integers(1, 12).flatmap(lambda n: st.permutations(range(n))))
def test_images_that_change_places_are_those_that_are_picked(
    layout: torch.memory_format, order: list[int]
) -> None:
    images = torch.arange(len(order) * 12, dtype=torch.uint8).reshape(-1, 3, 2, 2)
    images = images.contiguous(memory_format=layout)
    wanted = pick(images, torch.tensor(order))
    rearrange(images, order)
    assert torch.equal(images, wanted)
    assert images.is_contiguous(memory_format=layout)


def test_the_two_views_undo_each_other() -> None:
    images = torch.rand(2, 3, 4, 5)
    assert pixel_by_pixel(images).shape == (2, 4, 5, 3)
    assert torch.equal(channel_by_channel(pixel_by_pixel(images)), images)
