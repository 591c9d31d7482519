"""One class against the rest: its probability in every row, and whether the label is that class."""

from __future__ import annotations

import numpy as np

from calibrant._typing import Floats, Outcomes
from calibrant.errors import InvalidArgument
from calibrant.kernels.rows import NORMALISED
from calibrant.metrics.rows import Rows

_ROWS_AT_ONCE = 4096


def one_class(rows: Rows, class_index: int) -> tuple[Floats, Outcomes]:
    """Return the normalised probability of a class in each row, and whether (how far) it is the label."""
    predictions = rows.predictions
    if not 0 <= class_index < predictions.k:
        raise InvalidArgument(
            f"class_index must lie in 0..{predictions.k - 1} ({predictions.k} classes); got {class_index}."
        )
    values = np.empty(predictions.n)
    for start in range(0, predictions.n, _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        values[block] = probabilities(rows, block)[:, class_index]
    return values, predictions.outcome_of(class_index)


def probabilities(rows: Rows, block: slice) -> Floats:
    """Return the normalised probabilities of some rows, at their temperature."""
    scores: Floats = rows.predictions.scores[block].astype(np.float64)
    if rows.predictions.kind == "probs":
        total = scores.sum(axis=1, keepdims=True)
        return np.minimum(scores / np.where(np.abs(total - 1) <= NORMALISED, 1.0, total), 1.0)
    scores /= rows.temperature
    with np.errstate(over="ignore"):  # a difference beyond float64 is -inf, probability 0
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))
