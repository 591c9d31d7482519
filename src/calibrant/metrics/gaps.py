"""From a bin table to calibration errors: the three norms of the gaps, and their names in words."""

from __future__ import annotations

import numpy as np

from calibrant._typing import Floats
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import BinState
from calibrant.metrics.convention import Norm, Notion

_NORMS = {
    "l1": "mean over rows of |accuracy - confidence| in the row's bin",
    "l2": "root mean over rows of (accuracy - confidence)^2 in the row's bin",
    "max": "largest |accuracy - confidence| of a non-empty bin",
}
_CLASSES_AT_ONCE = 1 << 14
_NOTIONS = {"top-label": "", "one-class": "", "class-wise": ", mean over classes"}


def calibration_error(state: BinState, norm: Norm) -> Floats:
    """Return the error of each row of bins: one value, or one a class."""
    spans = range(0, len(state.sums), _CLASSES_AT_ONCE)
    errors = [_errors(BinState(state.n, state.sums[at : at + _CLASSES_AT_ONCE]), norm) for at in spans]
    return errors[0] if len(errors) == 1 else np.concatenate(errors)


def _errors(state: BinState, norm: Norm) -> Floats:
    gaps = np.abs(np.nan_to_num(state.accuracy - state.confidence, nan=0.0))
    if norm == "max":
        return np.asarray(gaps.max(axis=-1))
    share = state.weight / state.weight.sum(axis=-1, keepdims=True)
    if norm == "l1":
        return np.asarray((share * gaps).sum(axis=-1))
    return np.asarray(np.sqrt((share * gaps**2).sum(axis=-1)))


def check_notion(notion: Notion, class_index: int | None) -> None:
    """Raise unless the notion exists and has a class exactly where it needs one."""
    if notion not in _NOTIONS:
        raise InvalidArgument(f"notion must be one of {', '.join(_NOTIONS)}; got {notion!r}.")
    if (notion == "one-class") != (class_index is not None):
        raise InvalidArgument("class_index belongs to the notion 'one-class', and that notion needs it.")


def describe(norm: Norm, notion: Notion) -> str:
    """Return the definition in words, or raise for a norm that does not exist."""
    if norm not in _NORMS:
        raise InvalidArgument(f"norm must be one of {', '.join(_NORMS)}; got {norm!r}.")
    return _NORMS[norm] + _NOTIONS[notion]
