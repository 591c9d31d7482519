"""`study_report`: the report of a study, from what it left in its folder.

No run is made or measured, and nothing is drawn: the figure is the one that the study left.
"""

from __future__ import annotations

import hashlib
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from calibrant.errors import InvalidRun
from calibrant.plain import read_text
from calibrant.report.build.origin import package_versions
from calibrant.report.model import FileFacts, Listing, Provenance, StudyFigure, StudyReport, StudyRow
from calibrant.studies.headline import headline
from calibrant.studies.stored_table import (
    NAME,
    StoredRow,
    StoredSeries,
    StoredSettings,
    StoredTable,
    read_table,
)
from calibrant.studies.study import EndingName
from calibrant.studies.table import plain

_CAPTIONS: dict[EndingName, str] = {
    "factor": "Error and ECE against {value}",
    "losses": "ECE, log-loss and Brier score as trained and at the temperature",
    "diagrams": "Confidence histograms and reliability diagrams of one network of each kind",
    "calibrators": "ECE and log-loss after every calibrator, on each network",
    "overfitting": "Error, log-loss and best temperature of validation images by epoch",
}
_BARS = "Error bars and bands are one standard deviation over seeds."
_ALT = "The table has the numbers."


def study_report(folder: str | os.PathLike[str]) -> StudyReport:
    """Return the report of a study at one scale.

    Parameters
    ----------
    folder : path
        What `calibrant study` wrote: ``<study>/<scale>``, with `study.json` in it.

    Raises
    ------
    InvalidRun
        The study has no table yet, or its table is damaged.
    UnreadableFile
        Its figure cannot be read.
    """
    place = Path(folder)
    table = read_table(place)
    shown = [column for column in table.columns if column.title]
    return StudyReport(
        title=table.title,
        description=table.summary,
        source=table.source,
        scale=table.scale,
        headline=_headline(table, place),
        names=tuple(_names(table, "series", table.value_title or "", table.part_title or "")),
        columns=tuple(column.title for column in shown),
        decimals=tuple(column.decimals for column in shown),
        rows=tuple(_row(table, row, [column.name for column in shown]) for row in table.rows),
        figures=tuple(_figures(place, table)),
        listings=(_settings(table),),
        provenance=Provenance(
            command=shlex.join(["calibrant", "report", str(place)]),
            files=(_facts(place / NAME),),
            seed=0,
            versions=package_versions(),
            notes=tuple(_notes(table)),
        ),
    )


def _names(table: StoredTable, series: str, value: str, part: str) -> Iterator[str]:
    """Yield the parts of a row's name that the study has."""
    yield series
    if table.value_title is not None:
        yield value
    if table.part_title is not None:
        yield part


def _row(table: StoredTable, row: StoredRow, columns: list[str]) -> StudyRow:
    found = [row.results.get(name) for name in columns]
    return StudyRow(
        name=tuple(_names(table, row.series, plain(row.value), row.part)),
        seeds=row.seeds,
        means=tuple(None if spread is None else spread.mean for spread in found),
        spreads=tuple(None if spread is None else spread.spread for spread in found),
    )


def _figures(place: Path, table: StoredTable) -> Iterator[StudyFigure]:
    path = place / "figure.svg"
    if path.is_file():
        shows = _CAPTIONS[table.ending].format(value=table.value_title)
        bars = "" if table.ending == "diagrams" else f" {_BARS}"
        yield StudyFigure(caption=f"{shows}.{bars}", alt=_ALT, svg=read_text(path))


def _headline(table: StoredTable, place: Path) -> str:
    try:
        return headline(table)
    except LookupError as error:
        raise InvalidRun(
            f"{place / NAME} lacks a result ({error}). Start the study again with the same command."
        ) from error


def _settings(table: StoredTable) -> Listing:
    return Listing(
        caption="Settings",
        header=("setting", "value"),
        rows=(
            ("study", table.study),
            ("scale", table.scale),
            ("seeds", ", ".join(str(seed) for seed in table.seeds)),
            ("images that the results are of", table.scored),
            *_of_recipes("all", table.settings),
            *(row for series in table.settings.series for row in _of_series(table, series)),
            ("cost", table.settings.cost),
        ),
    )


def _of_series(table: StoredTable, series: StoredSeries) -> Iterator[tuple[str, str]]:
    if series.values:
        yield f"{series.name}: {table.value_title}", ", ".join(map(plain, series.values))
    yield from _of_recipes(series.name, series)


def _of_recipes(name: str, settings: StoredSettings) -> Iterator[tuple[str, str]]:
    """Yield a row for each section of a recipe in which something is set."""
    for section in ("data", "net", "train"):
        values: dict[str, Any] = getattr(settings, section)
        if values:
            words = ", ".join(f"{key} = {_value(value)}" for key, value in values.items())
            yield f"{name}: {section}", words


def _value(value: object) -> str:
    return plain(value) if isinstance(value, bool | int | float | str) else str(value)


def _notes(table: StoredTable) -> Iterator[str]:
    yield from table.notes
    for failed in table.failed:
        yield f"The table is without the run {failed.run}, which failed: {failed.reason}"


def _facts(path: Path) -> FileFacts:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return FileFacts(role="table", name=path.name, rows=None, sha256=digest, content=None)
