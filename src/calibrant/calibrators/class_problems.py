"""Every class against the rest: one binary problem for each class, and rows made whole again.

Two classes count as one problem, that of class 1. What is learned of a problem is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.calibrators.binary_problem import BinaryProblem
from calibrant.calibrators.class_scores import check_class_count
from calibrant.engine import Engine
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions

_TRANSPOSED = 1024
"""Rows that are turned into columns at a time, while they are in the cache."""


MOST_PROBLEMS = 10_000
"""Classes up to which each gets a fit of its own; with more, most would see no row of their class."""


def check_few_problems(k: int) -> None:
    """Raise `InvalidArgument` for more than 10,000 classes: each needs a fit."""
    if k > MOST_PROBLEMS:
        raise InvalidArgument(
            f"{k:,} classes would need a fit each, and at most {MOST_PROBLEMS:,} are made. Use temperature "
            "scaling, or the mode 'top-label' of the methods that have it."
        )


def problem_classes(k: int) -> range:
    """Return the classes that have a problem of their own: all k, or class 1 alone of two.

    Raises
    ------
    InvalidArgument
        As `check_few_problems`.

    Examples
    --------
    >>> list(problem_classes(2)), list(problem_classes(3))
    ([1], [0, 1, 2])
    """
    check_few_problems(k)
    return range(1, 2) if k == 2 else range(k)


def class_columns(scores: Floats) -> Floats:
    """Return a copy of (n, k) scores class after class, (k, n); of two classes only class 1, (1, n)."""
    chosen = scores[:, 1:] if scores.shape[1] == 2 else scores
    columns = np.empty(chosen.shape[::-1], chosen.dtype)
    for start in range(0, len(chosen), _TRANSPOSED):
        columns[:, start : start + _TRANSPOSED] = chosen[start : start + _TRANSPOSED].T
    return columns


@dataclass(frozen=True, eq=False)
class ScoredProblems:
    """Problems that share their rows.

    Attributes
    ----------
    scores : float64 array, (c, n)
        The scores of each of c problems.
    labels : int64 array, (n,)
        What is true of each row.
    classes : sequence of int
        The label that is positive in each problem.
    weight : float64 array, (n,), optional
        Weight of each row.
    """

    scores: Floats
    labels: Integers
    classes: Sequence[int]
    weight: Floats | None

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.labels)

    def problem(self, index: int) -> BinaryProblem:
        """Return one of the problems."""
        return BinaryProblem(self.scores[index], self.labels == self.classes[index], self.weight)


def class_problems(
    rows: Predictions, engine: Engine, *, scores: Callable[[Predictions], Floats]
) -> ScoredProblems:
    """Return the problem of each class, or of class 1 where there are two, for scores (n, k) of the rows."""
    columns = class_columns(scores(rows))
    return ScoredProblems(columns, rows.labels, problem_classes(rows.k), rows.sample_weight)


def check_problem_count(problems: int, k: int) -> None:
    """Raise `IncompatiblePredictions` unless k classes make that many problems."""
    check_class_count(2 if problems == 1 else problems, k)


def whole_rows(columns: Floats, otherwise: Floats) -> Floats:
    """Return (n, k) rows from the classes' probabilities; rows whose sum is 0 are taken from `otherwise`.

    Examples
    --------
    >>> whole_rows(np.array([[0.2], [0.2], [0.4]]), np.eye(3)[:1]).tolist()
    [[0.25, 0.25, 0.5]]
    """
    if len(columns) == 1:
        return np.stack((1 - columns[0], columns[0]), axis=1)
    total = columns.sum(axis=0)
    rows = otherwise.copy()
    np.divide(columns.T, total[:, None], out=rows, where=(total > 0)[:, None])
    return rows
