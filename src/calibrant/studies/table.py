"""The table of a study: a row for each point of its grid, mean and spread over seeds; as text, JSON and CSV.

Nothing is measured here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from statistics import fmean, stdev
from typing import Any

from calibrant.analysis.table import plain_table
from calibrant.recipes.results import Spread
from calibrant.studies.grid import PlannedRun, Point
from calibrant.studies.record import Measured
from calibrant.studies.study import Value


@dataclass(frozen=True)
class Column:
    """One result of a table.

    Attributes
    ----------
    name : str
        In JSON and CSV.
    title : str
        Where a person reads it; empty for a column that only JSON and CSV have.
    decimals : int
        Digits shown after the point.
    """

    name: str
    title: str
    decimals: int = 4


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes
    ----------
    point : Point
        Of the grid.
    part : str
        Which of the rows of that point; "" where it has one.
    seeds : int
        Runs that `results` are of.
    results : dict of str to Spread
        By column.
    """

    point: Point
    part: str
    seeds: int
    results: dict[str, Spread]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    value_title, part_title : str or None
        What the value of a point and a part are called; None where the study has none.
    columns : tuple of Column
        In order.
    rows : tuple of Row
        In the order of the grid.
    notes : tuple of str
        What a reader must know.
    """

    value_title: str | None
    part_title: str | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return titles, columns, rows and notes as plain values."""
        return {
            "value_title": self.value_title,
            "part_title": self.part_title,
            "columns": [asdict(column) for column in self.columns],
            "rows": [
                {
                    "series": row.point.series,
                    "value": row.point.value,
                    "part": row.part,
                    "seeds": row.seeds,
                    "results": {name: asdict(spread) for name, spread in row.results.items()},
                }
                for row in self.rows
            ],
            "notes": list(self.notes),
        }

    def to_csv(self) -> str:
        """Return the rows as CSV: mean and spread of every column, at full precision."""
        buffer = StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        named = [f"{column.name}{suffix}" for column in self.columns for suffix in ("", "_spread")]
        writer.writerow([*self._keys("series", "value", "part"), "seeds", *named])
        for row in self.rows:
            spreads = [row.results.get(column.name) for column in self.columns]
            cells = [
                cell for each in spreads for cell in (("", "") if each is None else (each.mean, each.spread))
            ]
            names = self._keys(row.point.series, plain(row.point.value), row.part)
            writer.writerow([*names, row.seeds, *("" if cell is None else cell for cell in cells)])
        return buffer.getvalue()

    def __str__(self) -> str:
        shown = [column for column in self.columns if column.title]
        header = [*self._keys("", self.value_title or "", self.part_title or ""), "seeds"]
        rows = [
            [
                *self._keys(row.point.series, plain(row.point.value), row.part),
                str(row.seeds),
                *(cell(row, column) for column in shown),
            ]
            for row in self.rows
        ]
        lines = [plain_table([*header, *(column.title for column in shown)], rows)]
        return "\n".join([*lines, *self.notes])

    def _keys(self, series: str, value: str, part: str) -> list[str]:
        keys = [series]
        if self.value_title is not None:
            keys.append(value)
        if self.part_title is not None:
            keys.append(part)
        return keys


def cell(row: Row, column: Column) -> str:
    """Return one cell as people read it: mean ± standard deviation over seeds."""
    spread = row.results.get(column.name)
    if spread is None:
        return "–"
    mean = f"{spread.mean:.{column.decimals}f}"
    return mean if spread.spread is None else f"{mean} ± {spread.spread:.{column.decimals}f}"


def plain(value: Value | None) -> str:
    """Return the value of a setting as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def table_of(
    finished: Sequence[tuple[PlannedRun, Measured]],
    columns: Sequence[Column],
    *,
    value_title: str | None,
    part_title: str | None,
) -> Table:
    """Put together what runs came to.

    Parameters
    ----------
    finished : sequence of (PlannedRun, Measured)
        In the order of the grid.
    columns : sequence of Column
        Results to show.
    value_title, part_title : str or None
        What the value of a point and a part are called.
    """
    by_point: dict[Point, list[Measured]] = {}
    for run, measured in finished:
        by_point.setdefault(run.point, []).append(measured)
    rows = tuple(row for point, group in by_point.items() for row in _rows(point, group, columns))
    notes = dict.fromkeys(note for _, measured in finished for note in measured.notes)
    return Table(value_title, part_title, tuple(columns), rows, tuple(notes))


def _rows(point: Point, group: Sequence[Measured], columns: Sequence[Column]) -> Iterator[Row]:
    for part in dict.fromkeys(part for measured in group for part in measured.parts):
        found = [measured.parts[part] for measured in group if part in measured.parts]
        yield Row(point, part, len(found), dict(_spreads(found, columns)))


def _spreads(found: Sequence[Mapping[str, float]], columns: Sequence[Column]) -> Iterator[tuple[str, Spread]]:
    for column in columns:
        values = [results[column.name] for results in found if column.name in results]
        if values:
            yield column.name, Spread(fmean(values), stdev(values) if len(values) > 1 else None)
