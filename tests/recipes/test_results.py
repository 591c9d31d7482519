"""The numbers of runs, and their mean and spread over seeds."""

from __future__ import annotations

import pytest

from calibrant.analysis import before_after
from calibrant.calibrators import TemperatureScaling
from calibrant.recipes.recipe import Expected
from calibrant.recipes.results import RESULTS, results_of, summarise
from tests.drawn_predictions import overconfident


@pytest.mark.parametrize("k", [2, 3])
def test_the_results_of_a_run_are_those_of_its_evaluations(k: int) -> None:
    comparison = before_after(overconfident(300, k), TemperatureScaling(2.0))
    results = results_of(comparison, 2.0, 1.5)
    positive = {"ece_positive_before", "ece_positive_after"}
    assert set(results) == set(RESULTS) - (set() if k == 2 else positive)
    assert results["ece_before"] == comparison.before.ece
    assert results["ece_after"] == comparison.after.ece
    assert results["nll_after"] == comparison.after.nll
    assert results["accuracy"] == comparison.before.accuracy
    assert (results["temperature"], results["epoch_seconds"]) == (2.0, 1.5)
    assert results["ece_if_calibrated"] == comparison.after.expected_if_calibrated["ece"].mean


def test_mean_and_spread_by_hand() -> None:
    runs = [{"accuracy": 0.8, "temperature": t} for t in (1.0, 2.0, 4.0)]
    summary = summarise("mine", [0, 1, 2], runs)
    assert summary.results["accuracy"].mean == pytest.approx(0.8)
    assert summary.results["accuracy"].spread == pytest.approx(0.0)
    assert summary.results["temperature"].mean == pytest.approx(7 / 3)
    assert summary.results["temperature"].spread == pytest.approx(1.5275252316519468)
    assert str(summary).splitlines() == [
        "mine, mean ± standard deviation over seeds 0, 1, 2",
        "test accuracy                                       0.8000 ± 0.0000",
        "temperature (from validation)                       2.3333 ± 1.5275",
    ]


def test_one_seed_has_no_spread() -> None:
    summary = summarise("mine", [5], [{"accuracy": 0.8}])
    assert summary.to_json() == {
        "schema": "calibrant.summary/1",
        "recipe": "mine",
        "seeds": [5],
        "results": {"accuracy": {"mean": 0.8, "spread": None}},
    }
    assert str(summary).splitlines()[0] == "mine, seed 5"


@pytest.mark.parametrize(("measured", "holds"), [(0.5, True), (0.75, True), (0.25, True), (0.76, False)])
def test_within_the_tolerance(measured: float, holds: bool) -> None:
    assert Expected(value=0.5, tolerance=0.25).holds(measured) is holds
