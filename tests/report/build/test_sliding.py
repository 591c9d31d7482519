"""The slider: which temperatures it has, and that it shows what Python computes at each."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibrant.analysis import evaluate, sweep
from calibrant.engine import DEFAULT_ENGINE
from calibrant.report.build.sliding import marks, slider, temperatures
from tests.drawn_predictions import overconfident, overconfident_probs


@pytest.mark.parametrize("fitted", [None, 0.31, 0.999, 1.0, 1.3184, 2.0, 2.5, 7.3, 50.0])
def test_there_are_about_120_temperatures_between_a_quarter_and_four_times(fitted: float | None) -> None:
    grid = temperatures(fitted)
    known = [1.0] if fitted is None else [1.0, fitted]
    assert 100 <= len(grid) <= 140
    assert list(grid) == sorted(set(grid))
    assert {*known, 0.5, 1.5, 2.0, 2.5} <= set(grid)
    assert grid[0] == pytest.approx(min(known) / 4, rel=0.05)
    assert grid[-1] == pytest.approx(4 * max(known), rel=0.05)
    steps = np.diff(np.log(grid))
    assert steps.max() < 2 * math.log(16) / 90


@pytest.mark.parametrize("fitted", [1e-4, 1e4])
def test_a_temperature_at_a_bound_makes_no_endless_slider(fitted: float) -> None:
    assert fitted in temperatures(fitted)
    assert len(temperatures(fitted)) < 200


def test_most_temperatures_are_half_of_others() -> None:
    grid = temperatures(2.3)
    assert sum(temperature / 2 in grid for temperature in grid) > len(grid) / 2


def test_marks_are_named_and_ascend() -> None:
    grid = temperatures(2.3)
    found = [(grid[mark.index], mark.label) for mark in marks(grid, 2.3)]
    assert found == [
        (0.5, "0.5"),
        (1.0, "as it is"),
        (1.5, "1.5"),
        (2.0, "2"),
        (2.3, "fitted"),
        (2.5, "2.5"),
    ]
    assert (2.0, "fitted, 2") in {(grid[mark.index], mark.label) for mark in marks(grid, 2.0)}


@pytest.mark.parametrize(
    "rows", [overconfident(500, 4), overconfident_probs(300, 3), overconfident(200, 2, weighted=True)]
)
def test_bins_and_metrics_are_those_that_python_computes(rows: object) -> None:
    found = slider(rows, 1.7, DEFAULT_ENGINE)  # type: ignore[arg-type]
    alone = sweep(rows, [0.5, 1.0, 1.7])  # type: ignore[arg-type]
    for place, temperature in enumerate((0.5, 1.0, 1.7)):
        at = found.temperatures.index(temperature)
        for name in ("ece", "mce", "nll", "brier"):
            assert getattr(found, name)[at] == pytest.approx(getattr(alone, name)[place], rel=1e-12)
        weight, confidence, correct = (
            np.array(getattr(found, name)[at]) for name in ("weight", "confidence", "correct")
        )
        gaps = np.abs(confidence - correct)
        assert gaps.sum() / weight.sum() == pytest.approx(found.ece[at], rel=1e-12)
        used = weight > 0
        assert (gaps[used] / weight[used]).max() == pytest.approx(found.mce[at], rel=1e-12)
        assert correct.sum() / weight.sum() == pytest.approx(found.accuracy)
    at = found.temperatures.index(1.0)
    assert found.ece[at] == pytest.approx(evaluate(rows).ece, rel=1e-9)  # type: ignore[arg-type]
    assert (found.lower[0], found.upper[-1], len(found.upper)) == (0.0, 1.0, 15)
