"""Every view of the rows that a notion of calibration asks for: a probability and an outcome a row.

The top label and one class are one view each, class-wise is one for each class. Nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats, Outcomes
from calibrant.errors import EmptyPredictions
from calibrant.metrics.binary_view import Tally, tally
from calibrant.metrics.convention import Notion
from calibrant.metrics.gaps import check_notion
from calibrant.metrics.one_class import one_class, probabilities
from calibrant.metrics.rows import Rows

_ROWS_AT_ONCE = 4096
_VALUES_AT_ONCE = 2**24


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A probability, an outcome and a weight for each of n rows.

    Attributes
    ----------
    values : float64 array, (n,)
        Probabilities.
    correct : bool array, (n,), or float64 array for soft labels
        Whether the event came true, or for which share of annotators.
    weight : float64 array, (n,)
        Weights; the empty array means 1.
    """

    values: Floats
    correct: Outcomes
    weight: Floats

    @property
    def total(self) -> float:
        """Weight of all rows."""
        return float(self.weight.sum()) if self.weight.size else float(len(self.values))

    def take(self, rows: Booleans) -> View:
        """Return the given rows."""
        weight = self.weight[rows] if self.weight.size else self.weight
        return View(self.values[rows], self.correct[rows], weight)

    def tally(self) -> Tally:
        """Return the weight and the events at each distinct probability that weighs more than 0."""
        weight = self.weight if self.weight.size else np.ones(len(self.values))
        return tally(self.values, self.correct, weight)


def views(rows: Rows, notion: Notion, class_index: int | None = None, *, name: str) -> Iterator[View]:
    """Yield the view of a notion, or one view for each class of "class-wise", in order; `name` is for errors.

    Raises
    ------
    InvalidArgument
        No such notion, or a class where none belongs, or no such class.
    EmptyPredictions
        All rows weigh 0.
    """
    check_notion(notion, class_index)
    if rows.weight.size > 0 and not rows.weight.any():
        raise weightless(name)
    yield from views_of_part(rows, notion, class_index)


def views_of_part(rows: Rows, notion: Notion, class_index: int | None = None) -> Iterator[View]:
    """Yield what `views` does of rows that may all weigh 0, since other parts may not."""
    if notion == "top-label":
        yield View(rows.summary.confidence, rows.summary.correct, rows.weight)
    elif class_index is not None:
        yield View(*one_class(rows, class_index), rows.weight)
    else:
        for index, values in enumerate(class_probabilities(rows)):
            yield View(values, rows.predictions.outcome_of(index), rows.weight)


def weightless(name: str) -> EmptyPredictions:
    """Return the error for rows that all weigh 0."""
    return EmptyPredictions(f"{name} of rows that all have weight 0 is undefined.")


def class_probabilities(rows: Rows) -> Iterator[Floats]:
    """Yield the probabilities of class 0, 1, … in all n rows, as many classes at a time as fit in 128 MB."""
    predictions = rows.predictions
    n, k = predictions.n, predictions.k
    together = max(1, _VALUES_AT_ONCE // n)
    for first in range(0, k, together):
        classes = slice(first, min(first + together, k))
        columns = np.empty((classes.stop - first, n))
        for start in range(0, n, _ROWS_AT_ONCE):
            block = slice(start, start + _ROWS_AT_ONCE)
            columns[:, block] = probabilities(rows, block)[:, classes].T
        yield from columns
