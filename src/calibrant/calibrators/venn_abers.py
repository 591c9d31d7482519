"""Venn-Abers: two isotonic fits per row, one for each label it might have, and so a pair of probabilities.

Their distance says how much one row could change the answer. Merged into one they never are 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, final

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.choices import check_count
from calibrant.calibrators.class_by_class import class_by_class
from calibrant.calibrators.class_problems import (
    check_problem_count,
    class_columns,
    class_problems,
    problem_classes,
    whole_rows,
)
from calibrant.calibrators.curves import Curve, decode_curves, encode_curves, step
from calibrant.calibrators.fitted_curves import read_columns
from calibrant.calibrators.folds import fold_of
from calibrant.calibrators.parted import PartedCalibrator
from calibrant.calibrators.pooled_fits import fit_pooled
from calibrant.calibrators.venn_abers_pair import VennAbersPair, fit_pair, fold_tallies
from calibrant.engine import Engine
from calibrant.errors import NotFitted, UnreadableFile
from calibrant.predictions import Derived, Predictions, Table


@dataclass(frozen=True, eq=False)
class VennAbersIntervals:
    """For each row and class, the pair of probabilities.

    Attributes
    ----------
    lower, upper : float64 array, (n, k)
        p0 and p1: the isotonic value of the class against the rest, were the row's label another class, and
        were it this one. lower ≤ upper; rows do not sum to 1.
    """

    lower: Floats
    upper: Floats


@final
class VennAbers(PartedCalibrator):
    """Calibrate with the Venn-Abers pair (p0, p1), merged into p1 / (1 - p0 + p1).

    Parameters
    ----------
    folds : int
        1: inductive, all fitting rows calibrate together. More: cross, each fold of rows calibrates by
        itself, and 1 - p0 and p1 are averaged as geometric means. The folds depend on what the rows hold,
        not on their order.

    Attributes
    ----------
    upper_, opposite_ : tuple of Curve
        For each problem, p1 at a score, and 1 - p0 at a score with its sign turned.

    Notes
    -----
    p1 is the isotonic value at the test score when the test row is added as a positive one, p0 when it is
    added as a negative one; both are computed for all scores in one sweep of O(n) after sorting. Pairs,
    folds and the merging, which is minimax for the log-loss, are those of Vovk, Petej & Fedorova (NeurIPS
    2015); the scores being given, the folds divide only the rows that calibrate. Two classes: class 1; more:
    every class against the rest, the merged rows then normalised. Since a row of either label is added, no
    smoothing is needed: p1 > 0 and p0 < 1 everywhere. Rows in parts, without folds: as
    `IsotonicCalibration`.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1])
    >>> fitted = VennAbers().fit(rows)
    >>> pair = fitted.intervals(rows)
    >>> pair.lower[0, 1].round(3).item(), pair.upper[0, 1].round(3).item()
    (0.0, 0.333)
    >>> fitted.transform(rows).scores[:, 1].round(3).tolist()
    [0.25, 0.333, 0.667, 0.75]
    """

    method: ClassVar[str] = "venn_abers"
    keeps_argmax: ClassVar[bool] = False
    use_when: ClassVar[str] = "where each probability needs an interval that is valid on any number of rows"

    def __init__(self, folds: int = 1) -> None:
        self.folds = check_count("folds", folds)
        self.fit_: tuple[tuple[Curve, ...], tuple[Curve, ...]] | None = None

    @property
    def upper_(self) -> tuple[Curve, ...]:
        """The probability p1 of each problem."""
        return self._curves()[0]

    @property
    def opposite_(self) -> tuple[Curve, ...]:
        """The probability 1 - p0 of each problem, at scores with their sign turned."""
        return self._curves()[1]

    def intervals(self, predictions: Predictions) -> VennAbersIntervals:
        """Return the pair (p0, p1) of every row and class.

        Raises
        ------
        NotFitted
            `fit` was not called.
        IncompatiblePredictions
            Other classes than those of the fit.
        """
        self._check_fits(predictions.k, predictions.classes)
        upper, opposite = self._pair(predictions)
        if predictions.k == 2:
            lower = np.stack((1 - upper[0], 1 - opposite[0]), axis=1)
            return VennAbersIntervals(lower, np.stack((opposite[0], upper[0]), axis=1))
        return VennAbersIntervals((1 - opposite).T, upper.T)

    def parameters(self) -> dict[str, Any]:
        """Return the number of folds and both curves of every problem."""
        return {
            "folds": self.folds,
            "upper": encode_curves(self.upper_),
            "opposite": encode_curves(self.opposite_),
        }

    def describe(self) -> str:
        """Say which kind it is, and how many steps it has."""
        steps = sum(len(curve.knots) for curve in (*self.upper_, *self.opposite_))
        kind = "inductive" if self.folds == 1 else f"cross, {self.folds} folds"
        return f"Venn-Abers ({kind}): {steps} steps on {len(self.upper_)} pair(s) of curves"

    @property
    def free_parameters(self) -> int:
        """Numbers that the fit was free to choose."""
        return sum(len(curve.knots) for curve in (*self.upper_, *self.opposite_))

    def _fit_table(self, table: Table) -> float:
        fold = None
        if self.folds > 1:
            rows = table.only_part(self._as_set_up)
            fold = fold_of(rows, self.folds)
        problems: Derived[Problems] = table.derived(partial(class_problems, scores=Predictions.probs))
        count = len(problem_classes(table.k))
        if fold is None:
            pairs = fit_pooled(problems, count, lambda tally, index: fit_pair((tally,)), method=self.method)
        else:
            pairs = next(problems.each(partial(_fold_pairs, fold=fold, count=count)))
        self.fit_ = (tuple(pair.upper for pair in pairs), tuple(pair.opposite for pair in pairs))
        return self._loss_over(table)

    def _curves(self) -> tuple[tuple[Curve, ...], tuple[Curve, ...]]:
        if self.fit_ is None:
            raise NotFitted("there are no probabilities yet: call fit(validation) first.")
        return self.fit_

    def _pair(self, predictions: Predictions) -> tuple[Floats, Floats]:
        """Return p1 and 1 - p0, problem after problem."""
        check_problem_count(len(self.upper_), predictions.k)
        upper = class_columns(predictions.probs())
        opposite = -upper
        read_columns(self.upper_, upper, step)
        read_columns(self.opposite_, opposite, step)
        return upper, opposite

    def _is_fitted(self) -> bool:
        return self.fit_ is not None

    def _transform(self, predictions: Predictions) -> Predictions:
        upper, opposite = self._pair(predictions)
        merged = upper / (opposite + upper)
        return predictions.with_scores(whole_rows(merged, merged.T), "probs")

    def _restore(self, parameters: Mapping[str, Any]) -> None:
        self.folds = check_count("folds", parameters.get("folds"))
        lowest = np.finfo(np.float64).tiny
        upper = decode_curves(parameters, "upper", lowest=lowest)
        opposite = decode_curves(parameters, "opposite", lowest=lowest)
        if len(upper) != len(opposite):
            raise UnreadableFile("'upper' and 'opposite' must have as many curves.")
        self.fit_ = (upper, opposite)


def _fold_pairs(
    problems: Problems, engine: Engine, *, fold: Integers, count: int
) -> tuple[VennAbersPair, ...]:
    """Return the pair of each problem, of rows that calibrate in folds."""
    return class_by_class(
        lambda index: fit_pair(fold_tallies(problems.problem(index), fold)), range(count), problems.n, engine
    )
