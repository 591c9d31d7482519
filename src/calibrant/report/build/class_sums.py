"""What the table of classes needs of rows: sums that merge over parts, from one pass over the scores."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.analysis.intervals import LEVEL
from calibrant.analysis.reliability import convention_of_bins, table_of_bins
from calibrant.metrics import Rows
from calibrant.metrics.bins import BinState, bin_classes, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Convention
from calibrant.metrics.gaps import calibration_error
from calibrant.metrics.soft_labels import stamped
from calibrant.predictions import Predictions
from calibrant.report.build.diagrams import diagram
from calibrant.report.model import Diagram


@dataclass(frozen=True, eq=False, slots=True)
class ClassSums:
    """Sums over the rows, class by class.

    Attributes
    ----------
    state : BinState
        Of every class's probability against the rest.
    rows : int64 array, (k,)
        Rows of each class; of soft labels, those of which an annotator chose it.
    recalled : float64 array, (k,)
        Weight of the rows of each class whose top label it is.
    convention : Convention
        Of the bins of class 0.
    """

    state: BinState
    rows: Integers
    recalled: Floats
    convention: Convention

    @classmethod
    def of(cls, rows: Rows) -> ClassSums:
        """Go over rows once."""
        state = bin_classes(rows, equal_width_edges(DEFAULT_BINS))
        predictions, summary, weight = rows.predictions, rows.summary, rows.weight
        if isinstance(predictions, Predictions):
            counts = np.bincount(predictions.labels, minlength=predictions.k)
        else:
            counts = np.count_nonzero(predictions.counts, axis=0)
        right = summary.correct * weight if weight.size else summary.correct
        recalled = np.bincount(summary.prediction, right, predictions.k).astype(np.float64)
        convention = stamped(convention_of_bins(rows.n, 0, "equal-width", DEFAULT_BINS), rows)
        return cls(state, counts, recalled, convention)

    def merge(self, other: ClassSums) -> ClassSums:
        """Return the sums of both sets of rows."""
        return replace(
            self,
            state=self.state.merge(other.state),
            rows=self.rows + other.rows,
            recalled=self.recalled + other.recalled,
        )

    @property
    def ece(self) -> Floats:
        """One-class ECE of each class, (k,)."""
        return calibration_error(self.state, "l1")

    def diagram(self, index: int) -> Diagram:
        """Return the reliability of one class."""
        convention = replace(self.convention, n=self.state.n, class_index=index)
        one = BinState(self.state.n, self.state.sums[index : index + 1])
        return diagram(table_of_bins(one, equal_width_edges(DEFAULT_BINS), LEVEL, convention))
