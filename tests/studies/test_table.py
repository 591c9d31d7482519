"""The table of a study: means and spreads over seeds, as text, JSON and CSV."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from calibrant.recipes.results import Spread
from calibrant.studies.grid import planned_runs
from calibrant.studies.library import load_study
from calibrant.studies.record import Measured
from calibrant.studies.table import Column, Table, plain, table_of

COLUMNS = (Column("error", "error"), Column("brier", ""), Column("seconds", "s", 1))


@pytest.fixture
def table(tiny: Path) -> Table:
    study = load_study(str(tiny))
    runs = planned_runs(study, study.scales["smoke"], (0, 1), source="tiny")
    values = [0.1, 0.5, 0.3, 0.75]
    measured = [
        Measured({"": {"error": value, "brier": 2 * value, "seconds": 1.0}}, ("the same note",))
        for value in values
    ]
    return table_of(
        list(zip(runs, measured, strict=True))[:3], COLUMNS, value_title="dropout", part_title=None
    )


def test_mean_and_spread_over_the_seeds_that_are_finished(table: Table) -> None:
    first, second = table.rows
    assert (first.point.value, first.seeds, second.point.value, second.seeds) == (0.0, 2, 0.5, 1)
    error = first.results["error"]
    assert error.mean == pytest.approx(0.2)
    assert error.spread == pytest.approx(0.2 / 2**0.5)
    assert second.results["error"] == Spread(0.5, None)
    assert table.notes == ("the same note",)


def test_the_text_lines_up_and_leaves_out_columns_without_a_title(table: Table) -> None:
    assert str(table).splitlines() == [
        "         dropout  seeds            error          s",
        "LeNet-5        0      2  0.2000 ± 0.1414  1.0 ± 0.0",
        "LeNet-5      0.5      1           0.5000        1.0",
        "the same note",
    ]


def test_the_csv_has_every_column_at_full_precision(table: Table) -> None:
    header, first, second = csv.reader(StringIO(table.to_csv()))
    assert header == [
        *("series", "value", "seeds"),
        *("error", "error_spread", "brier", "brier_spread", "seconds", "seconds_spread"),
    ]
    assert float(first[4]) == table.rows[0].results["error"].spread
    assert second[:5] == ["LeNet-5", "0.5", "1", "0.5", ""]


def test_parts_are_rows_and_a_missing_one_is_left_out(tiny: Path) -> None:
    study = load_study(str(tiny))
    one, _, other, _ = planned_runs(study, study.scales["smoke"], (0, 1), source="tiny")
    both = Measured({"identity": {"error": 0.5}, "matrix": {"error": 0.25}})
    alone = Measured({"identity": {"error": 0.3}})
    table = table_of([(one, both), (other, alone)], COLUMNS, value_title=None, part_title="method")
    assert [(row.part, row.seeds) for row in table.rows] == [("identity", 2), ("matrix", 1)]
    assert "–" in str(table)
    assert table.to_csv().splitlines()[0].startswith("series,part,seeds,")


@pytest.mark.parametrize(
    ("value", "text"), [(True, "yes"), (False, "no"), (None, ""), (8, "8"), (1e-5, "1e-05"), ("a", "a")]
)
def test_values_as_people_write_them(value: bool | int | float | str | None, text: str) -> None:
    assert plain(value) == text
