"""Images side by side: grey joins colour, and one channel or three are made of each other exactly."""

from __future__ import annotations

import numpy as np
from PIL import Image

from calibrant.pictures.channels import stack, with_channels

COLOUR = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), np.uint8)
GREY = np.random.default_rng(1).integers(0, 256, (2, 5, 4), np.uint8)


def test_grey_alone_stays_grey_and_beside_colour_becomes_colour() -> None:
    assert np.array_equal(stack(list(GREY)), GREY[:, None])
    mixed = stack([GREY[0], COLOUR[0]])
    assert np.array_equal(mixed[0], [GREY[0]] * 3)
    assert np.array_equal(mixed[1], COLOUR[0].transpose(2, 0, 1))


def test_colours_lie_side_by_side_in_memory() -> None:
    stacked = stack(list(COLOUR))
    assert stacked.transpose(0, 2, 3, 1).flags.c_contiguous


def test_grey_made_of_colour_is_what_image_libraries_make() -> None:
    grey = with_channels(stack(list(COLOUR)), 1)
    libraries = [np.asarray(Image.fromarray(image).convert("L")) for image in COLOUR]
    assert grey.shape == (2, 1, 5, 4)
    assert np.abs(grey[:, 0].astype(int) - libraries).max() <= 1
    assert np.array_equal(with_channels(with_channels(grey, 3), 1), grey)
