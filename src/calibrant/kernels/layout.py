"""Arrays as the kernels take them.

Nothing is copied: 16-bit floats are passed as their bits, because Numba has no float16 on the CPU.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats, Scores

_NO_WEIGHT = np.ones(0)
_NO_WEIGHT.flags.writeable = False


def for_kernels(scores: Scores) -> NDArray[Any]:
    """Return a read-only view of `scores` in a type that the kernels compile for."""
    view = scores.view(np.uint16) if scores.dtype == np.float16 else scores.view()
    view.flags.writeable = False
    return view


def weight_for_kernels(sample_weight: Floats | None) -> Floats:
    """Return the weights, or the empty array that means 1 for every row."""
    return _NO_WEIGHT if sample_weight is None else sample_weight
