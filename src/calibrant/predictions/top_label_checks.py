"""Every check that predictions of the top label alone pass, each with the text a user sees when it fails."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibrant._typing import Booleans, Floats, Integers
from calibrant.errors import EmptyPredictions, InvalidPredictions
from calibrant.predictions.checks import as_array, read_only


def check_confidence(values: ArrayLike) -> Floats:
    """Return `values` as read-only float64 (n,) in 0..1, or raise `InvalidPredictions`."""
    confidence = as_array(values, "confidence")
    if confidence.dtype.kind not in "iubf":
        raise InvalidPredictions(f"confidence must be real numbers; got {confidence.dtype}.")
    if confidence.ndim == 2 and confidence.shape[1] == 1:
        confidence = confidence.reshape(-1)
    if confidence.ndim != 1:
        raise InvalidPredictions(
            f"confidence must have shape (n,), one number a row; got {confidence.shape}. For the "
            "probabilities of all classes use Predictions.from_probs."
        )
    if len(confidence) == 0:
        raise EmptyPredictions("there are no rows: confidence is empty.")
    outside = ~((confidence >= 0) & (confidence <= 1))
    if outside.any():
        row = int(np.argmax(outside))
        hint = " Are these per cent? Divide them by 100." if 1 < confidence[row] <= 100 else ""
        raise InvalidPredictions(
            f"confidence must lie in 0..1; got {confidence[row]} at row {{row}}.{hint}", row=row
        )
    return read_only(confidence.astype(np.float64))


def check_correct(values: ArrayLike, rows: int) -> Booleans:
    """Return `values` as read-only bool (n,), or raise `InvalidPredictions`."""
    correct = _column(values, rows, "correct")
    if correct.dtype.kind not in "iubf":
        raise InvalidPredictions(f"correct must be booleans, or 0 and 1; got {correct.dtype}.")
    outside = ~((correct == 0) | (correct == 1))
    if outside.any():
        row = int(np.argmax(outside))
        raise InvalidPredictions(
            f"correct must be True or False (1 or 0) in every row; got {correct[row]} at row {{row}}.",
            row=row,
        )
    return read_only(correct.astype(np.bool_))


def check_class_numbers(values: ArrayLike, rows: int, name: str, classes: int | None) -> Integers:
    """Return `values` as read-only int64 (n,), from 0 and below `classes`, or raise `InvalidPredictions`."""
    numbers = _column(values, rows, name)
    if numbers.dtype.kind not in "iub":
        raise InvalidPredictions(
            f"{name} must be integers or booleans; got {numbers.dtype}. Number the classes from 0, "
            "or say for each row whether it was right: from_correct."
        )
    numbers = numbers.astype(np.int64)
    outside = (numbers < 0) | (numbers >= (np.iinfo(np.int64).max if classes is None else classes))
    if outside.any():
        row = int(np.argmax(outside))
        span = "be 0 or more" if classes is None else f"lie in 0..{classes - 1} ({classes} class names)"
        raise InvalidPredictions(f"{name} must {span}; got {numbers[row]} at row {{row}}.", row=row)
    return read_only(numbers)


def _column(values: ArrayLike, rows: int, name: str) -> NDArray[Any]:
    column = as_array(values, name)
    if column.ndim == 2 and column.shape[1] == 1:
        column = column.reshape(-1)
    if column.ndim != 1:
        raise InvalidPredictions(f"{name} must have shape (n,), one value a row; got {column.shape}.")
    if len(column) != rows:
        raise InvalidPredictions(
            f"confidence has {rows} rows but {name} has {len(column)}. Give one value for each row."
        )
    return column
