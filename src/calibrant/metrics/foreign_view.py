"""Predictions as another tool sees them: in their own float type, not normalised, without weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from calibrant._typing import Booleans, Scores
from calibrant.errors import IncompatiblePredictions, InvalidArgument
from calibrant.metrics.rows import Rows
from calibrant.predictions import TopLabelPredictions

Precision = Literal["file", "float32", "float64"]
"""Float type of the probabilities: that of the file (16 bits as float32), or another."""

_ROWS_AT_ONCE = 4096


@dataclass(frozen=True, eq=False, slots=True)
class ForeignView:
    """A probability and an outcome a row.

    Attributes
    ----------
    values : float32 or float64 array, (n,)
        Confidence of the predicted class, or the probability of one class.
    correct : bool array, (n,)
        Whether the predicted class, or that class, is the true one.
    """

    values: Scores
    correct: Booleans


def foreign_view(rows: Rows, class_index: int | None, precision: Precision) -> ForeignView:
    """Return what a tool reads of these rows: of the top label, or of one class.

    Raises
    ------
    InvalidArgument
        No such precision or class.
    IncompatiblePredictions
        A class of rows that have only the top label.
    """
    if precision not in get_args(Precision):
        raise InvalidArgument(
            f"precision must be one of {', '.join(get_args(Precision))}; got {precision!r}."
        )
    if isinstance(rows.source, TopLabelPredictions):
        if class_index is not None:
            raise IncompatiblePredictions("one class cannot be looked at: only the top label is known.")
        dtype = np.dtype(np.float64 if precision == "file" else precision)
        return ForeignView(rows.summary.confidence.astype(dtype), rows.source.correct)
    return _of_all_classes(rows, class_index, precision)


def _of_all_classes(rows: Rows, class_index: int | None, precision: Precision) -> ForeignView:
    predictions = rows.predictions
    n, k, labels = predictions.n, predictions.k, predictions.labels
    if class_index is not None and not 0 <= class_index < k:
        raise InvalidArgument(f"class_index must lie in 0..{k - 1} ({k} classes); got {class_index}.")
    dtype = _float_type(predictions.scores, precision)
    values, chosen = np.empty(n, dtype), np.full(n, -1 if class_index is None else class_index)
    for start in range(0, n, _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        scores = predictions.scores[block].astype(dtype)
        probs = _softmax(scores, rows.temperature) if predictions.kind == "logits" else scores
        if class_index is None:
            chosen[block] = probs.argmax(axis=1)
        values[block] = np.take_along_axis(probs, chosen[block, None], axis=1)[:, 0]
    return ForeignView(values, chosen == labels)


def _float_type(scores: Scores, precision: Precision) -> np.dtype[Any]:
    if precision == "file":
        return np.dtype(np.float32 if scores.dtype.itemsize <= 4 else np.float64)
    return np.dtype(precision)


def _softmax(logits: Scores, temperature: float) -> Scores:
    scaled = logits if temperature == 1.0 else logits / logits.dtype.type(temperature)
    with np.errstate(over="ignore"):  # a difference beyond the float type is -inf, probability 0
        exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))
