"""Crops and flips of whole batches do to each image what they would do to it alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, Tensor

from calibrant.datasets.augment import Augmentation, crop

ALL = Augmentation(crop_padding=2, flip=True, rotation=15.0, random_resized_crop=0.5)


def augmented(batch: Tensor, *, seed: int = 0, **options: Any) -> Tensor:
    return Augmentation(**options).draw(len(batch), Generator().manual_seed(seed)).apply(batch)


def pixels(n: int, channels: int = 3, size: int = 6) -> Tensor:
    return torch.randint(
        256, (n, channels, size, size), dtype=torch.uint8, generator=Generator().manual_seed(n)
    )


@given(padding=st.integers(1, 4), n=st.integers(1, 5), channels=st.sampled_from([1, 3]), data=st.data())
def test_a_crop_is_that_of_each_image_padded_with_black(
    padding: int, n: int, channels: int, data: st.DataObject
) -> None:
    corner = st.lists(st.integers(0, 2 * padding), min_size=n, max_size=n)
    top, left = data.draw(corner), data.draw(corner)
    batch = pixels(n, channels)
    cropped = crop(batch, padding=padding, top=torch.tensor(top), left=torch.tensor(left))
    for image, result, y, x in zip(batch.numpy(), cropped.numpy(), top, left, strict=True):
        padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
        np.testing.assert_array_equal(result, padded[:, y : y + 6, x : x + 6])


def test_the_layout_in_memory_changes_nothing() -> None:
    batch, draw = pixels(20), ALL.draw(20, Generator().manual_seed(0))
    side_by_side = batch.contiguous(memory_format=torch.channels_last)
    assert torch.equal(draw.apply(side_by_side), draw.apply(batch))


def test_random_windows_cover_every_offset() -> None:
    padding = 1
    image = torch.arange(1, 10, dtype=torch.uint8).reshape(1, 1, 3, 3)
    cropped = augmented(image.expand(300, 1, 3, 3), crop_padding=padding)
    assert len({tuple(window.flatten().tolist()) for window in cropped}) == 9


def test_a_flip_mirrors_whole_images_about_half_of_the_time() -> None:
    batch = pixels(400)
    flipped = augmented(batch, flip=True)
    mirrored = (flipped == batch.flip(3)).flatten(1).all(1)
    kept = (flipped == batch).flatten(1).all(1)
    assert torch.all(mirrored ^ kept)
    assert 150 < mirrored.sum() < 250


@pytest.mark.parametrize(
    "option", [{"crop_padding": 2}, {"flip": True}, {"rotation": 20.0}, {"random_resized_crop": 0.3}]
)
def test_the_generator_decides(option: dict[str, Any]) -> None:
    first, same, other = (augmented(pixels(20), seed=seed, **option) for seed in (0, 0, 1))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_some_of_the_images_change_as_they_do_among_all() -> None:
    draw = ALL.draw(20, Generator().manual_seed(0))
    rows = torch.tensor([3, 11, 4])
    torch.testing.assert_close(draw.select(rows).apply(pixels(20)[rows]), draw.apply(pixels(20))[rows])


def test_without_options_images_stay_as_they_are() -> None:
    assert torch.equal(augmented(pixels(5)), pixels(5))


def test_the_images_passed_in_are_not_changed() -> None:
    batch = pixels(5)
    before = batch.clone()
    ALL.draw(5, Generator()).apply(batch)
    assert torch.equal(batch, before)
