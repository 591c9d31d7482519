"""Encoded images (PNG, WebP, JPEG, …) to one uint8 tensor.

Every image is decoded once, when the data set is loaded; training then works on whole tensors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from calibrant.errors import DataUnavailable
from calibrant.pictures.channels import stack
from calibrant.pictures.decode import EncodedImage, decode_each, none_readable
from calibrant.pictures.on_corrupt import OnCorrupt
from calibrant.pictures.picture import Pixels
from calibrant.pictures.progress import Progress, silent

_LARGE = 1 << 30
_MOST_TIMES = 130
"""Images of a GiB and more that shrink more than this in their files show next to nothing."""


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
        without `image_size`; no image that can be read; small files that would fill the memory together.
    """
    kept: list[int] = []
    skipped: list[str] = []
    each = decode_each(images, image_size=image_size, on_corrupt=on_corrupt, progress=progress)
    readable = _readable(each, kept, skipped)
    first = next(readable, None)
    if first is None:
        raise none_readable(skipped)
    return DecodedImages(torch.from_numpy(stack(chain((first,), readable))), kept, tuple(skipped))


def _readable(
    each: Iterable[tuple[EncodedImage, Pixels | str]], kept: list[int], skipped: list[str]
) -> Iterator[Pixels]:
    """Yield the images that could be read, checked, and note which these are and what the others lack."""
    first, stored, channels = None, 0, 1
    for position, (image, pixels) in enumerate(each):
        if isinstance(pixels, str):
            skipped.append(pixels)
            continue
        first = pixels.shape[:2] if first is None else first
        _check_size(pixels, first[0], image.place)
        kept.append(position)
        stored, channels = stored + image.nbytes, max(channels, *pixels.shape[2:], 1)
        refuse_growth(stored, len(kept) * first[0] * first[1] * channels, image.place)
        yield pixels


def refuse_growth(stored: int, taken: int, place: str) -> None:
    """Raise `DataUnavailable` where images, the last of them at `place`, become far more than they are."""
    if taken > max(_LARGE, _MOST_TIMES * stored):
        raise DataUnavailable(
            f"the images up to {place} have {stored:,} bytes that became {taken:,}. Choose a smaller "
            "data.image_size; or, if that is meant, store them without compression (.bmp)."
        )


def _check_size(pixels: Pixels, side: int, place: str) -> None:
    height, width = pixels.shape[:2]
    if height != width:
        raise DataUnavailable(
            f"{place} is not square ({width} × {height} pixels). Set data.image_size to resize the images."
        )
    if height != side:
        raise DataUnavailable(
            f"{place} has {height} × {height} pixels, the first image {side} × {side}. "
            "Set data.image_size to bring all images to one size."
        )
