"""One score and one yes or no for each row: what binning and isotonic calibrators are fitted to.

Where it comes from, a class against the rest or the top label, is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from calibrant._typing import Booleans, Floats
from calibrant.calibrators.tally import ScoreTally


@dataclass(frozen=True, eq=False)
class BinaryProblem:
    """Scores in 0..1 that should be the frequency of `positive`.

    Attributes
    ----------
    scores : float64 array, (n,)
        Probabilities that the rows are positive.
    positive : bool array, (n,)
        Whether they are.
    weight : float64 array, (n,), optional
        Weight of each row.
    """

    scores: Floats
    positive: Booleans
    weight: Floats | None

    def tally(self) -> ScoreTally:
        """Return the counts per distinct score."""
        return ScoreTally.of(self.scores, self.positive, self.weight)


class Problems(Protocol):
    """The binary problems in the rows of a part."""

    @property
    def n(self) -> int:
        """Number of rows."""
        ...

    def problem(self, index: int) -> BinaryProblem:
        """Return one of the problems."""
        ...
