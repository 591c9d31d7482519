"""How much more memory than bytes a file may need: small files that would fill it are refused unread."""

from __future__ import annotations

from calibrant.errors import UnreadableFile
from calibrant.io.place import Place

LARGE = 128 << 20
MOST_TIMES = 20
"""What becomes more than 128 MiB, and more than this times its bytes, holds next to nothing."""


FLOAT64 = 8
"""Bytes of a number, which narrower ones may become."""


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
    if becomes > max(LARGE, MOST_TIMES * stored):
        raise UnreadableFile(
            f"{place}: {what} has {stored:,} bytes that would become {becomes:,}. If that is meant, {remedy}."
        )
