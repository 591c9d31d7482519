"""Every calibrator on every network (Guo et al. 2017, Table 1): fitted on validation, scored on test rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from calibrant.analysis import compare
from calibrant.analysis.table import plain_table
from calibrant.plots.dots import Dots, DotsPanel, dots_figure
from calibrant.plots.error_bars import Estimate
from calibrant.plots.style import BLUE
from calibrant.studies.endings.ending import Ending, Finished
from calibrant.studies.endings.factor import estimate
from calibrant.studies.record import Measured
from calibrant.studies.table import Column, Row, Table, cell

if TYPE_CHECKING:
    from calibrant.recipes.runner import Run

_COLUMNS = (
    Column("ece", "ECE"),
    Column("nll", "log-loss"),
    Column("brier", "Brier"),
    Column("classwise_ece", ""),
    Column("error", "error"),
    Column("fit_seconds", ""),
)
_SHOWN = ("ece", "nll", "brier")


def _measure(run: Run) -> Measured:
    comparison = compare(run.predictions.validation, run.predictions.test)
    parts = {
        score.method: {
            "ece": score.ece,
            "nll": score.nll,
            "brier": score.brier,
            "classwise_ece": score.classwise_ece,
            "error": 1.0 - score.accuracy,
            "fit_seconds": score.fit_seconds,
        }
        for score in sorted(comparison.scores, key=lambda score: score.method)
    }
    # What the network says as it is comes first.
    parts = {"identity": parts["identity"], **parts}
    return Measured(
        parts, tuple(f"{run.name}: {method} refused: {why}" for method, why in comparison.refused.items())
    )


def _draw(finished: Finished) -> Figure:
    series = finished.series()
    methods = tuple(dict.fromkeys(row.part for rows in series.values() for row in rows))
    panels = [
        DotsPanel(f"{title}, {name}", (Dots(None, BLUE, "o", _estimates(rows, methods, key)),))
        for key, title in (("ece", "ECE"), ("nll", "Log-loss (nats)"))
        for name, rows in series.items()
    ]
    return dots_figure(methods, panels, columns=len(series), reference="identity")


def _estimates(rows: list[Row], methods: tuple[str, ...], key: str) -> tuple[Estimate | None, ...]:
    found = {row.part: estimate(row.results[key]) for row in rows}
    return tuple(found.get(method) for method in methods)


def _text(table: Table) -> str:
    return "\n\n".join([*_blocks(table), *table.notes])


def _blocks(table: Table) -> Iterator[str]:
    networks = list(dict.fromkeys(row.point.series for row in table.rows))
    methods = list(dict.fromkeys(row.part for row in table.rows))
    found = {(row.point.series, row.part): row for row in table.rows}
    for column in table.columns:
        if column.name in _SHOWN:
            rows = [
                [method, *(_cell(found.get((network, method)), column) for network in networks)]
                for method in methods
            ]
            yield plain_table([column.title, *networks], rows)


def _cell(row: Row | None, column: Column) -> str:
    return "–" if row is None else cell(row, column)


CALIBRATORS = Ending(measure=_measure, columns=_COLUMNS, draw=_draw, part_title="method", text=_text)
