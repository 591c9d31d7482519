"""The checks of `Predictions`, made on the device: one number comes back where all is well.

Rows are named only after a check has failed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import array_api_compat
import numpy as np

from calibrant._typing import Kind
from calibrant.array_api.library import Library, library_of
from calibrant.array_api.rows import ArrayRows, ArrayScores
from calibrant.errors import EmptyPredictions, InvalidArgument, InvalidPredictions

ROW_SUM_TOLERANCE = 1e-3
"""How far a row of probabilities may be from summing to 1 and still be accepted."""

_ARE_LOGITS = "If these are scores before softmax, they are logits: say so."


def check_rows(scores: Any, labels: Any, *, kind: Kind, sample_weight: Any | None) -> ArrayRows:
    """Return scores, labels and weights as rows, or raise `InvalidPredictions`.

    Parameters
    ----------
    scores : array, (n, k), (n,) or (n, 1)
        Logits or probabilities; binary ones of the positive class.
    labels : integer or bool array, (n,) or (n, 1)
        True classes, 0..k-1.
    kind : {"logits", "probs"}
        What the scores are.
    sample_weight : array, (n,), optional
        Finite, ≥ 0 and not all 0.
    """
    if sample_weight is None:
        library = library_of(scores=scores, labels=labels)
    else:
        library = library_of(scores=scores, labels=labels, sample_weight=sample_weight)
    checked = _check_scores(library, scores, kind)
    truth = _check_labels(library, labels, checked.n, checked.k)
    weight = None if sample_weight is None else _check_sample_weight(library, sample_weight, checked.n)
    return ArrayRows(library, checked.scores, kind, truth, weight)


def check_logits(logits: Any) -> ArrayScores:
    """Return logits without labels, or raise `InvalidPredictions`."""
    return _check_scores(library_of(logits=logits), logits, "logits")


def first_row(scores: ArrayScores, is_bad: Callable[[Any], Any]) -> int | None:
    """Return the first row that is bad by a function of blocks (b, k) → (b,), or None."""
    library = scores.library
    for start, stop in scores.spans():
        bad = library.xp.astype(is_bad(scores.span(start, stop)), library.integers)
        if int(library.xp.max(bad)) > 0:
            return start + int(library.xp.argmax(bad))
    return None


def _check_scores(library: Library, values: Any, kind: Kind) -> ArrayScores:
    if kind not in ("logits", "probs"):
        raise InvalidArgument(f"kind must be 'logits' or 'probs'; got {kind!r}.")
    xp, values = library.xp, _detached(values)
    if xp.isdtype(values.dtype, ("integral", "bool")):
        values = xp.astype(values, library.floats)
    if not xp.isdtype(values.dtype, "real floating"):
        raise InvalidPredictions(f"{kind} must be real numbers; got {values.dtype}.")
    scores = ArrayScores(library, _two_columns(library, values, kind), kind)
    if scores.n == 0:
        raise EmptyPredictions(f"there are no rows: {kind} has shape {tuple(values.shape)}.")
    if kind == "logits":
        _check_values_of_logits(scores)
    else:
        _check_values_of_probs(scores)
    return scores


def _detached(values: Any) -> Any:
    """Return the array without the history that PyTorch would keep of all that is computed from it."""
    return values.detach() if array_api_compat.is_torch_array(values) else values


def _two_columns(library: Library, scores: Any, kind: Kind) -> Any:
    """Turn binary scores (n,) or (n, 1) into two columns: logits (0, z), probabilities (1 - p, p)."""
    if scores.ndim == 2 and scores.shape[1] >= 2:
        return scores
    if scores.ndim == 0 or scores.ndim > 2 or (scores.ndim == 2 and scores.shape[1] == 0):
        raise InvalidPredictions(
            f"{kind} must have shape (n, k), or (n,) or (n, 1) for binary problems; got "
            f"{tuple(scores.shape)}. Dense (segmentation) outputs are not supported: give one row a sample."
        )
    xp = library.xp
    positive = xp.reshape(scores, (-1,))
    if kind == "logits":
        return xp.stack([xp.zeros_like(positive), positive], axis=1)
    # Widened first, because 1 - p rounds in a narrower type, and the row would no longer sum to 1.
    positive = xp.astype(positive, library.floats)
    row = first_row(ArrayScores(library, positive[:, None], kind), lambda p: ~((p >= 0) & (p <= 1))[:, 0])
    if row is not None:
        raise InvalidPredictions(
            f"probs must lie in 0..1; got {float(positive[row])} at row {row}. {_ARE_LOGITS}"
        )
    return xp.stack([1 - positive, positive], axis=1)


def _check_values_of_logits(scores: ArrayScores) -> None:
    xp, infinite = scores.library.xp, float("inf")
    if not float(xp.max(scores.scores)) < infinite:  # NaN passes through the maximum

        def cannot_be(z: Any) -> Any:
            return xp.isnan(z) | (z == infinite)

        row = first_row(scores, lambda z: xp.any(cannot_be(z), axis=1)) or 0
        column = _first_column(scores, row, cannot_be)
        raise InvalidPredictions(
            f"logits must be numbers below +inf; got {float(scores.scores[row, column])} at row {row}, "
            f"class {column}. Drop the row or find where the network overflowed."
        )
    if float(xp.min(scores.scores)) == -infinite:
        hopeless = first_row(scores, lambda z: xp.all(z == -infinite, axis=1))
        if hopeless is not None:
            raise InvalidPredictions(f"every logit of row {hopeless} is -inf, so no class is possible.")


def _check_values_of_probs(scores: ArrayScores) -> None:
    xp = scores.library.xp

    def sums_to_one(p: Any) -> Any:
        return xp.abs(xp.sum(p, axis=1) - 1) <= ROW_SUM_TOLERANCE

    row = first_row(scores, lambda p: ~(sums_to_one(p) & xp.all(p >= 0, axis=1)))
    if row is None:
        return
    values = scores.span(row, row + 1)
    if not bool(xp.all(values >= 0)):
        column = _first_column(scores, row, lambda p: ~(p >= 0))
        raise InvalidPredictions(
            f"probs must lie in 0..1; got {float(values[0, column])} at row {row}, class {column}. "
            f"{_ARE_LOGITS}"
        )
    raise InvalidPredictions(
        f"rows of probs must sum to 1 within {ROW_SUM_TOLERANCE}; row {row} sums to "
        f"{float(xp.sum(values)):.6g}. {_ARE_LOGITS}"
    )


def _first_column(scores: ArrayScores, row: int, is_bad: Callable[[Any], Any]) -> int:
    library = scores.library
    return int(library.xp.argmax(library.xp.astype(is_bad(scores.span(row, row + 1)), library.integers)))


def _check_labels(library: Library, labels: Any, rows: int, classes: int) -> Any:
    xp = library.xp
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = xp.reshape(labels, (-1,))
    if labels.ndim != 1:
        raise InvalidPredictions(
            f"labels must have shape (n,); got {tuple(labels.shape)}. Multilabel targets are not supported; "
            "for one-hot rows pass labels.argmax(axis=1)."
        )
    if labels.shape[0] != rows:
        raise InvalidPredictions(
            f"scores have {rows} rows but labels have {labels.shape[0]}. Give one label for each row."
        )
    if not xp.isdtype(labels.dtype, ("integral", "bool")):
        raise InvalidPredictions(
            f"labels must be integers or booleans; got {labels.dtype}. Number the classes from 0, and where "
            "these are such numbers, give them as integers."
        )
    if classes > 2 and xp.isdtype(labels.dtype, "bool"):
        raise InvalidPredictions(
            f"labels are booleans, and there are {classes} classes. Give each row the number of its class."
        )
    labels = xp.astype(labels, library.integers)
    lowest, highest = int(xp.min(labels)), int(xp.max(labels))
    if lowest < 0 or highest >= classes:
        outside = (labels < 0) | (labels >= classes)
        row = int(xp.argmax(xp.astype(outside, library.integers)))
        hint = " Are the labels 1-based?" if highest == classes and lowest >= 1 else ""
        raise InvalidPredictions(
            f"labels must lie in 0..{classes - 1} ({classes} classes); got {int(labels[row])} at row {row}."
            f"{hint}"
        )
    return labels


def _check_sample_weight(library: Library, values: Any, rows: int) -> Any:
    xp = library.xp
    if not xp.isdtype(values.dtype, ("real floating", "integral", "bool")):
        raise InvalidPredictions(f"sample_weight must be numbers; got {values.dtype}.")
    if tuple(values.shape) != (rows,):
        raise InvalidPredictions(f"sample_weight must have shape ({rows},); got {tuple(values.shape)}.")
    weight = xp.astype(_detached(values), library.floats)
    bad = xp.astype(~(xp.isfinite(weight) & (weight >= 0)), library.integers)
    if int(xp.max(bad)) > 0:
        row = int(xp.argmax(bad))
        raise InvalidPredictions(
            f"sample_weight must be finite and ≥ 0; got {float(weight[row])} at row {row}."
        )
    with np.errstate(over="ignore"):
        total = float(xp.sum(weight))
    if total == float("inf"):
        raise InvalidPredictions("sample_weight sums to infinity. Divide all weights by one number.")
    if total == 0:
        raise EmptyPredictions("sample_weight is 0 on every row, so nothing is left to compute from.")
    return weight
