"""What the kernels of scaling methods take of the rows: logits, labels and weights."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from calibrant._typing import Floats, Integers
from calibrant.kernels.layout import for_kernels, weight_for_kernels
from calibrant.predictions import Predictions

RowArrays = tuple[NDArray[Any], Integers, Floats]


def row_arrays(rows: Predictions) -> RowArrays:
    """Return logits (n, k), labels (n,) and weights (n,), empty for 1."""
    return for_kernels(rows.logits()), rows.labels, weight_for_kernels(rows.sample_weight)
