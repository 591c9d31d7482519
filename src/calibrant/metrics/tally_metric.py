"""Metrics of the counts at each distinct probability, which are pooled over parts.

What is made of the counts is each metric's own business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from calibrant.engine import Engine
from calibrant.metrics.binary_view import Tally
from calibrant.metrics.convention import Notion
from calibrant.metrics.metric import Measurement, stamp
from calibrant.metrics.pooled import pooled
from calibrant.metrics.rows import Measurable, Rows, as_rows
from calibrant.metrics.views import views, views_of_part, weightless
from calibrant.predictions import Predictions, Table


class TallyMetric(ABC):
    """A metric whose memory over parts grows with the distinct probabilities, not with the rows.

    Attributes
    ----------
    name : str
        The metric's name in results.
    best : float
        The value of a perfect predictor.
    notion, class_index
        Whose probability it is about.
    """

    name: str
    best: float
    notion: Notion
    class_index: int | None

    def __call__(self, predictions: Measurable, *, engine: Engine | None = None) -> Measurement:
        """Measure all rows at once.

        Raises
        ------
        EmptyPredictions
            All rows weigh 0.
        """
        rows = as_rows(predictions, engine)
        tallies = [view.tally() for view in views(rows, self.notion, self.class_index, name=self.name)]
        return stamp(self._finalise(tallies, rows.n), rows)

    def over(self, table: Table) -> Measurement:
        """Measure rows in parts, in one pass.

        Raises
        ------
        EmptyPredictions
            All rows weigh 0.
        IncompatiblePredictions
            There are more than 2²⁵ distinct probabilities, those of all classes together.
        """
        lengths: list[int] = []

        def counted(part: tuple[int, tuple[Tally, ...]]) -> tuple[Tally, ...]:
            lengths.append(part[0])
            return part[1]

        tallies = pooled(map(counted, table.each(self._part)), Tally.merged, what=self.name)
        if not all(len(each) for each in tallies):
            raise weightless(self.name)
        return self._finalise(tallies, sum(lengths))

    def _part(self, rows: Predictions, engine: Engine) -> tuple[int, tuple[Tally, ...]]:
        seen = views_of_part(Rows(rows, engine), self.notion, self.class_index)
        return rows.n, tuple(view.tally() for view in seen)

    @abstractmethod
    def _finalise(self, tallies: Sequence[Tally], n: int) -> Measurement:
        """Return the value of the counts of every view of n rows."""
