"""Images of one size as one array, with the channels that are wanted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibrant.pictures.picture import Pixels

# The luma of ITU-R 601, in whole steps, as image libraries make grey.
_LUMA = np.array([299, 587, 114], dtype=np.int64)


def stack(images: Sequence[Pixels]) -> Pixels:
    """Stack images (height, width[, 3]) into (n, channels, height, width); grey ones join colour as grey.

    Colours stay side by side in memory, as they are decoded.
    """
    if all(image.ndim == 2 for image in images):
        return np.stack(images)[:, None]
    colour = [image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2) for image in images]
    return np.stack(colour).transpose(0, 3, 1, 2)


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
