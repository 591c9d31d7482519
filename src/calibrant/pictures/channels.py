"""Images of one size as one array, with the channels that are wanted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from calibrant.pictures.picture import Pixels

# The luma of ITU-R 601, in whole steps, as image libraries make grey.
_LUMA = np.array([299, 587, 114], dtype=np.int64)

_BLOCK = 1 << 26
"""Bytes that are set aside at once, of which the system gives what is written to."""


def stack(images: Iterable[Pixels]) -> Pixels:
    """Stack images (height, width[, 3]) into (n, channels, height, width); grey ones join colour as grey.

    Colours stay side by side in memory, as they are decoded. Images that come one by one are held once.
    """
    blocks = list(_blocks(images))
    channels = blocks[-1].shape[3:]  # of all: colour, once there is any, goes on to the end
    if len(blocks) == 1:
        stacked = blocks.pop()
    else:
        stacked = np.empty((sum(map(len, blocks)), *blocks[0].shape[1:3], *channels), np.uint8)
        stop = len(stacked)
        while blocks:
            block = blocks.pop()
            stacked[stop - len(block) : stop] = block if block.shape[3:] == channels else block[..., None]
            stop -= len(block)
    return stacked.transpose(0, 3, 1, 2) if channels else stacked[:, None]


def _blocks(images: Iterable[Pixels]) -> Iterator[Pixels]:
    """Yield the images in blocks, first of grey ones, then from the first colours on of colours alone."""
    block, filled = None, 0
    for image in images:
        if block is None or filled == len(block) or image.ndim >= block.ndim:
            if block is not None:
                yield block[:filled]
            shape = image.shape if block is None or block.ndim == 3 else block.shape[1:]
            block, filled = np.empty((max(1, _BLOCK // math.prod(shape)), *shape), np.uint8), 0
        block[filled] = image if image.ndim == block.ndim - 1 else image[..., None]
        filled += 1
    if block is not None:
        yield block[:filled]


def with_channels(pixels: Pixels, channels: int) -> Pixels:
    """Return images (n, 1 or 3, height, width) with 1 or 3 channels: grey repeated, colours as their luma.

    Examples
    --------
    >>> with_channels(np.array([[[[200]], [[100]], [[50]]]], np.uint8), 1).tolist()
    [[[[124]]]]
    """
    if pixels.shape[1] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=1)
    luma = np.tensordot(_LUMA, pixels.astype(np.int64), axes=(0, 1))
    return ((luma + 500) // 1000).astype(np.uint8)[:, None]
