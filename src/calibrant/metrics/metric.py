"""What a metric is: for sums, a small state that merges; for the rest, a function of all rows at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Generic, Protocol, Self, TypeVar

import numpy as np

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.errors import EmptyPredictions
from calibrant.metrics.convention import Convention
from calibrant.metrics.rows import Measurable, Rows, as_rows
from calibrant.metrics.soft_labels import stamped
from calibrant.predictions import Predictions, Table


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value, fraction or nats, with the convention it was computed under."""

    name: str
    value: float
    convention: Convention


class State(Protocol):
    """What is left of rows after accumulating them."""

    @property
    def n(self) -> int:
        """Rows accumulated."""
        ...

    @property
    def weight(self) -> float | Floats:
        """Their weight, whole or by bin."""
        ...

    def merge(self, other: Self) -> Self:
        """Return the state of both sets of rows."""
        ...


S = TypeVar("S", bound=State)


class MergeableMetric(ABC, Generic[S]):
    """A metric computed in parts: accumulate each part, merge the states in any order, finalise once.

    Attributes
    ----------
    name : str
        The metric's name in results.
    best : float
        The value of a perfect predictor.
    """

    name: str
    best: float

    def __call__(self, predictions: Measurable, *, engine: Engine | None = None) -> Measurement:
        """Measure all rows at once."""
        rows = as_rows(predictions, engine)
        return stamp(self.finalise(self.accumulate(rows)), rows)

    def over(self, table: Table) -> Measurement:
        """Measure rows in parts: the states of the parts are merged in their order."""
        return self.finalise(table.merged(self._part))

    def _part(self, rows: Predictions, engine: Engine) -> S:
        return self.accumulate(Rows(rows, engine))

    def finalise(self, state: S) -> Measurement:
        """Return the value of a state.

        Raises
        ------
        EmptyPredictions
            The state has no rows, or none with a weight above 0.
        """
        if state.n == 0 or not np.any(state.weight):
            raise EmptyPredictions(
                f"{self.name} of no rows, or of no weight, is undefined: accumulate some first."
            )
        return self._finalise(state)

    @property
    @abstractmethod
    def empty(self) -> S:
        """The state of no rows, which changes nothing when merged."""

    @abstractmethod
    def accumulate(self, rows: Rows) -> S:
        """Return the state of these rows."""

    @abstractmethod
    def _finalise(self, state: S) -> Measurement:
        """Return the value of a state that has rows."""


class WholeMetric(ABC):
    """A metric that needs all rows at once, and so cannot be measured over parts."""

    name: str
    best: float

    def __call__(self, predictions: Measurable, *, engine: Engine | None = None) -> Measurement:
        """Measure all rows at once.

        Raises
        ------
        EmptyPredictions
            All rows weigh 0.
        """
        rows = as_rows(predictions, engine)
        return stamp(self._measure(rows), rows)

    @abstractmethod
    def _measure(self, rows: Rows) -> Measurement:
        """Return the value of these rows."""


def stamp(measurement: Measurement, rows: Rows) -> Measurement:
    """Return a measurement whose convention says so where the rows have soft labels."""
    return replace(measurement, convention=stamped(measurement.convention, rows))
