"""Curves fitted in one of two modes, class by class or on the top label, and how rows pass through them.

Which curve is fitted, and how it is read between its knots, the calibrator says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.choices import MODES, Mode, check_choice
from calibrant.calibrators.class_by_class import class_by_class
from calibrant.calibrators.class_problems import (
    ScoredProblems,
    check_problem_count,
    class_columns,
    class_problems,
    problem_classes,
    whole_rows,
)
from calibrant.calibrators.curves import Curve, decode_curves, encode_curves
from calibrant.calibrators.document import number
from calibrant.calibrators.pooled_fits import fit_pooled
from calibrant.calibrators.smoothing import class_priors
from calibrant.calibrators.tally import ScoreTally
from calibrant.calibrators.top_label import (
    TopLabel,
    correctness,
    top_label,
    top_labels,
    top_problem,
    with_confidence,
)
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import UnreadableFile
from calibrant.predictions import Derived, Predictions, Table

Read = Callable[[Curve, Floats], Floats]

Learn = Callable[[Derived[Problems], Sequence[float]], tuple[Curve, ...]]

Change = Callable[[Floats], Floats]

_BLOCK = 4096
"""Rows that pass through the curves at a time, while they are in the cache."""


@dataclass(frozen=True, eq=False)
class FittedCurves:
    """What a calibrator learned, as curves from score to frequency.

    Attributes
    ----------
    mode : {"one-vs-rest", "top-label"}
        Whether there is a curve a class, or one for the confidence.
    curves : tuple of Curve
        k curves, one for class 1 of two, or one for the confidence.
    uniform : float
        In "top-label" mode, how far the other classes' shares are mixed with equal ones, 0..1.
    """

    mode: Mode
    curves: tuple[Curve, ...]
    uniform: float

    def encode(self) -> dict[str, Any]:
        """Return JSON values that `decode` takes back."""
        return {"mode": self.mode, "uniform": self.uniform, **encode_curves(self.curves)}

    @classmethod
    def decode(cls, parameters: Mapping[str, Any], key: str) -> FittedCurves:
        """Return what `encode` left at `key`.

        Raises
        ------
        UnreadableFile
            Something is missing or out of range.
        """
        curves = decode_curves(parameters, key)
        stored = parameters[key]
        mode = check_choice("mode", stored.get("mode"), MODES)
        uniform = number(stored, "uniform")
        if uniform is None or not 0 <= uniform <= 1 or (mode == "top-label" and len(curves) != 1):
            raise UnreadableFile(f"{key!r} must have 'uniform' in 0..1, and one curve for a top label.")
        return cls(mode, curves, uniform)


def fit_curves(
    table: Table, mode: Mode, learn: Learn, smoothing: float, *, change: Change | None = None
) -> FittedCurves:
    """Fit a curve to each problem that the mode makes of the rows.

    Parameters
    ----------
    table : Table
        The rows.
    mode : {"one-vs-rest", "top-label"}
        What the problems are.
    learn : callable
        From the problems and the prior of each to their curves.
    smoothing : float
        Pseudo-rows, which also say how far to trust equal shares of the rest.
    change : callable, optional
        What is made of probabilities before curves are fitted to them.
    """
    if mode == "top-label":
        tops = table.derived(top_labels)
        right = correctness(tops)
        problems: Derived[Problems] = tops.derived(partial(_top_problem, change=change))
        return FittedCurves(mode, learn(problems, (right.prior,)), right.uniform_share(smoothing))
    priors = class_priors(table.class_weights())
    problems = table.derived(partial(_class_problems, change=change))
    return FittedCurves(mode, learn(problems, [float(priors[c]) for c in problem_classes(table.k)]), 0.0)


def pooled_curves(fit: Callable[[ScoreTally, float], Curve], *, method: str) -> Learn:
    """Return how the curve of a tally and a prior is learned for every problem; `method` is for errors."""

    def learn(problems: Derived[Problems], priors: Sequence[float]) -> tuple[Curve, ...]:
        return fit_pooled(
            problems, len(priors), lambda tally, index: fit(tally, priors[index]), method=method
        )

    return learn


def _top_problem(top: TopLabel, engine: Engine, *, change: Change | None) -> ScoredProblems:
    return _changed(top_problem(top, engine), change)


def _class_problems(rows: Predictions, engine: Engine, *, change: Change | None) -> ScoredProblems:
    return _changed(class_problems(rows, engine, scores=Predictions.probs), change)


def _changed(problems: ScoredProblems, change: Change | None) -> ScoredProblems:
    return problems if change is None else replace(problems, scores=change(problems.scores))


def apply_curves(fitted: FittedCurves, predictions: Predictions, read: Read) -> Predictions:
    """Return the rows with probabilities that went through the curves.

    Raises
    ------
    IncompatiblePredictions
        There are curves for another number of classes.
    """
    if fitted.mode == "top-label":
        top = top_label(predictions)
        confidence = read(fitted.curves[0], top.confidence)
        return predictions.with_scores(with_confidence(top, confidence, fitted.uniform), "probs")
    check_problem_count(len(fitted.curves), predictions.k)
    probs = predictions.probs()
    changed = np.empty_like(probs)

    def change(start: int, stop: int) -> None:
        for first in range(start, stop, _BLOCK):
            rows = slice(first, min(first + _BLOCK, stop))
            columns = class_columns(probs[rows])
            for curve, column in zip(fitted.curves, columns, strict=True):
                column[:] = read(curve, column)
            changed[rows] = whole_rows(columns, probs[rows])

    DEFAULT_ENGINE.for_rows(change, predictions.n, predictions.k)
    return predictions.with_scores(changed, "probs")


def read_columns(curves: Sequence[Curve], columns: Floats, read: Read) -> None:
    """Replace the scores (k, n) of each class by what its curve says."""

    def replace(index: int) -> None:
        columns[index] = read(curves[index], columns[index])

    class_by_class(replace, range(len(curves)), columns.shape[1], DEFAULT_ENGINE)
