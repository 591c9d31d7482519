"""What a report needs of rows in parts: sums of a size that does not depend on the rows, one side at a time.

They are gathered here and turned into parts of the model; nothing of a single row stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from calibrant._typing import Floats
from calibrant.analysis import Evaluation, evaluate
from calibrant.analysis.calibration_test import calibration_test_of_cells
from calibrant.analysis.consistency import band_of_cells
from calibrant.analysis.first_look import FirstLook, ViewSums, first_look
from calibrant.analysis.intervals import LEVEL
from calibrant.analysis.reliability import convention_of_bins, table_of_bins
from calibrant.engine import Engine
from calibrant.metrics import Rows
from calibrant.metrics.bins import equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS
from calibrant.predictions import Predictions, Table
from calibrant.report.build.class_sums import ClassSums
from calibrant.report.build.deciding import thresholded
from calibrant.report.build.diagrams import diagram
from calibrant.report.build.testing import BY_BINS, told
from calibrant.report.model import CalibrationTest, Diagram


@dataclass(frozen=True, eq=False, slots=True)
class PartSums:
    """Sums over rows.

    Attributes
    ----------
    look : FirstLook
        Bins and cells of the top label and, of two classes, of the positive one.
    classes : ClassSums
        Every class against the rest.
    decided : float64 array, (2, 101)
        Weight, and weight of the right rows, at or above each threshold.
    acted : float64 array, (2, 101), or None
        The same of the positive class.
    """

    look: FirstLook
    classes: ClassSums
    decided: Floats
    acted: Floats | None

    def merge(self, other: PartSums) -> PartSums:
        """Return the sums of both sets of rows."""
        return PartSums(
            self.look.merge(other.look),
            self.classes.merge(other.classes),
            self.decided + other.decided,
            None if self.acted is None or other.acted is None else self.acted + other.acted,
        )


@dataclass(frozen=True, eq=False, slots=True)
class SummedSide:
    """One set of probabilities of rows in parts: its metrics and its sums."""

    evaluation: Evaluation
    sums: PartSums
    seed: int

    @classmethod
    def of(cls, table: Table, seed: int) -> SummedSide:
        """Go over the rows, as often as their metrics need and once more."""
        return cls(evaluate(table, seed=seed), table.merged(partial(_sums, k=table.k)), seed)

    def diagram(self, class_index: int | None) -> Diagram:
        """Return the reliability of the top label, or of the positive class."""
        view = self._view(class_index)
        convention = convention_of_bins(self.sums.look.n, class_index, "equal-width", DEFAULT_BINS)
        table = table_of_bins(view.bins, equal_width_edges(DEFAULT_BINS), LEVEL, convention)
        weighted = self.sums.look.weighted
        return diagram(table, band_of_cells(table, view.cells, weighted=weighted, seed=self.seed))

    def tested(self, title: str, when: str, class_index: int | None) -> Iterator[CalibrationTest]:
        """Yield the test by bins, where it has a p-value."""
        weighted = self.sums.look.weighted
        cells = self._view(class_index).cells
        found = calibration_test_of_cells(cells, weighted=weighted, seed=self.seed)
        test = told(found, f"{title}, {BY_BINS}", when)
        if test is not None:
            yield test

    def _view(self, class_index: int | None) -> ViewSums:
        view = self.sums.look.top if class_index is None else self.sums.look.positive
        assert view is not None
        return view


@dataclass(frozen=True, eq=False, slots=True)
class SummedSides:
    """Rows in parts before and, where there is a calibrator, after it."""

    before: SummedSide
    after: SummedSide | None

    @property
    def named(self) -> tuple[tuple[str, SummedSide], ...]:
        """What there is, with its name."""
        before = ("before", self.before)
        return (before,) if self.after is None else (before, ("after", self.after))


def _sums(rows: Predictions, engine: Engine, *, k: int) -> PartSums:
    here = Rows(rows, engine)
    return PartSums(
        first_look(here, k=k, bins=DEFAULT_BINS),
        ClassSums.of(here),
        thresholded(here, None),
        thresholded(here, 1) if k == 2 else None,
    )
