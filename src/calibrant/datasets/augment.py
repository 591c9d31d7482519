"""Random crops and flips of a whole batch at once.

The random choices are drawn from the generator passed in; what is done with them is deterministic.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torch.nn.functional import pad


def random_crop(pixels: Tensor, padding: int, generator: Generator) -> Tensor:
    """Pad each image with black on all sides and cut a window of its old size at a random place.

    Parameters
    ----------
    pixels : Tensor
        uint8 (n, channels, height, width).
    padding : int
        Pixels added to each side.
    generator : Generator
        On the CPU, whatever the device of `pixels`, so that all devices draw the same windows.
    """
    top, left = torch.randint(2 * padding + 1, (2, len(pixels)), generator=generator).to(pixels.device)
    return crop(pixels, padding=padding, top=top, left=left)


def random_flip(pixels: Tensor, generator: Generator) -> Tensor:
    """Mirror each image left to right with probability one half; arguments as in `random_crop`."""
    mirrored = torch.randint(2, (len(pixels),), generator=generator).to(pixels.device)
    return torch.where(mirrored.bool()[:, None, None, None], pixels.flip(3), pixels)


def crop(pixels: Tensor, *, padding: int, top: Tensor, left: Tensor) -> Tensor:
    """Pad each image with black on all sides and cut a window of its old size.

    Parameters
    ----------
    pixels : Tensor
        uint8 (n, channels, height, width).
    padding : int
        Pixels added to each side.
    top, left : Tensor
        int64 (n,), the window's upper left corner in the padded image, in 0..2·padding.
    """
    n, _, height, width = pixels.shape
    device = pixels.device
    padded = pad(pixels, (padding, padding, padding, padding))
    image = torch.arange(n, device=device)[:, None, None]
    rows = (top[:, None] + torch.arange(height, device=device))[:, :, None]
    columns = (left[:, None] + torch.arange(width, device=device))[:, None, :]
    return padded.permute(0, 2, 3, 1)[image, rows, columns].permute(0, 3, 1, 2)
