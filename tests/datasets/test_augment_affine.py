"""Affine maps rotate and stretch as torchvision does, and random windows lie where they should."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Generator, Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms.functional import resized_crop, rotate

from calibrant.datasets.augment_affine import (
    compose,
    random_maps,
    random_windows,
    resample,
    rotations,
    windows,
)


def pixels(n: int = 2, size: int = 16) -> Tensor:
    generator = Generator().manual_seed(0)
    return torch.randint(256, (n, 3, size, size), dtype=torch.uint8, generator=generator)


def window(width: float, height: float, left: float, top: float) -> Tensor:
    return windows(
        **{
            name: torch.tensor([value])
            for name, value in (("width", width), ("height", height), ("left", left), ("top", top))
        }
    )


def test_an_angle_of_0_and_the_whole_window_change_nothing() -> None:
    maps = compose(rotations(torch.zeros(1)), window(1.0, 1.0, 0.0, 0.0))
    torch.testing.assert_close(resample(pixels(1), maps), pixels(1).float(), rtol=0, atol=1e-3)


@pytest.mark.parametrize("degrees", [-30.0, 12.0, 90.0])
def test_a_rotation_is_that_of_torchvision(degrees: float) -> None:
    found = resample(pixels(1), rotations(torch.tensor([degrees])))
    expected = rotate(pixels(1).float(), degrees, InterpolationMode.BILINEAR)
    # At the edge of the image torchvision fades to black over half a pixel.
    inner = (slice(None), slice(None), slice(4, 12), slice(4, 12))
    torch.testing.assert_close(found[inner], expected[inner], rtol=0, atol=0.02)


def test_corners_of_a_rotated_image_are_black() -> None:
    white = torch.full((1, 1, 16, 16), 255, dtype=torch.uint8)
    turned = resample(white, rotations(torch.tensor([45.0])))
    assert turned[0, 0, 0, 0] == 0
    assert set(turned.round().unique().tolist()) == {0.0, 255.0}


def test_a_window_is_that_of_torchvision() -> None:
    found = resample(pixels(1), window(0.5, 0.25, 0.25, 0.5))
    expected = resized_crop(pixels(1).float(), 8, 4, 4, 8, [16, 16], antialias=False)
    # At the window's edge torchvision repeats pixels; here the image goes on.
    inner = (slice(None), slice(None), slice(2, 14), slice(1, 15))
    torch.testing.assert_close(found[inner], expected[inner], rtol=0, atol=0.02)


def test_edges_of_a_stretched_image_are_not_darkened() -> None:
    white = torch.full((1, 1, 16, 16), 255, dtype=torch.uint8)
    assert resample(white, window(0.5, 0.5, 0.0, 0.0)).min() == 255


def test_random_windows_have_the_area_and_aspect_asked_for_and_lie_inside() -> None:
    maps = random_windows(2000, smallest_area=0.2, generator=Generator().manual_seed(0))
    width, height = maps[:, 0, 0], maps[:, 1, 1]
    across, down = maps[:, 0, 2], maps[:, 1, 2]
    area, aspect = width * height, width / height
    assert 0.2 - 1e-6 <= area.min() < 0.22
    assert 0.93 < area.max() <= 1
    assert aspect.min() >= 3 / 4 - 1e-5
    assert aspect.max() <= 4 / 3 + 1e-5
    assert abs(aspect.log().mean()) < 0.02
    for size, centre in ((width, across), (height, down)):
        assert (centre.abs() + size).max() <= 1 + 1e-6


def test_a_window_that_never_fits_is_the_whole_image() -> None:
    maps = random_windows(4000, smallest_area=1.0, generator=Generator().manual_seed(0))
    whole = (maps == torch.eye(2, 3)).flatten(1).all(dim=1)
    assert whole.float().mean() > 0.99


def test_angles_are_uniform_within_their_bound() -> None:
    maps = random_maps(4000, rotation=30.0, smallest_area=0.0, generator=Generator().manual_seed(0))
    angles = torch.atan2(maps[:, 1, 0], maps[:, 0, 0]).rad2deg()
    assert angles.abs().max() <= 30 + 1e-4
    assert abs(angles.mean()) < 1.0
    assert angles.std() == pytest.approx(30 / math.sqrt(3), rel=0.05)
