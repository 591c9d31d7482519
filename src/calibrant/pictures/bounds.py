"""What is refused before it is decoded: a file of a few kilobytes may promise pixels that fill the memory.

Pillow's own limit is one number for the whole process, so it is left as it is.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from calibrant.pictures.scans import scans

FORMATS = ("AVIF", "BMP", "DIB", "GIF", "JPEG", "JPEG2000", "MPO", "PNG", "PPM", "QOI", "TGA", "TIFF", "WEBP")
"""Those whose size is that of their header. Others run programs (EPS) or hold other files (ICO, ICNS)."""

MOST_PIXELS = 1 << 26
"""Pixels of an image: 8,192 × 8,192."""

MOST_SCANNED = 1 << 30
"""Pixels times scans of a JPEG file, each of which goes over all pixels; usual files have at most a dozen."""

_JPEG = ("JPEG", "MPO")
_SHORTEST_SCAN = 4
"""Bytes of a marker and its length, so that small files need not be read to count their scans."""


class TooLarge(ValueError):
    """The file would take too much memory or time to decode; the text says why."""


def known_formats() -> list[str]:
    """Return those of the formats that this Pillow reads."""
    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def known_suffixes() -> frozenset[str]:
    """Return the suffixes of files of those formats, in small letters, with the dot."""
    return frozenset(suffix for suffix, name in Image.registered_extensions().items() if name in FORMATS)


def refuse_large(file: Image.Image, picture: bytes | Path) -> None:
    """Raise `TooLarge` for an opened, not yet decoded image that would take too much."""
    pixels = file.width * file.height
    if pixels > MOST_PIXELS:
        raise TooLarge(
            f"it has {file.width:,} × {file.height:,} pixels, and at most {MOST_PIXELS:,} are decoded; "
            "make it smaller"
        )
    size = len(picture) if isinstance(picture, bytes) else picture.stat().st_size
    if file.format in _JPEG and pixels * (size // _SHORTEST_SCAN) > MOST_SCANNED:
        count = scans(picture if isinstance(picture, bytes) else picture.read_bytes())
        if pixels * count > MOST_SCANNED:
            raise TooLarge(f"its {pixels:,} pixels come in {count:,} scans; store it anew with fewer")
