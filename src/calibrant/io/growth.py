"""Files that would fill the memory: refused by what they say of themselves, before they are read.

Compression and dictionaries make next to nothing of numbers that are all the same, or of zeros.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from calibrant.engine import free_memory
from calibrant.errors import UnreadableFile
from calibrant.io.place import Place

LARGE = 768 << 20
MOST_TIMES = 50
"""What becomes more than 768 MiB, and more than this times its bytes, holds next to nothing."""

_FLOAT64 = 8
_ROW_WORK, _CLASS_WORK = 64, 512
"""Bytes that metrics need beside each row, and for the bins of each class."""
_MOST_TIMES_WORK = 150
"""More rows than this allows for the bytes of a file, less than half a byte each, hold next to nothing."""


def width_of_number(dtype: DTypeLike) -> int:
    """Return the bytes of a number in memory: floats stay as they are, whole numbers become float64.

    Examples
    --------
    >>> width_of_number(np.float16), width_of_number(np.int8)
    (2, 8)
    """
    found = np.dtype(dtype)
    return found.itemsize if found.kind == "f" else max(found.itemsize, _FLOAT64)


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


def check_room(place: Place, needed: int) -> None:
    """Raise `UnreadableFile` where so many bytes of memory are not free."""
    free = free_memory()
    if needed > free:
        raise UnreadableFile(
            f"{place} has {needed:,} bytes to read at once, and {free:,} bytes of memory are free. "
            "Read it in parts: --in-parts, or calibrant.io.table."
        )


def check_work(place: Place, rows: int, classes: int | None) -> None:
    """Raise `UnreadableFile` where what is computed for so many rows and classes would fill the memory.

    The rows themselves may be next to nothing, in the file and in memory.
    """
    work = _ROW_WORK * rows + _CLASS_WORK * (classes or 0)
    if work > LARGE and work > _MOST_TIMES_WORK * place.size:
        raise UnreadableFile(
            f"{place} has {rows:,} rows{'' if classes is None else f' of {classes:,} classes'} in "
            f"{place.size:,} bytes, and what is computed for them takes {work:,}. If that is meant, write it "
            "without compression and read it in parts: --in-parts, or calibrant.io.table."
        )
    check_room(place, work)
