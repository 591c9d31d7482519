"""The Dask engine gives the bits of the local engine on the same shards, for all that takes rows in parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from calibrant.analysis import before_after
from calibrant.calibrators import CALIBRATORS, Calibrator, DirichletCalibration, MatrixScaling
from calibrant.engine import Engine, LocalEngine
from calibrant.errors import IncompatiblePredictions
from calibrant.io import table
from calibrant.metrics import METRICS, WholeMetric
from calibrant.predictions import Table
from calibrant.scale import DaskEngine
from tests.predictions.tables import in_parts

if TYPE_CHECKING:
    from distributed import Client

IN_PARTS = {name: metric for name, metric in METRICS.items() if not isinstance(metric, WholeMetric)}

SET_UP: dict[str, Callable[[], Calibrator]] = {
    "matrix": lambda: MatrixScaling(strength=0.1),
    "dirichlet": lambda: DirichletCalibration(strength=0.1),
}
"""Methods that take rows in parts only as they are set up here."""


def in_four(path: Path, engine: Engine) -> Table:
    rows = table(path, rows=512, engine=engine)
    assert len(rows.parts) == 4
    return rows


@pytest.fixture(scope="module")
def here(path: Path) -> Table:
    """Return the rows with the local engine."""
    return in_four(path, LocalEngine(2))


@pytest.fixture(scope="module")
def there(client: Client, path: Path) -> Table:
    """Return the rows with the Dask engine; they stay with the workers."""
    return in_four(path, DaskEngine(client)).kept()


def test_all_metrics_of_the_registry_but_one_are_compared() -> None:
    assert len(IN_PARTS) == 32


@pytest.mark.parametrize("metric", IN_PARTS.values(), ids=list(IN_PARTS))
def test_metrics(metric: Any, here: Table, there: Table) -> None:
    assert metric.over(there) == metric.over(here)


def fitted(name: str, rows: Table) -> tuple[Any, ...]:
    """Return what a calibrator learns, or why it refuses rows in parts."""
    try:
        found = SET_UP.get(name, CALIBRATORS[name])().fit(rows)
    except IncompatiblePredictions as error:
        return ("refused", str(error))
    return ("fitted", found.parameters(), found.fitted_on_)


def test_every_calibrator_of_the_registry(here: Table, there: Table) -> None:
    found = {name: fitted(name, there) for name in CALIBRATORS}
    assert found == {name: fitted(name, here) for name in CALIBRATORS}
    assert sorted(name for name, (what, *_) in found.items() if what == "refused") == ["auto", "basis"]


def test_evaluations_before_and_after(here: Table, there: Table) -> None:
    fitted = CALIBRATORS["temperature"]().fit(here)
    one, other = before_after(here, fitted), before_after(there, fitted)
    assert json.dumps(other.to_json()) == json.dumps(one.to_json())


@pytest.mark.parametrize("keep", [0.5, 0.0])
def test_rows_in_memory_in_parts(client: Client, here: Table, keep: float) -> None:
    rows = here.parts[0].read()
    engine = DaskEngine(client, keep=keep)
    one, other = (
        CALIBRATORS["temperature"]().fit(in_parts(rows, 200, 300, engine=each))
        for each in (LocalEngine(1), engine)
    )
    assert other.parameters() == one.parameters()
