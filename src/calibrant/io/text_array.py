"""Text of rows as one array, whose elements NumPy makes as wide as the longest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibrant.io.growth import check_growth
from calibrant.io.place import Place

_CHARACTER = np.dtype("U1").itemsize


def text_array(texts: Sequence[str], name: str, place: Place) -> NDArray[np.str_]:
    """Return the texts of a column; raise `UnreadableFile` where one is far longer than the others."""
    lengths = [len(text) for text in texts]
    becomes = _CHARACTER * len(texts) * max(lengths, default=0)
    remedy = "shorten the longest text"
    check_growth(place, f"the column {name!r}", _CHARACTER * sum(lengths), becomes, remedy)
    return np.array(texts, dtype=np.str_)
