"""How a method does on rows that its fit did not see, found by cross-validation.

It measures one method; comparing several is `averaging`, and choosing among them `auto`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.calibrators.base import Calibrator
from calibrant.calibrators.folds import FOLDS, fold_of
from calibrant.engine import Engine
from calibrant.metrics import Rows
from calibrant.predictions import Predictions

_SCORES_AT_ONCE = 10_000_000
"""Scores in the rows of all folds that are fitted side by side: each needs memory of its own."""


@dataclass(frozen=True, eq=False, slots=True)
class HeldOut:
    """Rows scored by fits that did not see them.

    Attributes
    ----------
    losses : float64 array, (n,)
        Log-loss of each row, nats.
    correct : bool array, (n,)
        Whether its class was predicted.
    """

    losses: Floats
    correct: Booleans


def nothing_held_out(n: int) -> HeldOut:
    """Return the arrays for n rows, to be filled."""
    return HeldOut(np.empty(n), np.empty(n, np.bool_))


def record(held_out: HeldOut, rows: np.ndarray, calibrated: Predictions, engine: Engine) -> None:
    """Write the losses of some rows to their places."""
    summary = Rows(calibrated, engine).summary
    held_out.losses[rows] = summary.nll
    held_out.correct[rows] = summary.correct


def cross_validate(unfitted: Calibrator, rows: Predictions, engine: Engine) -> HeldOut:
    """Fit a method on four of five folds, score the fifth, and so on for all.

    Parameters
    ----------
    unfitted : Calibrator
        Copied for each fold.
    rows : Predictions
        n rows, with at least five distinct ones.
    engine : Engine
        What runs the sums.

    Raises
    ------
    FitFailed, InvalidArgument, InvalidPredictions
        The method cannot be fitted on these rows.
    """
    fold = fold_of(rows, FOLDS)
    held_out = nothing_held_out(rows.n)

    def score(number: int) -> None:
        fitted = deepcopy(unfitted).fit(rows.take(np.flatnonzero(fold != number)), engine=engine)
        scored = np.flatnonzero(fold == number)
        record(held_out, scored, fitted.transform(rows.take(scored)), engine)

    at_once = max(1, min(FOLDS, _SCORES_AT_ONCE // (rows.n * rows.k)))
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(score, range(FOLDS)))
    return held_out
