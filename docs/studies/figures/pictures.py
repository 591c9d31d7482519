"""Draw the figures of the studies from what was kept of them beside this file.

That is their tables (CSV), and what the figures of two show besides, which `store.py` keeps: the epochs of
the runs, and the bins of two networks. The build of the documentation draws them, beside this file.
"""

from __future__ import annotations

import csv
import json
import runpy
from pathlib import Path

from matplotlib.figure import Figure

from calibrant.plots import save
from calibrant.plots.side_by_side import Network, side_by_side_figure
from calibrant.recipes.results import Spread
from calibrant.studies.endings.ending import Finished
from calibrant.studies.endings.registry import ENDINGS
from calibrant.studies.grid import PlannedRun, Point, planned_runs
from calibrant.studies.library import load_study
from calibrant.studies.study import Study, Value
from calibrant.studies.table import Column, Row, Table, plain

FOLDER = Path(__file__).parent
NAMES = (
    "batch-norm",
    "calibrators",
    "depth",
    "lenet-vs-resnet",
    "losses",
    "nll-overfitting",
    "weight-decay",
    "width",
)
SCALE = "cpu"
EPOCHS, BINS = "nll-overfitting", "lenet-vs-resnet"


def stored(name: str) -> Finished:
    """Return a study with the table that it came to."""
    study = load_study(name)
    ending = ENDINGS[study.ending]
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = tuple(row_of(line, study, ending.columns) for line in csv.DictReader(file))
    title = None if study.vary is None else study.vary.title
    table = Table(title, ending.part_title, ending.columns, rows, ())
    return Finished(study, table, runs_of(study) if name == EPOCHS else ())


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


def runs_of(study: Study) -> tuple[tuple[PlannedRun, Path], ...]:
    """Return the runs of a study whose epochs were kept, with their folders."""
    scale = study.scales[SCALE]
    runs = planned_runs(study, scale, scale.seeds, source=study.title)
    return tuple((run, FOLDER / EPOCHS / f"seed-{run.seed}") for run in runs)


def figure_of(name: str) -> Figure:
    """Return the figure of a study."""
    if name == BINS:
        table_of = runpy.run_path(str(FOLDER.parents[1] / "images" / "pictures.py"))["table_of"]
        kept = json.loads((FOLDER / f"{BINS}.json").read_text(encoding="utf-8"))
        return side_by_side_figure([Network(title, table_of(bins)) for title, bins in kept.items()])
    finished = stored(name)
    return ENDINGS[finished.study.ending].draw(finished)


def draw(into: Path) -> None:
    """Write one PNG a study."""
    for name in NAMES:
        save(figure_of(name), into / f"{name}.png")
