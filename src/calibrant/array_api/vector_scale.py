"""`vector_scale`: logits with a slope and a bias for each class, on their device."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from calibrant.array_api.checks import check_logits
from calibrant.errors import InvalidArgument


def vector_scale(logits: Any, slopes: ArrayLike, biases: ArrayLike) -> Any:
    """Return a ∘ z + b, (n, k): float64 for float64 logits, else float32, computed as wide as it goes.

    Raises
    ------
    InvalidPredictions
        As `evaluate`, for the logits.
    InvalidArgument
        Slopes and biases that are not k finite numbers each.

    Examples
    --------
    >>> vector_scale(np.array([[2.0, 0.0]]), [0.5, 1.0], [0.0, 0.25]).tolist()
    [[1.0, 0.25]]
    """
    scores = check_logits(logits)
    vectors = []
    for name, values in (("slopes", slopes), ("biases", biases)):
        vector = np.asarray(values, dtype=np.float64)
        if vector.shape != (scores.k,) or not np.isfinite(vector).all():
            raise InvalidArgument(
                f"{name} must be {scores.k} finite numbers, one a class; got shape {vector.shape}."
            )
        vectors.append(scores.library.placed(vector))
    a, b = vectors
    return scores.map(lambda block: block * a + b)
