"""Names for the array types that the package passes around."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Outcomes = Booleans | Floats
"""Whether something came true in each row, or for which share of annotators."""

Kind = Literal["logits", "probs"]
