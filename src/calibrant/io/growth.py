"""Small files that would fill the memory: refused by what they say of themselves, before they are read.

Compression and dictionaries make next to nothing of numbers that are all the same. Real scores shrink to a
tenth at most.
"""

from __future__ import annotations

from calibrant.errors import UnreadableFile
from calibrant.io.place import Place

LARGE = 1 << 29
MOST_TIMES = 50
"""What becomes more than 512 MiB, and more than this times its bytes, holds next to nothing."""

FLOAT64 = 8
"""Bytes of a number, which narrower ones may become."""


def becomes_too_much(stored: int, becomes: int) -> bool:
    """Say whether so many bytes of memory are too many for so many of a file."""
    return becomes > max(LARGE, MOST_TIMES * stored)


def check_growth(place: Place, what: str, stored: int, becomes: int, remedy: str) -> None:
    """Raise `UnreadableFile` where a few bytes would fill the memory.

    Parameters
    ----------
    place : Place
        The file.
    what : str
        What of it, for the message.
    stored, becomes : int
        Its bytes in the file, and in memory.
    remedy : str
        What to do where it is meant.
    """
    if becomes_too_much(stored, becomes):
        raise UnreadableFile(
            f"{place}: {what} has {stored:,} bytes that would become {becomes:,}. If that is meant, {remedy}."
        )
