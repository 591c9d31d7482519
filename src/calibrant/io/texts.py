"""Text as an array, in which every cell is as long as the longest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibrant.errors import UnreadableFile, UnwritableFile
from calibrant.printable import shown

MOST_BYTES = 1 << 29
_CHARACTER = 4


def as_texts(texts: Sequence[str], where: object) -> NDArray[np.str_]:
    """Return text of a file as an array.

    Raises
    ------
    UnreadableFile
        One is so long that the array, in which each takes as much, would fill the memory.
    """
    longest = longest_of(texts)
    if longest >= 0:
        raise UnreadableFile(
            f"{where}: row {{row}} has a text of {len(texts[longest]):,} characters. As all rows take as "
            f"much, {len(texts):,} of them would take more than {MOST_BYTES >> 20} MiB: shorten it.",
            row=longest,
        )
    return np.array(texts, np.str_)


def as_names(names: Sequence[str]) -> NDArray[np.str_]:
    """Return names of classes as an array for a file.

    Raises
    ------
    UnwritableFile
        One is so long that the array, in which each takes as much, would fill the memory; or one ends in
        NUL, which arrays of text lose.
    """
    cut = next((index for index, name in enumerate(names) if name.endswith("\0")), None)
    if cut is not None:
        raise UnwritableFile(
            f"the name of class {cut} ends in NUL, which NumPy's arrays of text lose: {shown(names[cut])}. "
            "Rename it, or write Parquet or CSV."
        )
    longest = longest_of(names)
    if longest >= 0:
        raise UnwritableFile(
            f"the name of class {longest} has {len(names[longest]):,} characters. As all names of the file "
            f"take as much, {len(names):,} of them would take more than {MOST_BYTES >> 20} MiB: shorten it, "
            "or write Parquet or CSV."
        )
    return np.array(names, np.str_)


def longest_of(texts: Sequence[str]) -> int:
    """Return where the longest stands, if it makes an array of them too large; else -1."""
    lengths = [len(text) for text in texts]
    most = max(lengths, default=0)
    return lengths.index(most) if len(texts) * most * _CHARACTER > MOST_BYTES else -1
