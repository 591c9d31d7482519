"""What every ending has: a measure of one run, the columns of the table, and a figure of the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matplotlib.figure import Figure

from calibrant.studies.grid import PlannedRun, Point
from calibrant.studies.record import Measured
from calibrant.studies.study import Study
from calibrant.studies.table import Column, Row, Table

if TYPE_CHECKING:
    from calibrant.recipes.runner import Run


@dataclass(frozen=True)
class Finished:
    """The finished runs of a study.

    Attributes
    ----------
    study : Study
        Which.
    table : Table
        What they came to.
    runs : tuple of (PlannedRun, Path)
        In the order of the grid, with their folders.
    """

    study: Study
    table: Table
    runs: tuple[tuple[PlannedRun, Path], ...]

    def series(self) -> dict[str, list[Row]]:
        """Return the rows of the table by series, in the order of the grid."""
        found: dict[str, list[Row]] = {}
        for row in self.table.rows:
            found.setdefault(row.point.series, []).append(row)
        return found

    def points(self) -> dict[Point, list[tuple[PlannedRun, Path]]]:
        """Return the runs by point of the grid, one for each seed."""
        found: dict[Point, list[tuple[PlannedRun, Path]]] = {}
        for run, folder in self.runs:
            found.setdefault(run.point, []).append((run, folder))
        return found


@dataclass(frozen=True)
class Ending:
    """One way for a study to end.

    Attributes
    ----------
    measure : callable
        From a run to its results, in the process that made it.
    columns : tuple of Column
        Of the table.
    draw : callable
        From all runs to the figure.
    part_title : str or None
        What the several rows of a point are called; None where it has one.
    text : callable
        How the table is shown to people.
    scored : {"test", "validation"}
        The images that the results are of.
    """

    measure: Callable[[Run], Measured]
    columns: tuple[Column, ...]
    draw: Callable[[Finished], Figure]
    part_title: str | None = None
    text: Callable[[Table], str] = str
    scored: Literal["test", "validation"] = "test"
