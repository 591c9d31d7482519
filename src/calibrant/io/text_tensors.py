"""Text as a tensor of bytes, (n, width): for formats that know only numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def encoded(texts: NDArray[Any]) -> NDArray[np.uint8]:
    """Return each text as UTF-8, filled up with zeros.

    Examples
    --------
    >>> encoded(np.array(["a", "bc"])).tolist()
    [[97, 0], [98, 99]]
    """
    content = np.char.encode(texts, "utf-8")
    return content.view(np.uint8).reshape(len(texts), content.dtype.itemsize)


def decoded(content: NDArray[Any]) -> NDArray[Any]:
    """Return the texts again."""
    rows = np.ascontiguousarray(content, np.uint8)
    return np.char.decode(rows.view(f"S{max(rows.shape[1], 1)}").reshape(-1), "utf-8")
