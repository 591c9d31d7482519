"""Text as an array, in which every cell is as wide as the longest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import UnreadableFile, UnwritableFile
from calibrant.io.growth import becomes_too_much
from calibrant.io.place import Place
from calibrant.printable import shown

_CHARACTER = np.dtype("U1").itemsize


def text_array(texts: Sequence[str], name: str, place: Place) -> NDArray[np.str_]:
    """Return the texts of a column as an array.

    Raises
    ------
    UnreadableFile
        One is so much longer than the others that the array would fill the memory with nothing.
    """
    longest = _too_long(texts)
    if longest is not None:
        raise UnreadableFile(
            f"{place}: the column {name!r} has a text of {len(texts[longest]):,} characters at row {{row}}. "
            f"All {len(texts):,} rows take as much, {_width(texts) >> 20:,} MiB together: shorten it.",
            row=longest,
        )
    return np.array(texts, np.str_)


def name_array(names: Sequence[str]) -> NDArray[np.str_]:
    """Return names of classes as an array for a file.

    Raises
    ------
    UnwritableFile
        One is so much longer than the others that the array would fill the memory with nothing; or one ends
        in NUL, which arrays of text lose.
    """
    cut = next((index for index, name in enumerate(names) if name.endswith("\0")), None)
    if cut is not None:
        raise UnwritableFile(
            f"the name of class {cut} ends in NUL, which NumPy's arrays of text lose: {shown(names[cut])}. "
            "Rename it, or write Parquet or CSV."
        )
    longest = _too_long(names)
    if longest is not None:
        raise UnwritableFile(
            f"the name of class {longest} has {len(names[longest]):,} characters. All {len(names):,} names "
            f"take as much in the file, {_width(names) >> 20:,} MiB together: shorten it, or write "
            "Parquet or CSV."
        )
    return np.array(names, np.str_)


def _width(texts: Sequence[str]) -> int:
    return _CHARACTER * len(texts) * max(map(len, texts), default=0)


def _too_long(texts: Sequence[str]) -> int | None:
    """Return where the longest stands, if it makes an array of them far larger than they are."""
    if not becomes_too_much(_CHARACTER * sum(map(len, texts)), _width(texts)):
        return None
    return max(range(len(texts)), key=lambda row: len(texts[row]))
