"""Encoded images (PNG, WebP, JPEG, …) to one uint8 tensor.

Every image is decoded once, when the data set is loaded; training then works on whole tensors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from calibrant.datasets.picture import Picture, Pixels, UnreadableImage, open_picture
from calibrant.datasets.progress import Progress, silent
from calibrant.datasets.side_by_side import channel_by_channel
from calibrant.datasets.spec import OnCorrupt
from calibrant.errors import DataUnavailable


@dataclass(frozen=True)
class EncodedImage:
    """An image as it is stored.

    Attributes
    ----------
    content : bytes or Path
        The bytes of an image file, or the file itself.
    place : str
        Where it was found, for messages.
    """

    content: Picture
    place: str


@dataclass(frozen=True, eq=False)
class DecodedImages:
    """Images that could be read, and those that could not.

    Attributes
    ----------
    pixels : Tensor
        uint8 (n, channels, height, width): one channel where every image is grey, else three.
    kept : list of int
        Position of each among the images that were to be read, ascending.
    skipped : tuple of str
        What was left out: the place of each, and why.
    """

    pixels: Tensor
    kept: list[int]
    skipped: tuple[str, ...]


def decode_images(
    images: Iterable[EncodedImage],
    *,
    image_size: int | None = None,
    on_corrupt: OnCorrupt = "stop",
    progress: Progress = silent,
) -> DecodedImages:
    """Decode images of one size into a tensor.

    Parameters
    ----------
    images : iterable of EncodedImage
        At least one.
    image_size : int, optional
        Side in pixels to which each is resized (bilinear, anti-aliased).
    on_corrupt : {"stop", "skip"}
        What to do at an image that cannot be read.
    progress : Progress
        Told after each image.

    Raises
    ------
    DataUnavailable
        An image that cannot be read and is not to be skipped; images of different sizes or not square
        without `image_size`; no image that can be read.
    """
    decoded: list[Pixels] = []
    kept: list[int] = []
    skipped: list[str] = []
    each = decode_each(images, image_size=image_size, on_corrupt=on_corrupt, progress=progress)
    for position, (image, pixels) in enumerate(each):
        if isinstance(pixels, str):
            skipped.append(pixels)
            continue
        _check_size(pixels, decoded[0] if decoded else pixels, image.place)
        decoded.append(pixels)
        kept.append(position)
    if not decoded:
        raise none_readable(skipped)
    return DecodedImages(stack(decoded), kept, tuple(skipped))


def decode_each(
    images: Iterable[EncodedImage],
    *,
    image_size: int | None = None,
    on_corrupt: OnCorrupt = "stop",
    progress: Progress = silent,
) -> Iterator[tuple[EncodedImage, Pixels | str]]:
    """Yield each image with its pixels (height, width[, 3]), or with what is wrong with it.

    Parameters
    ----------
    images : iterable of EncodedImage
        Of any size.
    image_size, on_corrupt, progress
        As in `decode_images`.

    Raises
    ------
    DataUnavailable
        An image that cannot be read, where `on_corrupt` is ``"stop"``.
    """
    for image in images:
        try:
            pixels = _resized(open_picture(image.content), image_size)
        except UnreadableImage as error:
            if on_corrupt == "stop":
                raise DataUnavailable(
                    f"{image.place} is not a readable image ({error}). Replace it or remove it, or leave "
                    'such images out: --on-corrupt skip, or data.on_corrupt = "skip" in a recipe.'
                ) from error
            progress(1)
            yield image, f"{image.place} ({error})"
        else:
            progress(1)
            yield image, pixels


def none_readable(skipped: list[str]) -> DataUnavailable:
    """Return the error for images of which not one can be read, given what is wrong with each."""
    return DataUnavailable(
        f"none of {len(skipped)} images could be read. The first: {skipped[0]}. Check that they are whole."
    )


def resize(image: Image.Image, image_size: int) -> Image.Image:
    """Return `image` as a square of `image_size` pixels (bilinear, anti-aliased)."""
    return image.resize((image_size, image_size), Image.Resampling.BILINEAR)


def stack(images: list[Pixels]) -> Tensor:
    """Stack images (height, width[, 3]) into (n, channels, height, width); grey ones join colour as grey."""
    if all(image.ndim == 2 for image in images):
        return torch.from_numpy(np.stack(images)[:, None])
    colour = [image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2) for image in images]
    return channel_by_channel(torch.from_numpy(np.stack(colour)))


def _resized(pixels: Pixels, image_size: int | None) -> Pixels:
    if image_size is None or pixels.shape[:2] == (image_size, image_size):
        return pixels
    return np.asarray(resize(Image.fromarray(pixels), image_size))


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
