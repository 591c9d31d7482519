"""Every check that counts of annotators pass, each with the text a user sees when it fails."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from calibrant._typing import Booleans, Floats, Kind, Scores
from calibrant.errors import InvalidPredictions
from calibrant.predictions.checks import as_array, read_only


def check_counts(values: ArrayLike, rows: int, classes: int) -> Floats:
    """Return `values` as read-only float64 (n, k), ≥ 0 with a sum above 0 in each row, or raise."""
    counts = as_array(values, "counts")
    if counts.dtype.kind not in "iubf":
        raise InvalidPredictions(f"counts must be real numbers; got {counts.dtype}.")
    if counts.shape != (rows, classes):
        hint = " For one label a row use Predictions." if counts.ndim == 1 else ""
        raise InvalidPredictions(
            f"counts must have shape ({rows}, {classes}), a number for each row and class; "
            f"got {counts.shape}.{hint}"
        )
    counts = counts.astype(np.float64)
    bad = ~(np.isfinite(counts) & (counts >= 0))
    if bad.any():
        row, column = (int(index) for index in np.argwhere(bad)[0])
        raise InvalidPredictions(
            f"counts must be finite and ≥ 0; got {counts[row, column]} at row {{row}}, class {column}.",
            row=row,
        )
    with np.errstate(over="ignore"):
        total = counts.sum(axis=1)
    if (total == 0).any():
        row = int(np.argmax(total == 0))
        raise InvalidPredictions("nobody labelled row {row}: its counts are all 0. Drop the row.", row=row)
    if np.isinf(total).any():
        row = int(np.argmax(np.isinf(total)))
        raise InvalidPredictions(
            "the counts of row {row} sum to infinity. Divide them by one number.", row=row
        )
    return read_only(counts)


def check_possible(scores: Scores, kind: Kind, needed: Booleans) -> None:
    """Raise where the logit of a class that a fit needs, `needed` (n, k), is -inf."""
    if kind == "probs" or scores.min() > -np.inf:
        return
    hopeless = (scores == -np.inf) & needed
    if hopeless.any():
        row, column = (int(index) for index in np.argwhere(hopeless)[0])
        raise InvalidPredictions(
            f"the logit of class {column} is -inf at row {row}, where this method needs a number. Drop the "
            "row, or use temperature scaling, which allows masks of classes that no annotator chose."
        )
