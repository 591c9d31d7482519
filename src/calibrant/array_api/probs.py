"""`probs`: the softmax of logits, on their device."""

from __future__ import annotations

from typing import Any

from calibrant.array_api.checks import check_logits


def probs(logits: Any) -> Any:
    """Return softmax(z), (n, k): float64 for float64 logits, else float32, computed as wide as it goes.

    Raises
    ------
    InvalidPredictions
        As `evaluate`, for the logits.

    Examples
    --------
    >>> import numpy as np
    >>> probs(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    scores = check_logits(logits)
    xp = scores.library.xp

    def softmax(block: Any) -> Any:
        masses = xp.exp(block - xp.max(block, axis=1, keepdims=True))
        return masses / xp.sum(masses, axis=1, keepdims=True)

    return scores.map(softmax)
