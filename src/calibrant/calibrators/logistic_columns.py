"""The columns of one logistic regression a class, made of rows, and what a first look at them says.

What is fitted to them is the business of `logistic`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.calibrators.log_odds import LogOdds
from calibrant.calibrators.logistic_loss import LogisticRows
from calibrant.engine import Engine
from calibrant.kernels.layout import weight_for_kernels

Features = Callable[[Floats, int], Floats]
"""`features(log_odds, problem)`: (n,) to (n, m), for the class in place `problem`; the last column is 1.

A function of a module, or `functools.partial` of one, so that it reaches other processes."""

LOOK_HEAD = 3
"""Weight, weight of the positive rows, squares of the summed slopes' columns; then the squares of all m."""


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """The columns of one class.

    Attributes
    ----------
    whole : float64 array, (n, m)
        As the features are.
    moved : float64 array, (n, m)
        Measured from the row whose classes are all alike.
    positive : bool array, (n,)
        Whether the class is the label.
    weight : float64 array, (n,) or (0,)
        Weight of each row; empty for 1.
    """

    whole: Floats
    moved: Floats
    positive: Booleans
    weight: Floats

    def look(self) -> Floats:
        """Return the sums of `LOOK_HEAD`, and those of the squares of the moved columns."""
        weight = self._weights()
        spread = (self.moved[:, :-1].sum(axis=1) ** 2 * weight).sum()
        head = [weight.sum(), weight[self.positive].sum(), spread]
        return np.concatenate((head, _squares(self.moved, weight)))

    def whole_squares(self) -> Floats:
        """Return the sums of the squares of the columns as they are."""
        return _squares(self.whole, self._weights())

    def aimed(self, aims: tuple[float, float]) -> LogisticRows:
        """Return the rows of the loss, given what positive rows and the others aim at."""
        return LogisticRows(self.moved, np.where(self.positive, *aims), self.weight)

    def _weights(self) -> Floats:
        return self.weight if self.weight.size else np.ones(len(self.positive))


def alike(k: int) -> float:
    """Return the log-odds of a class in a row whose k classes have equal probability."""
    return -math.log(k - 1)


def origin_of(features: Features, problem: int, k: int) -> Floats:
    """Return where the columns of a class are measured from, (m,); the intercept's is not moved."""
    return np.append(features(np.array([alike(k)]), problem)[0][:-1], 0.0)


def columns_of(
    log_odds: LogOdds, engine: Engine, *, problems: Sequence[int], features: Features
) -> tuple[Columns, ...]:
    """Return the columns of the classes in the given places."""
    rows = log_odds.rows
    weight = weight_for_kernels(rows.sample_weight)
    columns = []
    for problem in problems:
        label = log_odds.classes[problem]
        whole = features(log_odds.of(label), problem)
        moved = whole - origin_of(features, problem, rows.k)
        columns.append(Columns(whole, moved, rows.labels == label, weight))
    return tuple(columns)


def looks(columns: Sequence[Columns], engine: Engine) -> Floats:
    """Return the look at the columns of every class, (classes, 3 + m)."""
    return np.stack([one.look() for one in columns])


def whole_squares(columns: Sequence[Columns], engine: Engine) -> Floats:
    """Return the squares of the columns of every class as they are, (classes, m)."""
    return np.stack([one.whole_squares() for one in columns])


def aimed(
    columns: Sequence[Columns], engine: Engine, *, aims: Sequence[tuple[float, float]]
) -> tuple[LogisticRows, ...]:
    """Return the rows of every class's loss."""
    return tuple(one.aimed(aim) for one, aim in zip(columns, aims, strict=True))


def _squares(columns: Floats, weight: Floats) -> Floats:
    squares: Floats = (columns**2 * weight[:, None]).sum(axis=0)
    return squares
