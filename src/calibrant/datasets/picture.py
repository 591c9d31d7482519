"""One image file to pixels, whatever the way it stores colours, or a reason why not.

Sizes are left as they are; grey stays grey, everything else becomes red, green and blue.
"""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from calibrant.plain import why_not_plain

Pixels = npt.NDArray[np.uint8]
Picture = bytes | Path

_GREY_MODES = {"1", "L", "LA", "La"}
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_WITHOUT_A_WHITE = ("I", "F")
# What Pillow's readers let through at damaged files, besides its own errors, which are OSErrors.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)


class UnreadableImage(Exception):
    """Why an image cannot be read, in a few words; whoever knows its place says the rest."""


def open_picture(picture: Picture) -> Pixels:
    """Return the pixels of an image file, uint8 (height, width) where it is grey, else (height, width, 3).

    It is turned upright as its camera noted. Transparency is dropped. Brightness of 16 bits is brought to 8.

    Parameters
    ----------
    picture : bytes or Path
        The content of an image file, or the file.

    Raises
    ------
    UnreadableImage
        It is missing, empty, cut off, no image, or stores numbers without a brightest value.
    """
    if isinstance(picture, Path) and (why := why_not_plain(picture)) is not None:
        raise UnreadableImage(why)
    try:
        with Image.open(picture if isinstance(picture, Path) else BytesIO(picture)) as file:
            return np.asarray(_eight_bits(ImageOps.exif_transpose(file)))
    except UnidentifiedImageError as error:
        raise UnreadableImage(_foreign(picture)) from error
    except _DAMAGE as error:
        raise UnreadableImage(getattr(error, "strerror", None) or str(error) or "damaged") from error


def _eight_bits(file: Image.Image) -> Image.Image:
    if file.mode in _SIXTEEN_BITS:
        return Image.fromarray(np.rint(np.asarray(file) / 257).astype(np.uint8))
    if file.mode in _WITHOUT_A_WHITE:
        raise ValueError(f"its pixels are numbers of Pillow's mode {file.mode}, which has no brightest value")
    if file.mode == "P" and "transparency" in file.info:
        # Straight to RGB, Pillow would warn; this gives the same colours.
        file = file.convert("RGBA")
    return file.convert("L" if file.mode in _GREY_MODES else "RGB")


def _foreign(picture: Picture) -> str:
    empty = picture.stat().st_size == 0 if isinstance(picture, Path) else not picture
    return "it is empty" if empty else "its content is of no known image format"
