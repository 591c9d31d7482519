"""Rows behind rows: several sets of one form become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from calibrant.errors import EmptyPredictions, IncompatiblePredictions
from calibrant.predictions.checks import read_only

_Rows = TypeVar("_Rows", bound=Any)
_OF_SOURCES = ("ignored", "source")


def joined(parts: Sequence[_Rows]) -> _Rows:
    """Return the rows of all parts, in order. Parts are predictions, or rows as a reader returned them.

    Raises
    ------
    EmptyPredictions
        There is no part.
    IncompatiblePredictions
        Parts differ in form, kind, classes or in what their rows have.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> one = Predictions.from_logits([[2.0, 0.0]], [0])
    >>> joined([one, one]).labels.tolist()
    [0, 0]
    """
    if not parts:
        raise EmptyPredictions("there are no rows: no part was given.")
    first = parts[0]
    if len(parts) == 1:
        return first
    if any(type(part) is not type(first) for part in parts):
        raise IncompatiblePredictions(
            "some parts have labels and some have not: they make no one set of rows."
        )
    together: dict[str, Any] = {}
    for name in (field.name for field in fields(first) if field.name not in _OF_SOURCES):
        values = [getattr(part, name) for part in parts]
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        if len(arrays) == len(values) and len({array.shape[1:] for array in arrays}) == 1:
            together[name] = read_only(np.concatenate(arrays))
        elif arrays or any(value != values[0] for value in values):
            raise IncompatiblePredictions(f"the parts differ in {name}: they make no one set of rows.")
    return replace(first, **together)
