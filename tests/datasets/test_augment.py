"""Crops and flips of whole batches do to each image what they would do to it alone."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, Tensor

from calibrant.datasets.augment import crop, random_crop, random_flip


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


def test_random_windows_cover_every_offset() -> None:
    padding = 1
    image = torch.arange(1, 10, dtype=torch.uint8).reshape(1, 1, 3, 3)
    cropped = random_crop(image.expand(300, 1, 3, 3), padding, Generator().manual_seed(0))
    assert len({tuple(window.flatten().tolist()) for window in cropped}) == 9


def test_a_flip_mirrors_whole_images_about_half_of_the_time() -> None:
    batch = pixels(400)
    flipped = random_flip(batch, Generator().manual_seed(0))
    mirrored = (flipped == batch.flip(3)).flatten(1).all(1)
    kept = (flipped == batch).flatten(1).all(1)
    assert torch.all(mirrored ^ kept)
    assert 150 < mirrored.sum() < 250


def test_the_generator_decides() -> None:
    batch = pixels(20)
    for augment in (random_flip, lambda images, generator: random_crop(images, 2, generator)):
        first, same, other = (augment(batch, Generator().manual_seed(seed)) for seed in (0, 0, 1))
        assert torch.equal(first, same)
        assert not torch.equal(first, other)


def test_the_images_passed_in_are_not_changed() -> None:
    batch = pixels(5)
    before = batch.clone()
    random_crop(random_flip(batch, Generator()), 2, Generator())
    assert torch.equal(batch, before)
