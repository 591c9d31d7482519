"""Scores that a method computes for each class: checked against the rows, then made probabilities."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from calibrant._typing import Floats, Scores
from calibrant.errors import IncompatiblePredictions


def check_class_count(fitted: int, k: int) -> None:
    """Raise `IncompatiblePredictions` unless the rows have as many classes as were fitted."""
    if fitted != k:
        raise IncompatiblePredictions(f"the calibrator knows {fitted} classes; these rows have {k}.")


def class_probs(scores: Scores) -> Floats:
    """Return softmax of scores (n, k), or raise `IncompatiblePredictions` where they are not finite."""
    if not np.isfinite(scores).all():
        row = int(np.argmax(~np.isfinite(scores).all(axis=1)))
        raise IncompatiblePredictions(
            "the calibrator makes scores that no float can hold, at row {row}. Its parameters are damaged, "
            "or these are logits of another classifier.",
            row=row,
        )
    probs: Floats = softmax(scores, axis=1)
    return probs
