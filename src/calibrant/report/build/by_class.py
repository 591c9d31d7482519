"""Every class against the rest, the worst first, from the sums of one pass over the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats, Integers
from calibrant.analysis.intervals import LEVEL
from calibrant.analysis.reliability import convention_of_bins, table_of_bins
from calibrant.metrics.bins import BinState, bin_classes, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.metrics.gaps import calibration_error
from calibrant.metrics.soft_labels import stamped
from calibrant.predictions import Predictions
from calibrant.report.build.diagrams import diagram
from calibrant.report.build.measured import BeforeAfter, Measured
from calibrant.report.model import ClassRow, Diagram

DRAWN = 12
"""So many of the worst classes have diagrams."""


@dataclass(frozen=True, eq=False)
class _Classes:
    """The sums of every class over the rows of one side."""

    side: Measured
    state: BinState

    @classmethod
    def of(cls, side: Measured) -> _Classes:
        return cls(side, bin_classes(side.rows, equal_width_edges(DEFAULT_BINS)))

    @property
    def ece(self) -> Floats:
        return calibration_error(self.state, "l1")

    def diagram(self, index: int) -> Diagram:
        rows = self.side.rows
        convention = stamped(convention_of_bins(rows.n, index, "equal-width", DEFAULT_BINS), rows)
        one = BinState(self.state.n, self.state.sums[index : index + 1])
        return diagram(table_of_bins(one, equal_width_edges(DEFAULT_BINS), LEVEL, convention))


def class_rows(rows: BeforeAfter) -> tuple[ClassRow, ...]:
    """Return a row a class, the largest one-class ECE first; none for rows of the top label alone."""
    if not rows.before.has_all_classes:
        return ()
    before = _Classes.of(rows.before)
    after = None if rows.after is None else _Classes.of(rows.after)
    worst_first = np.argsort(-(before if after is None else after).ece, kind="stable").tolist()
    predictions = rows.before.rows.predictions
    weight, probability, frequency = (before.state.sums[:, :, column].sum(axis=1) for column in (1, 2, 3))
    counts, recalled = _rows_of_classes(rows.before), _recalled(rows.before)
    return tuple(
        ClassRow(
            name=predictions.class_name(index),
            n=int(counts[index]),
            frequency=min(float(frequency[index] / weight[index]), 1.0),
            mean_probability=float(probability[index] / weight[index]),
            recall=min(float(recalled[index] / frequency[index]), 1.0) if frequency[index] > 0 else None,
            ece_before=float(before.ece[index]),
            ece_after=None if after is None else float(after.ece[index]),
            before=before.diagram(index) if place < DRAWN else None,
            after=after.diagram(index) if after is not None and place < DRAWN else None,
        )
        for place, index in enumerate(worst_first)
    )


def _rows_of_classes(side: Measured) -> Integers:
    """Return the rows of each class; of soft labels, those of which an annotator chose it."""
    predictions = side.rows.predictions
    if isinstance(predictions, Predictions):
        return np.bincount(predictions.labels, minlength=predictions.k)
    return np.count_nonzero(predictions.counts, axis=0)


def _recalled(side: Measured) -> Floats:
    """Return the weight of the rows of each class whose top label it is."""
    summary, weight = side.rows.summary, side.rows.weight
    right = summary.correct * weight if weight.size else summary.correct
    return np.bincount(summary.prediction, right, side.rows.predictions.k).astype(np.float64)
