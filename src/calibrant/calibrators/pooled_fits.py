"""Fits to counts per distinct score, one for each problem; the counts of parts are pooled.

Rows that are not in memory are read once for as many problems as there is room for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np

from calibrant._typing import Floats
from calibrant.calibrators.binary_problem import Problems
from calibrant.calibrators.class_by_class import class_by_class
from calibrant.calibrators.tally import ScoreTally
from calibrant.engine import Engine
from calibrant.metrics.pooled import MOST_VALUES, pooled
from calibrant.predictions import Derived

_IN_MEMORY = 2**22

R = TypeVar("R")


def fit_pooled(
    problems: Derived[Problems], count: int, fit: Callable[[ScoreTally, int], R], *, method: str
) -> tuple[R, ...]:
    """Return what `fit` makes of the tally of each problem and its number.

    Parameters
    ----------
    problems : Derived of Problems
        Those of every part.
    count : int
        How many there are.
    fit : callable
        What is fitted.
    method : str
        Whose fit it is, for errors.

    Raises
    ------
    IncompatiblePredictions
        Rows in parts with more than 2²⁵ distinct scores.
    """
    rows = int(problems.total(_rows)[0])
    together = max(1, (_IN_MEMORY if problems.in_memory else MOST_VALUES) // rows)
    results: list[R] = []
    for first in range(0, count, together):
        group = range(first, min(first + together, count))
        results += _fit_group(problems, group, fit, rows, method)
    return tuple(results)


def _fit_group(
    problems: Derived[Problems], group: range, fit: Callable[[ScoreTally, int], R], rows: int, method: str
) -> tuple[R, ...]:
    tallies = pooled(
        problems.each(partial(_tallies, group=group)), ScoreTally.merged, what=method, most=MOST_VALUES
    )
    return class_by_class(lambda index: fit(tallies[index - group[0]], index), group, rows, problems.engine)


def _rows(problems: Problems, engine: Engine) -> Floats:
    return np.array([problems.n], np.float64)


def _tallies(problems: Problems, engine: Engine, *, group: range) -> tuple[ScoreTally, ...]:
    return class_by_class(lambda index: problems.problem(index).tally(), group, problems.n, engine)
