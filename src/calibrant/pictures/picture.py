"""One image file to pixels, whatever the way it stores colours, or a reason why not.

Sizes are left as they are; grey stays grey, everything else becomes red, green and blue.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from calibrant.pictures.bounds import MOST_PIXELS, known_formats, refuse_large

Pixels = npt.NDArray[np.uint8]
Picture = bytes | Path

_GREY_MODES = {"1", "L", "LA", "La"}
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_WITHOUT_A_WHITE = ("I", "F")
# What Pillow's readers let through at damaged files, besides its own errors, which are OSErrors.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error)
# What it lets through at notes of a camera that are damaged, where the pixels may be whole.
_DAMAGED_NOTES = (*_DAMAGE, LookupError, TypeError, ArithmeticError, AttributeError)


class UnreadableImage(Exception):
    """Why an image cannot be read, in a few words; whoever knows its place says the rest."""


def open_picture(picture: Picture) -> Pixels:
    """Return the pixels of an image file, uint8 (height, width) where it is grey, else (height, width, 3).

    It is turned upright as its camera noted, where that can be read. Transparency is dropped. Brightness of
    16 bits is brought to 8. Of several images in one file the first is taken.

    Parameters
    ----------
    picture : bytes or Path
        The content of an image file, or the file.

    Raises
    ------
    UnreadableImage
        It is missing, empty, cut off, no image of a known format, has more pixels than are decoded, or
        stores numbers without a brightest value.
    """
    content = picture if isinstance(picture, Path) else BytesIO(picture)
    try:
        with _without_warnings(), Image.open(content, formats=known_formats()) as file:
            refuse_large(file, picture)
            _refuse_without_a_white(file.mode)
            file.load()
            return np.asarray(_eight_bits(_upright(file)))
    except UnidentifiedImageError as error:
        raise UnreadableImage(_foreign(picture)) from error
    except Image.DecompressionBombError as error:
        raise UnreadableImage(f"it has more than the {MOST_PIXELS:,} pixels that are decoded") from error
    except _DAMAGE as error:
        raise UnreadableImage(getattr(error, "strerror", None) or str(error) or "damaged") from error


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep Pillow's remarks on damage and size to itself: what matters is said by the errors here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


def _refuse_without_a_white(mode: str) -> None:
    if mode in _WITHOUT_A_WHITE:
        raise ValueError(f"its pixels are numbers of Pillow's mode {mode}, which has no brightest value")


def _upright(file: Image.Image) -> Image.Image:
    try:
        ImageOps.exif_transpose(file, in_place=True)
    except _DAMAGED_NOTES:
        return file
    return file


def _eight_bits(file: Image.Image) -> Image.Image:
    if file.mode in _SIXTEEN_BITS:
        # Steps of 257, to the nearest.
        return Image.fromarray(((np.asarray(file).astype(np.uint32) + 128) // 257).astype(np.uint8))
    if file.mode == "P" and "transparency" in file.info:
        # Straight to RGB, Pillow would warn; this gives the same colours.
        file = file.convert("RGBA")
    return file.convert("L" if file.mode in _GREY_MODES else "RGB")


def _foreign(picture: Picture) -> str:
    empty = picture.stat().st_size == 0 if isinstance(picture, Path) else not picture
    return "it is empty" if empty else "its content is of no known image format"
