"""Draw the figures of the studies from their tables, the CSV files beside this one.

The build of the documentation draws them, beside this file.
"""

from __future__ import annotations

import csv
from pathlib import Path

from calibrant.plots import save
from calibrant.recipes.results import Spread
from calibrant.studies.endings.ending import Finished
from calibrant.studies.endings.registry import ENDINGS
from calibrant.studies.grid import Point
from calibrant.studies.library import load_study
from calibrant.studies.study import Study, Value
from calibrant.studies.table import Column, Row, Table, plain

FOLDER = Path(__file__).parent
NAMES = ("batch-norm", "calibrators", "depth", "losses", "weight-decay", "width")
SCALE = "cpu"


def stored(name: str) -> Finished:
    """Return a study with the table that it came to."""
    study = load_study(name)
    ending = ENDINGS[study.ending]
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = tuple(row_of(line, study, ending.columns) for line in csv.DictReader(file))
    title = None if study.vary is None else study.vary.title
    return Finished(study, Table(title, ending.part_title, ending.columns, rows, ()), ())


def row_of(line: dict[str, str], study: Study, columns: tuple[Column, ...]) -> Row:
    """Return a line of the file as the row that it was."""
    spreads = {
        column.name: Spread(float(line[column.name]), float(line[f"{column.name}_spread"]))
        for column in columns
        if line[column.name]
    }
    point = Point(line["series"], value_of(line, study))
    return Row(point, line.get("part", ""), int(line["seeds"]), spreads)


def value_of(line: dict[str, str], study: Study) -> Value | None:
    """Return the value of the setting that varies, which the file has as text."""
    if study.vary is None:
        return None
    (series,) = [each for each in study.scales[SCALE].series if each.name == line["series"]]
    (value,) = [value for value in series.values if plain(value) == line["value"]]
    return value


def draw(into: Path) -> None:
    """Write one PNG a study."""
    for name in NAMES:
        finished = stored(name)
        save(ENDINGS[finished.study.ending].draw(finished), into / f"{name}.png")
