"""Rotation and random resized crop as one affine map for each square image, sampled once.

A map takes places in the new image to places in the old one; both run from −1 to 1 over the image, edge to
edge. Which other changes an image gets is not decided here.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

_ATTEMPTS = 10
_ASPECT = 4 / 3


def random_maps(n: int, *, rotation: float, smallest_area: float, generator: Generator) -> Tensor:
    """Draw a map for each of `n` images: first it is rotated, then a window of it fills the image.

    Parameters
    ----------
    n : int
        Number of images.
    rotation : float
        The angle is uniform in ± so many degrees.
    smallest_area : float
        As in `random_windows`; 0 keeps the whole image.
    generator : Generator
        On the CPU.

    Returns
    -------
    Tensor
        float32 (n, 2, 3).
    """
    maps = rotations((2 * torch.rand(n, generator=generator) - 1) * rotation) if rotation else _unmoved(n)
    if not smallest_area:
        return maps
    return compose(maps, random_windows(n, smallest_area=smallest_area, generator=generator))


def rotations(degrees: Tensor) -> Tensor:
    """Return the maps (n, 2, 3) that turn images counter-clockwise about their centres by `degrees` (n,)."""
    angle = torch.deg2rad(degrees)
    cosine, sine, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    return torch.stack([cosine, -sine, zero, sine, cosine, zero], dim=1).reshape(-1, 2, 3)


def windows(*, width: Tensor, height: Tensor, left: Tensor, top: Tensor) -> Tensor:
    """Return the maps (n, 2, 3) that stretch a window of each image over the whole.

    All arguments are (n,), in fractions of the side of the image.
    """
    zero = torch.zeros_like(width)
    across = [width, zero, 2 * left + width - 1]
    down = [zero, height, 2 * top + height - 1]
    return torch.stack(across + down, dim=1).reshape(-1, 2, 3)


def random_windows(n: int, *, smallest_area: float, generator: Generator) -> Tensor:
    """Draw windows whose area is uniform in `smallest_area` … 1 and whose aspect is log-uniform in 3/4 … 4/3.

    A window that does not fit is drawn again, ten times at most; then the image stays whole. This is
    torchvision's ``RandomResizedCrop`` without rounding to whole pixels (Szegedy et al., "Going deeper with
    convolutions", CVPR 2015, section 6).
    """
    area = smallest_area + (1 - smallest_area) * torch.rand(_ATTEMPTS, n, generator=generator)
    aspect = torch.exp((2 * torch.rand(_ATTEMPTS, n, generator=generator) - 1) * math.log(_ASPECT))
    all_widths, all_heights = (area * aspect).sqrt(), (area / aspect).sqrt()
    fits = (all_widths <= 1) & (all_heights <= 1)
    first = fits.int().argmax(dim=0)[None]
    never = ~fits.any(dim=0)
    width = all_widths.gather(0, first)[0].masked_fill(never, 1.0)
    height = all_heights.gather(0, first)[0].masked_fill(never, 1.0)
    left, top = torch.rand(2, n, generator=generator)
    return windows(width=width, height=height, left=left * (1 - width), top=top * (1 - height))


def compose(outer: Tensor, inner: Tensor) -> Tensor:
    """Return the maps that apply `inner` and then `outer`, all (n, 2, 3)."""
    turn = outer[:, :, :2]
    return torch.cat([turn @ inner[:, :, :2], turn @ inner[:, :, 2:] + outer[:, :, 2:]], dim=2)


def resample(pixels: Tensor, maps: Tensor) -> Tensor:
    """Read each image at the places that its map names, between pixels bilinearly, outside it black.

    Parameters
    ----------
    pixels : Tensor
        (n, channels, side, side), numbers of any type.
    maps : Tensor
        float32 (n, 2, 3) on the same device.

    Returns
    -------
    Tensor
        float32, of the same shape.
    """
    grid = affine_grid(maps, list(pixels.shape), align_corners=False)
    # Black begins at the image's edge, not half a pixel inside, or every stretched edge would be darkened.
    inside = (grid.abs() <= 1).all(dim=3)[:, None]
    return grid_sample(pixels.float(), grid, padding_mode="border", align_corners=False) * inside


def _unmoved(n: int) -> Tensor:
    return torch.eye(2, 3).expand(n, 2, 3)
