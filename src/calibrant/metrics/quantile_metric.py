"""Metrics over bins that end at quantiles: rows at once are sorted, rows in parts are gone over a few times.

What is made of the bins is each metric's own business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.metrics.bins import BinState, bin_by_edges, equal_mass_edges
from calibrant.metrics.metric import Measurement, stamp
from calibrant.metrics.quantiles import equal_mass_ends, look_at
from calibrant.metrics.rows import Measurable, Rows, as_rows
from calibrant.metrics.views import View, weightless
from calibrant.predictions import Predictions, Table


@dataclass(frozen=True, eq=False, slots=True)
class EqualMassBins:
    """The equal-mass bins of one view of the rows.

    Attributes
    ----------
    state : BinState, optional
        Sums in the bins; None where no value lies above the threshold.
    share : float
        Weight of what was binned, in that of all rows.
    """

    state: BinState | None
    share: float


class QuantileMetric(ABC):
    """A metric over bins (lo, hi] that end at order statistics, equal ones merged.

    Attributes
    ----------
    name : str
        The metric's name in results.
    best : float
        The value of a perfect predictor.
    bins : int
        Most bins a view.
    threshold : float or None
        What a value must be above to be binned.
    """

    name: str
    best: float
    bins: int
    threshold: float | None

    def __call__(self, predictions: Measurable, *, engine: Engine | None = None) -> Measurement:
        """Measure all rows at once.

        Raises
        ------
        EmptyPredictions
            All rows weigh 0.
        """
        rows = as_rows(predictions, engine)
        if rows.weight.size > 0 and not rows.weight.any():
            raise weightless(self.name)
        return stamp(self._finalise([self._binned(view) for view in self._views(rows)], rows.n), rows)

    def over(self, table: Table) -> Measurement:
        """Measure rows in parts: passes that find the ends of the bins, then one that counts.

        Raises
        ------
        EmptyPredictions
            All rows weigh 0.
        """
        if len(table.parts) == 1:
            return next(table.each(self._whole))
        parts = table.derived(self._columns)
        counts = parts.each(_counts)
        n, total, columns = next(counts)
        for count, weight, _ in counts:
            n, total = n + count, total + weight
        if total == 0:
            raise weightless(self.name)
        look = look_at(parts, _column, columns)
        ends = equal_mass_ends(parts, _column, look, [self.bins] * columns)
        edges = [np.concatenate(([0.0], each)) for each in ends]
        sums = parts.total(partial(_sums, edges=edges))
        states = np.split(sums, np.cumsum([len(each) - 1 for each in edges])[:-1])
        return self._finalise(
            [
                EqualMassBins(BinState(n, state[None]) if len(state) else None, float(weight / total))
                for state, weight in zip(states, look.weight, strict=True)
            ],
            n,
        )

    def _whole(self, rows: Predictions, engine: Engine) -> Measurement:
        return self(Rows(rows, engine))

    def _columns(self, rows: Predictions, engine: Engine) -> _Columns:
        views = tuple(self._views(Rows(rows, engine)))
        return _Columns(rows.n, views[0].total, tuple(self._above(view) for view in views))

    def _binned(self, view: View) -> EqualMassBins:
        above = self._above(view)
        if above.total == 0:
            return EqualMassBins(None, 0.0)
        edges = equal_mass_edges(above.values, above.weight, self.bins)
        state = bin_by_edges(above.values, above.correct, above.weight, edges)
        return EqualMassBins(state, above.total / view.total)

    def _above(self, view: View) -> View:
        return view if self.threshold is None else view.take(view.values > self.threshold)

    @abstractmethod
    def _views(self, rows: Rows) -> Iterator[View]:
        """Yield what is binned, of rows that may all weigh 0."""

    @abstractmethod
    def _finalise(self, views: Sequence[EqualMassBins], n: int) -> Measurement:
        """Return the value of the bins of n rows."""


@dataclass(frozen=True, eq=False, slots=True)
class _Columns:
    """What is binned of a part, with its rows and the weight of all of them."""

    n: int
    total: float
    views: tuple[View, ...]


def _counts(part: _Columns, engine: Engine) -> tuple[int, float, int]:
    return part.n, part.total, len(part.views)


def _column(part: _Columns, index: int) -> tuple[Floats, Floats]:
    return part.views[index].values, part.views[index].weight


def _sums(part: _Columns, engine: Engine, *, edges: Sequence[Floats]) -> Floats:
    """Return the sums of every bin, those of one view after the other, (bins, 4)."""
    states = [
        bin_by_edges(view.values, view.correct, view.weight, each).sums[0]
        for view, each in zip(part.views, edges, strict=True)
        if len(each) > 1
    ]
    return np.concatenate(states) if states else np.empty((0, 4))
