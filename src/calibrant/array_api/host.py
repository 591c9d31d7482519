"""The only door between a device and this process: a few sums come in, a few parameters go out.

Numbers pass as Python floats, so no library has to know another, and no row of scores passes at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calibrant._typing import Floats


def numbers(vector: Any) -> Floats:
    """Return a vector of any library as float64 on the host.

    Examples
    --------
    >>> numbers(np.array([1, 2])).tolist()
    [1.0, 2.0]
    """
    if hasattr(vector, "tolist"):  # all libraries in use have it; the standard has only float(x)
        return np.array(vector.tolist(), dtype=np.float64)
    return np.array([float(vector[i]) for i in range(vector.shape[0])])
