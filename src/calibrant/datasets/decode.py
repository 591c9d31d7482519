"""Encoded images (PNG, WebP, JPEG, …) to one uint8 tensor.

Every image is decoded once, when the data set is loaded; training then works on whole tensors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from calibrant.errors import DataUnavailable

Pixels = npt.NDArray[np.uint8]

_GREY_MODES = {"1", "L", "LA"}


@dataclass(frozen=True)
class EncodedImage:
    """An image as it is stored.

    Attributes
    ----------
    content : bytes
        The bytes of an image file.
    place : str
        Where it was found, for messages.
    """

    content: bytes
    place: str


def decode_images(images: Iterable[EncodedImage], *, image_size: int | None = None) -> Tensor:
    """Decode images of one size into a tensor.

    Parameters
    ----------
    images : iterable of EncodedImage
        At least one.
    image_size : int, optional
        Side in pixels to which each is resized (bilinear, anti-aliased).

    Returns
    -------
    Tensor
        uint8 (n, channels, height, width): one channel where every image is grey, else three.

    Raises
    ------
    DataUnavailable
        An image that cannot be decoded, or images of different sizes or not square without `image_size`.
    """
    decoded: list[Pixels] = []
    for image in images:
        pixels = _decode(image, image_size)
        _check_size(pixels, decoded[0] if decoded else pixels, image.place)
        decoded.append(pixels)
    return stack(decoded)


def resize(image: Image.Image, image_size: int) -> Image.Image:
    """Return `image` as a square of `image_size` pixels (bilinear, anti-aliased)."""
    return image.resize((image_size, image_size), Image.Resampling.BILINEAR)


def stack(images: list[Pixels]) -> Tensor:
    """Stack images (height, width[, 3]) into (n, channels, height, width); grey ones join colour as grey."""
    if all(image.ndim == 2 for image in images):
        return torch.from_numpy(np.stack(images)[:, None])
    colour = [image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2) for image in images]
    return torch.from_numpy(np.ascontiguousarray(np.stack(colour).transpose(0, 3, 1, 2)))


def _decode(image: EncodedImage, image_size: int | None) -> Pixels:
    try:
        with Image.open(BytesIO(image.content)) as file:
            picture = file.convert("L" if file.mode in _GREY_MODES else "RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise DataUnavailable(
            f"{image.place} is not a readable image ({error}). Replace it or remove it."
        ) from error
    if image_size is not None and picture.size != (image_size, image_size):
        picture = resize(picture, image_size)
    return np.asarray(picture)


def _check_size(pixels: Pixels, first: Pixels, place: str) -> None:
    height, width = pixels.shape[:2]
    if height != width:
        raise DataUnavailable(
            f"{place} is not square ({width} × {height} pixels). Set data.image_size to resize the images."
        )
    if height != first.shape[0]:
        raise DataUnavailable(
            f"{place} has {height} × {height} pixels, the first image {first.shape[0]} × {first.shape[0]}. "
            "Set data.image_size to bring all images to one size."
        )
