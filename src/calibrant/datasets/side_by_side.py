"""Images whose colours lie side by side in memory, as they are decoded: a row of pixels is one run of bytes.

To PyTorch that is the layout ``channels_last`` of a tensor (n, channels, height, width).
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def pixel_by_pixel(images: Tensor) -> Tensor:
    """Return a view (n, height, width, channels) of images (n, channels, height, width)."""
    return images.permute(0, 2, 3, 1)


def channel_by_channel(images: Tensor) -> Tensor:
    """Return a view (n, channels, height, width) of images (n, height, width, channels)."""
    return images.permute(0, 3, 1, 2)


def pick(images: Tensor, rows: Tensor) -> Tensor:
    """Return some of the images, their colours side by side.

    Parameters
    ----------
    images : Tensor
        (n, channels, height, width) in any layout.
    rows : Tensor
        int64 (m,), in 0..n−1, on the same device.
    """
    # It copies image by image; an index in brackets goes byte by byte.
    return channel_by_channel(pixel_by_pixel(images).index_select(0, rows))


def rearrange(images: Tensor, order: Sequence[int]) -> None:
    """Put all images into a new order, in place, with room for one more.

    Parameters
    ----------
    images : Tensor
        (n, channels, height, width) in any layout, in the memory of the processor.
    order : sequence of int
        Each of 0..n−1 once: which image comes to each place.
    """
    places, left = images.numpy(), list(order)
    for start, first in enumerate(left):
        if first == start:
            continue
        kept, place = places[start].copy(), start
        while left[place] != start:
            places[place] = places[left[place]]
            left[place], place = place, left[place]
        places[place], left[place] = kept, place
