"""Random crops, flips, rotations and resized crops of a whole batch at once.

Chance and change are apart: `Augmentation.draw` draws from the generator passed in, and `Draw.apply` is
deterministic, so that several processes can draw alike and change only their own images.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn.functional import pad

from calibrant.datasets.augment_affine import random_maps, resample
from calibrant.datasets.side_by_side import channel_by_channel, pick, pixel_by_pixel


@dataclass(frozen=True)
class Augmentation:
    """What happens to each training image at random, in this order.

    Attributes
    ----------
    crop_padding : int
        Black pixels added to each side before a crop to the old size; 0 leaves it out.
    flip : bool
        Whether half of the images are mirrored left to right.
    rotation : float
        Images are turned about their centre by an angle uniform in ± so many degrees; corners become black.
    random_resized_crop : float
        Smallest share of the area that a window, stretched to the old size, may have; 0 leaves it out.
    """

    crop_padding: int = 0
    flip: bool = False
    rotation: float = 0.0
    random_resized_crop: float = 0.0

    def draw(self, n: int, generator: Generator) -> Draw:
        """Draw for `n` images, from a generator on the CPU: all devices get the same."""
        corners = mirrored = maps = None
        if self.crop_padding:
            corners = torch.randint(2 * self.crop_padding + 1, (2, n), generator=generator).T
        if self.flip:
            mirrored = torch.randint(2, (n,), generator=generator).bool()
        if self.rotation or self.random_resized_crop:
            maps = random_maps(
                n, rotation=self.rotation, smallest_area=self.random_resized_crop, generator=generator
            )
        return Draw(self.crop_padding, corners, mirrored, maps)


UNCHANGED = Augmentation()


@dataclass(frozen=True, eq=False)
class Draw:
    """What chance decided for each image of a batch; None where it has nothing to decide.

    Attributes
    ----------
    padding : int
        Black pixels on each side before the crop.
    corners : Tensor, optional
        int64 (n, 2), upper and left edge of the crop in the padded image, in 0..2·padding.
    mirrored : Tensor, optional
        bool (n,).
    maps : Tensor, optional
        float32 (n, 2, 3), from places in the new image to places in the old one.
    """

    padding: int
    corners: Tensor | None
    mirrored: Tensor | None
    maps: Tensor | None

    def select(self, rows: Tensor) -> Draw:
        """Return what was drawn for some of the images; `rows` is int64 on the CPU."""
        kept = (None if part is None else part[rows] for part in (self.corners, self.mirrored, self.maps))
        return Draw(self.padding, *kept)

    def apply(self, pixels: Tensor) -> Tensor:
        """Return the changed images.

        Parameters
        ----------
        pixels : Tensor
            uint8 (n, channels, height, width) on any device.

        Returns
        -------
        Tensor
            uint8; float32 in 0..255 where images were rotated or stretched.
        """
        if self.corners is not None:
            top, left = self.corners.T.to(pixels.device)
            pixels = crop(pixels, padding=self.padding, top=top, left=left)
        if self.mirrored is not None:
            pixels = mirror(pixels, self.mirrored.to(pixels.device))
        return pixels if self.maps is None else resample(pixels, self.maps.to(pixels.device))


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
    n, channels, height, width = pixels.shape
    padded = pad(pixel_by_pixel(pixels), (0, 0, padding, padding, padding, padding)).contiguous()
    _, rows, columns, _ = padded.shape
    # Whatever pixel a window begins at, it is as many runs of bytes as it has rows, equally far apart.
    begins = n * rows * columns - (height - 1) * columns - (width - 1)
    windows = padded.as_strided((begins, height, width * channels), (channels, columns * channels, 1))
    wanted = (torch.arange(n, device=pixels.device) * rows + top) * columns + left
    return channel_by_channel(windows.index_select(0, wanted).view(n, height, width, channels))


def mirror(pixels: Tensor, mirrored: Tensor) -> Tensor:
    """Mirror left to right those of the images (n, channels, height, width) where `mirrored` (n,) says so."""
    n = len(pixels)
    both = torch.cat([pixels, pixels.flip(3)])
    return pick(both, torch.arange(n, device=pixels.device) + n * mirrored)
