"""Every check that predictions pass, each with the text a user sees when it fails.

Checks read whole arrays without temporary copies of them; rows are named only after a check has failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibrant._typing import Floats, Integers, Kind, Scores
from calibrant.errors import EmptyPredictions, InvalidArgument, InvalidPredictions
from calibrant.printable import shortened

ROW_SUM_TOLERANCE = 1e-3
"""How far a row of probabilities may be from summing to 1 and still be accepted."""

_ROWS_AT_ONCE, _MOST_WEIGHT, _LARGEST_WHOLE = 4096, 1e15, 2**53
_SURROGATE, _NO_SURROGATE = np.uint32(0xD800), np.uint32(0xFFFFF800)
_Item = TypeVar("_Item", bound=np.generic)


def check_scores(values: ArrayLike, kind: Kind) -> Scores:
    """Return `values` as a read-only (n, k) float array with k ≥ 2, or raise `InvalidPredictions`."""
    scores = two_columns(_as_floats(values, kind), kind)
    if scores.shape[0] == 0:
        raise EmptyPredictions(f"there are no rows: {kind} has shape {np.shape(values)}.")
    if kind == "logits":
        _check_logits(scores)
    else:
        _check_probs(scores)
    return read_only(scores)


def two_columns(scores: Scores, kind: Kind) -> Scores:
    """Turn binary scores (n,) or (n, 1) into two columns: logits (0, z), probabilities (1 - p, p)."""
    if scores.ndim == 2 and scores.shape[1] >= 2:
        return scores
    if scores.ndim == 0 or scores.ndim > 2 or (scores.ndim == 2 and scores.shape[1] == 0):
        raise InvalidPredictions(
            f"{kind} must have shape (n, k), or (n,) or (n, 1) for binary problems; got {scores.shape}. "
            "Dense (segmentation) outputs are not supported: give one row a sample."
        )
    positive = scores.reshape(-1)
    if kind == "probs":
        outside = ~((positive >= 0) & (positive <= 1))
        if outside.any():
            row = int(np.argmax(outside))
            raise InvalidPredictions(
                f"probs must lie in 0..1; got {positive[row]} at row {{row}}. {_are_logits_hint()}", row=row
            )
        # In float64, because 1 - p rounds in a narrower type, and the row would no longer sum to 1.
        positive = positive.astype(np.float64)
        return np.stack([1 - positive, positive], axis=1)
    return np.stack([np.zeros_like(positive), positive], axis=1)


def check_labels(values: ArrayLike, rows: int, classes: int) -> Integers:
    """Return `values` as read-only int64 (n,) in 0..k-1, or raise `InvalidPredictions`."""
    labels = as_array(values, "labels")
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels.reshape(-1)
    if labels.ndim != 1:
        raise InvalidPredictions(
            f"labels must have shape (n,); got {labels.shape}. Multilabel targets are not supported; "
            "for one-hot rows pass labels.argmax(axis=1)."
        )
    if labels.shape[0] != rows:
        raise InvalidPredictions(
            f"scores have {rows} rows but labels have {labels.shape[0]}. Give one label for each row."
        )
    if labels.dtype.kind not in "iub":
        raise InvalidPredictions(
            f"labels must be integers or booleans; got {labels.dtype}. Number the classes from 0, and where "
            "these are such numbers, give labels.astype(int)."
        )
    if labels.dtype.kind == "b" and classes > 2:
        raise InvalidPredictions(
            f"labels are booleans, and there are {classes} classes. Give each row the number of its class."
        )
    outside = (labels < 0) | (labels >= classes) if labels.dtype.kind != "b" else np.zeros(0, np.bool_)
    if outside.any():
        row = int(np.argmax(outside))
        hint = " Are the labels 1-based?" if labels.max() == classes and labels.min() >= 1 else ""
        raise InvalidPredictions(
            f"labels must lie in 0..{classes - 1} ({classes} classes); "
            f"got {labels[row]} at row {{row}}.{hint}",
            row=row,
        )
    return read_only(labels.astype(np.int64))


def check_classes(names: Sequence[str] | None, classes: int) -> tuple[str, ...] | None:
    """Return the class names as a tuple of k distinct strings, or raise `InvalidArgument`."""
    if names is None:
        return None
    if isinstance(names, str):
        raise InvalidArgument(f"classes must be a sequence of names; got the one string {names!r}.")
    result = tuple(str(name) for name in names)
    if len(result) != classes:
        raise InvalidArgument(f"there are {classes} classes but {len(result)} class names.")
    if len(set(result)) != len(result):
        twice = Counter(result).most_common(1)[0][0]
        raise InvalidArgument(f"class names must differ; {shortened(repr(twice), 80)} stands twice.")
    broken = next((index for index, name in enumerate(result) if not _is_unicode(name)), None)
    if broken is not None:
        raise InvalidArgument(
            f"the name of class {broken} has half of a character (a lone surrogate), which no file of text "
            f"can hold: {shortened(repr(result[broken]), 80)}."
        )
    return result


def check_sample_weight(values: ArrayLike | None, rows: int) -> Floats | None:
    """Return weights as read-only float64 (n,), finite, ≥ 0 and not all 0, or raise `InvalidPredictions`."""
    if values is None:
        return None
    weight = check_row_weights(values, rows)
    with np.errstate(over="ignore"):
        total = weight.sum()
    if total == np.inf:
        raise InvalidPredictions("sample_weight sums to infinity. Divide all weights by one number.")
    if total == 0:
        raise EmptyPredictions("sample_weight is 0 on every row, so nothing is left to compute from.")
    return weight


def check_countable(total: float) -> None:
    """Raise `InvalidPredictions` where a sum of weights is no count of rows: its powers are no numbers."""
    if total > 0 and not 1 / _MOST_WEIGHT <= total <= _MOST_WEIGHT:
        raise InvalidPredictions(
            f"sample_weight sums to {total:.3g}, which must lie between {1 / _MOST_WEIGHT:g} and "
            f"{_MOST_WEIGHT:g} to be counts of rows. Divide all weights by the largest."
        )


def check_row_weights(values: ArrayLike, rows: int) -> Floats:
    """Return weights as read-only float64 (n,), finite and ≥ 0; some rows of a set may all weigh 0."""
    weight = as_array(values, "sample_weight")
    if weight.dtype.kind not in "iubf":
        raise InvalidPredictions(f"sample_weight must be numbers; got {weight.dtype}.")
    if weight.shape != (rows,):
        raise InvalidPredictions(f"sample_weight must have shape ({rows},); got {weight.shape}.")
    weight = weight.astype(np.float64)
    bad = ~(np.isfinite(weight) & (weight >= 0))
    if bad.any():
        row = int(np.argmax(bad))
        raise InvalidPredictions(
            f"sample_weight must be finite and ≥ 0; got {weight[row]} at row {{row}}.", row=row
        )
    return read_only(weight)


def check_column(values: ArrayLike | None, rows: int, name: str) -> NDArray[Any] | None:
    """Return `groups` or `ids` as a read-only (n,) array of integers or strings."""
    if values is None:
        return None
    column = as_array(values, name)
    if column.shape != (rows,):
        raise InvalidPredictions(f"{name} must have shape ({rows},); got {column.shape}.")
    if column.dtype.kind not in "iuUb":
        try:
            column = np.char.decode(column, "utf-8") if column.dtype.kind == "S" else column.astype(np.str_)
        except ValueError as error:
            raise InvalidPredictions(f"{name} must be text in UTF-8, or whole numbers ({error}).") from error
    column = column.astype(column.dtype.newbyteorder("="))
    if column.dtype.kind == "U":
        _check_characters(column, name)
    return read_only(column)


def _check_characters(column: NDArray[np.str_], name: str) -> None:
    if not column.dtype.itemsize:
        return
    for first in range(0, len(column), _ROWS_AT_ONCE):
        part = column[first : first + _ROWS_AT_ONCE]
        broken = (part.view(np.uint32) & _NO_SURROGATE == _SURROGATE).reshape(len(part), -1).any(axis=1)
        if broken.any():
            raise InvalidPredictions(
                f"{name} has half of a character (a lone surrogate) at row {{row}}, which no file of text "
                "can hold.",
                row=first + int(np.argmax(broken)),
            )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_floats(values: ArrayLike, kind: Kind) -> Scores:
    scores = as_array(values, kind)
    if scores.dtype.kind in "iu" and scores.size:
        furthest = max(int(scores.max()), -int(scores.min()))
        if furthest > _LARGEST_WHOLE:
            raise InvalidPredictions(
                f"{kind} are whole numbers up to {furthest:,}, which float64 does not tell apart beyond "
                f"{_LARGEST_WHOLE:,}. Subtract from each row its largest, and give floats."
            )
    if scores.dtype.kind in "iub" or (scores.dtype.kind == "f" and scores.dtype.itemsize > 8):
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused next
            return scores.astype(np.float64)
    if scores.dtype.kind != "f":
        raise InvalidPredictions(f"{kind} must be real numbers; got {scores.dtype}.")
    return scores.astype(scores.dtype.newbyteorder("="), copy=False)


def as_array(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return `values` as an array, or say why they are none."""
    if isinstance(values, np.ma.MaskedArray):
        raise InvalidPredictions(f"{name} is a masked array, whose mask would be lost. Drop the masked rows.")
    try:
        return np.asarray(values)
    except (TypeError, RuntimeError, ValueError) as error:
        raise InvalidPredictions(
            f"{name} cannot be read as an array: {str(error).rstrip('. ')}. "
            "For a torch tensor pass tensor.detach().cpu().float()."
        ) from error


def _check_logits(logits: Scores) -> None:
    largest = logits.max()
    if np.isnan(largest) or largest == np.inf:
        bad = _first_row(logits, lambda block: (np.isnan(block) | (block == np.inf)).any(axis=1))
        column = int(np.argmax(np.isnan(logits[bad]) | (logits[bad] == np.inf)))
        raise InvalidPredictions(
            f"logits must be numbers below +inf; got {logits[bad, column]} at row {{row}}, class {column}. "
            "Drop the row or find where the network overflowed.",
            row=bad,
        )
    if logits.min() == -np.inf:
        hopeless = _first_row(logits, lambda block: (block == -np.inf).all(axis=1), default=-1)
        if hopeless >= 0:
            raise InvalidPredictions(
                "every logit of row {row} is -inf, so no class is possible.", row=hopeless
            )


def _check_probs(probs: Scores) -> None:
    def off(block: Scores) -> NDArray[np.bool_]:
        with np.errstate(invalid="ignore"):  # inf - inf
            sums = block.sum(axis=1, dtype=np.float64)
        return np.asarray(~((np.abs(sums - 1) <= ROW_SUM_TOLERANCE) & (block.min(axis=1) >= 0)))

    row = _first_row(probs, off, default=-1)
    if row < 0:
        return
    values = probs[row]
    wrong = np.isnan(values) | (values < 0)
    if wrong.any():
        column = int(np.argmax(wrong))
        raise InvalidPredictions(
            f"probs must lie in 0..1; got {values[column]} at row {{row}}, class {column}. "
            f"{_are_logits_hint()}",
            row=row,
        )
    total = float(values.sum(dtype=np.float64))
    raise InvalidPredictions(
        f"rows of probs must sum to 1 within {ROW_SUM_TOLERANCE}; row {{row}} sums to {total:.6g}. "
        f"{_are_logits_hint()}",
        row=row,
    )


def _are_logits_hint() -> str:
    return "If these are scores before softmax, they are logits: say so."


def _first_row(scores: Scores, is_bad: Any, default: int = 0) -> int:
    for start in range(0, scores.shape[0], _ROWS_AT_ONCE):
        bad = is_bad(scores[start : start + _ROWS_AT_ONCE])
        if bad.any():
            return start + int(np.argmax(bad))
    return default


def read_only(array: NDArray[_Item]) -> NDArray[_Item]:
    """Return a view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view
