"""Encoded images become one tensor with their exact pixels, or an error that names the image."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from calibrant.datasets.decode import EncodedImage, decode_images
from calibrant.errors import DataUnavailable


def named(*contents: bytes) -> list[EncodedImage]:
    return [EncodedImage(content, f"image {number}") for number, content in enumerate(contents)]


def test_colour_pixels_are_exact_with_channels_first(png: Callable, random_images: Callable) -> None:
    images = random_images(3)
    pixels = decode_images(named(*map(png, images)))
    assert pixels.dtype == torch.uint8
    assert pixels.shape == (3, 3, 8, 8)
    np.testing.assert_array_equal(pixels.permute(0, 2, 3, 1), images)


def test_grey_images_have_one_channel(png: Callable, random_images: Callable) -> None:
    images = random_images(3, channels=1)
    np.testing.assert_array_equal(decode_images(named(*map(png, images)))[:, 0], images)


def test_grey_among_colour_becomes_colour(png: Callable, random_images: Callable) -> None:
    grey, colour = random_images(1, channels=1)[0], random_images(1)[0]
    pixels = decode_images(named(png(grey), png(colour)))
    np.testing.assert_array_equal(pixels[0], [grey, grey, grey])
    np.testing.assert_array_equal(pixels[1], colour.transpose(2, 0, 1))


def test_palettes_and_transparency_are_resolved(random_images: Callable) -> None:
    contents = []
    for mode in ("P", "RGBA"):
        file = BytesIO()
        Image.fromarray(random_images(1)[0]).convert(mode).save(file, "png")
        contents.append(file.getvalue())
    assert decode_images(named(*contents)).shape == (2, 3, 8, 8)


def test_resizing_brings_all_to_one_size(png: Callable, random_images: Callable) -> None:
    contents = [png(random_images(1, size=size)[0]) for size in (8, 12)]
    assert decode_images(named(*contents), image_size=16).shape == (2, 3, 16, 16)


@pytest.mark.parametrize("cut", [0, 20, 100])
def test_a_damaged_image_is_named(cut: int, png: Callable, random_images: Callable) -> None:
    good, bad = map(png, random_images(2))
    with pytest.raises(DataUnavailable, match=r"image 1 is not a readable image .*Replace it or remove it"):
        decode_images(named(good, bad[:cut]))


def test_sizes_that_differ_need_a_size(png: Callable, random_images: Callable) -> None:
    contents = [png(random_images(1, size=size)[0]) for size in (8, 12)]
    with pytest.raises(
        DataUnavailable, match=r"image 1 has 12 × 12 pixels, the first image 8 × 8.*image_size"
    ):
        decode_images(named(*contents))


def test_images_that_are_not_square_need_a_size(png: Callable, random_images: Callable) -> None:
    with pytest.raises(DataUnavailable, match=r"image 0 is not square \(8 × 5 pixels\).*image_size"):
        decode_images(named(png(random_images(1)[0][:5])))
