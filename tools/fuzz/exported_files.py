"""Files of `calibrant export`: ONNX, and programs of `torch.export`."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from calibrant.exported.inputs import DTYPES
from calibrant.exported.opening import open_exported
from tools.fuzz.verdict import attempt, printable

_MOST_NUMBERS = 1 << 20


def exported(content: bytes, folder: Path) -> None:
    """Open an exported file, which then predicts a row or two."""
    path = folder / "model"
    path.write_bytes(content)
    opened = attempt(lambda: open_exported(path))
    if opened is None:
        return
    printable(opened.facts.description + "".join(opened.classes))
    row, dtype = opened.facts.row_shape, DTYPES[opened.facts.takes]
    if math.prod(row) <= _MOST_NUMBERS:
        for count in (1, 2):
            attempt(lambda count=count: opened.run(np.ones((count, *row), dtype)))  # type: ignore[misc]
