"""Encoded images (PNG, WebP, JPEG, …) decoded one by one, each resized where a size is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from calibrant.errors import DataUnavailable
from calibrant.pictures.on_corrupt import OnCorrupt
from calibrant.pictures.picture import Picture, Pixels, UnreadableImage, open_picture
from calibrant.pictures.progress import Progress, silent


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

    @property
    def nbytes(self) -> int:
        """Bytes of the file."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


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
    image_size : int, optional
        Side in pixels to which each is resized (bilinear, anti-aliased).
    on_corrupt : {"stop", "skip"}
        What to do at an image that cannot be read.
    progress : Progress
        Told after each image.

    Raises
    ------
    DataUnavailable
        An image cannot be read, where `on_corrupt` is ``"stop"``.
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


def _resized(pixels: Pixels, image_size: int | None) -> Pixels:
    if image_size is None or pixels.shape[:2] == (image_size, image_size):
        return pixels
    return np.asarray(resize(Image.fromarray(pixels), image_size))
