"""A sweep is temperature scaling and evaluation at each temperature, in one table."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from calibrant.analysis import evaluate, sweep
from calibrant.calibrators import TemperatureScaling
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident, overconfident_probs

GRID = [0.05, 0.5, 1.0, 1.7, 2.0, 40.0]


@pytest.mark.parametrize("make", [overconfident, overconfident_probs])
@pytest.mark.parametrize("k", [2, 6])
def test_each_row_is_what_scaling_and_evaluating_gives(make: Any, k: int) -> None:
    rows = make(700, k)
    result = sweep(rows, GRID)
    assert result.temperature.tolist() == GRID
    assert result.n == 700
    for index, temperature in enumerate(GRID):
        wanted = evaluate(TemperatureScaling(temperature).transform(rows))
        for name in ("ece", "mce", "nll", "brier"):
            assert getattr(result, name)[index] == pytest.approx(getattr(wanted, name), rel=1e-9), name
        assert result.accuracy == wanted.accuracy


def test_float32_rows() -> None:
    rows = overconfident(300, 5)
    narrow = Predictions.from_logits(rows.scores.astype(np.float32), rows.labels)
    assert sweep(narrow, [2.0]).nll == pytest.approx(sweep(rows, [2.0]).nll, rel=1e-6)


def test_temperature_one_is_the_file_as_it_is() -> None:
    rows = overconfident(300, 5)
    assert sweep(rows, 1.0).nll.tolist() == [evaluate(rows).nll]


def test_the_log_loss_is_least_at_the_fitted_temperature() -> None:
    rows = overconfident(2000, 3)
    best = TemperatureScaling().fit(rows).temperature_
    nll = sweep(rows, [0.9 * best, best, 1.1 * best]).nll
    assert nll[1] < min(nll[0], nll[2])


def test_weights_count() -> None:
    rows = overconfident(60, 3)
    times = np.arange(60) % 3
    weighted = Predictions.from_logits(rows.scores, rows.labels, sample_weight=times)
    repeated = rows.take(np.repeat(np.arange(60), times))
    assert sweep(weighted, GRID).ece == pytest.approx(sweep(repeated, GRID).ece, abs=1e-12)


def test_the_json_is_documented_and_strict() -> None:
    result = sweep(overconfident(60, 3), GRID)
    content = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert sorted(content) == sorted(
        ["schema", "n", "accuracy", "temperature", "ece", "mce", "nll", "brier", "conventions"]
    )
    assert content["temperature"] == GRID
    assert content["nll"] == result.nll.tolist()
    assert sorted(content["conventions"]) == ["brier", "ece", "mce", "nll"]


def test_the_table_lines_up() -> None:
    lines = str(sweep(overconfident(1500, 3), [0.5, 1, 10])).splitlines()
    assert lines[0].startswith("1,500 rows, accuracy 0.")
    assert lines[0].endswith("at every T")
    assert lines[1].split() == ["T", "ECE", "MCE", "log-loss", "Brier"]
    assert [line.split()[0] for line in lines[2:]] == ["0.5", "1", "10"]
    assert len({len(line) for line in lines[1:]}) == 1


@pytest.mark.parametrize(
    "temperatures", [[], [0.0], [1.0, -2.0], [np.nan], [np.inf], [[1.0, 2.0]], 0, np.zeros((0, 2))]
)
def test_temperatures_that_are_none(temperatures: Any) -> None:
    with pytest.raises(InvalidArgument, match="temperatures must be numbers above 0, at least one"):
        sweep(overconfident(5, 2), temperatures)
