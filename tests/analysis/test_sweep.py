"""A sweep is temperature scaling and evaluation at each temperature, in one table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from calibrant.analysis import Sweep, evaluate, sweep
from calibrant.calibrators import TemperatureScaling
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics import METRICS, Rows
from calibrant.predictions import Predictions, Table, Whole
from tests.drawn_predictions import logit_predictions, overconfident, overconfident_probs
from tests.predictions.tables import in_parts
from tests.soft_label_rows import annotated, one_hot

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


OCTAVES = tuple(2.0 ** (step / 8) for step in range(-16, 17))


def assert_same(found: Sweep, wanted: Sweep, tolerance: float = 1e-12) -> None:
    assert (found.n, found.conventions) == (wanted.n, wanted.conventions)
    assert found.accuracy == pytest.approx(wanted.accuracy, abs=tolerance)
    for name in ("temperature", "ece", "mce", "nll", "brier"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(wanted, name), rtol=tolerance, atol=tolerance, err_msg=name
        )


@settings(max_examples=30)
@given(logit_predictions(masks=True))
def test_one_pass_for_all_temperatures_gives_what_one_for_each_gives(rows: Predictions) -> None:
    grid = [0.003, 0.5, 1.0, 2.0, 4.0, 4.0, 1e4]
    found = sweep(rows, grid)
    for index, temperature in enumerate(grid):
        alone = Rows(rows, temperature=temperature)
        for name in ("nll", "brier"):
            wanted = METRICS[name](alone).value
            assert getattr(found, name)[index] == pytest.approx(wanted, rel=1e-12, abs=1e-12), name
        assert found.accuracy == METRICS["accuracy"](alone).value


def test_squares_of_exponentials_lose_no_digits() -> None:
    rows = overconfident(3_000, 40, weighted=True)
    found = sweep(rows, OCTAVES)
    for index, temperature in enumerate(OCTAVES):
        alone = Rows(rows, temperature=temperature)
        for name in ("ece", "mce", "nll", "brier"):
            assert getattr(found, name)[index] == pytest.approx(METRICS[name](alone).value, abs=1e-12), name


@pytest.mark.parametrize("make", [overconfident, overconfident_probs])
@pytest.mark.parametrize("weighted", [False, True])
def test_rows_in_parts_give_what_they_give_whole(make: Any, weighted: bool) -> None:
    rows = make(6_000, 5, weighted=weighted)
    assert_same(sweep(in_parts(rows, 1, 4_500), OCTAVES), sweep(rows, OCTAVES))


def test_each_part_is_read_once() -> None:
    rows, reads = overconfident(90, 3), [0, 0, 0]

    class Counted:
        def __init__(self, number: int) -> None:
            self.number = number

        def read(self) -> Predictions:
            reads[self.number] += 1
            return rows.take(np.arange(30) + 30 * self.number)

    assert_same(sweep(Table([Counted(i) for i in range(3)], 3), GRID), sweep(rows, GRID))
    assert reads == [1, 1, 1]


def test_parts_of_no_weight_come_to_nothing() -> None:
    rows = overconfident(6, 3)
    light = Whole(replace(rows, sample_weight=np.zeros(6)))
    with pytest.raises(EmptyPredictions, match="of no weight"):
        sweep(Table([light, light], 3), GRID)
    weighted = Table([light, Whole(replace(rows, sample_weight=np.ones(6)))], 3)
    assert sweep(weighted, GRID).nll == pytest.approx(sweep(rows, GRID).nll, rel=1e-12)


def test_soft_labels_are_named() -> None:
    found = sweep(annotated(200, 3), [1.0, 2.0])
    assert {convention.labels for convention in found.conventions.values()} == {"soft"}
    agreed = overconfident(200, 3)
    assert sweep(one_hot(agreed), GRID).ece == pytest.approx(sweep(agreed, GRID).ece, abs=1e-12)


def test_float32_rows() -> None:
    rows = overconfident(300, 5)
    narrow = Predictions.from_logits(rows.scores.astype(np.float32), rows.labels)
    assert sweep(narrow, [2.0]).nll == pytest.approx(sweep(rows, [2.0]).nll, rel=1e-6)


def test_temperature_one_is_the_file_as_it_is() -> None:
    rows = overconfident(300, 5)
    assert sweep(rows, 1.0).nll == pytest.approx(evaluate(rows).nll, rel=1e-14)


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
