"""The metrics at each temperature are those of `calibrant.sweep`."""

from __future__ import annotations

import numpy as np
import pytest

import calibrant
from calibrant.array_api import evaluate, sweep
from calibrant.errors import InvalidArgument
from tests.array_api.backends import BACKENDS, Backend
from tests.drawn_predictions import overconfident

GRID = [0.5, 1.0, 2.0]


@pytest.mark.parametrize("backend", BACKENDS)
def test_it_is_that_of_the_compiled_loops(backend: Backend) -> None:
    rows = overconfident(300, 4, weighted=True)
    logits, labels, weight = map(backend.make, (rows.scores, rows.labels, rows.sample_weight))
    found, expected = sweep(logits, labels, GRID, sample_weight=weight), calibrant.sweep(rows, GRID)
    for name in ("temperature", "ece", "mce", "nll", "brier"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=backend.tolerance, atol=backend.tolerance
        )
    assert found.accuracy == pytest.approx(expected.accuracy, rel=backend.tolerance)
    assert found.n == 300


def test_at_1_it_is_evaluate() -> None:
    rows = overconfident(100, 3)
    found, expected = sweep(rows.scores, rows.labels, [1.0]), evaluate(rows.scores, rows.labels)
    for name in ("ece", "mce", "rmsce", "nll", "brier", "mean_confidence"):
        assert getattr(found, name).tolist() == [getattr(expected, name)]


@pytest.mark.parametrize("grid", [[0.0], [1.0, -2.0], [float("nan")], [float("inf")], []])
def test_temperatures_that_cannot_be(grid: list[float]) -> None:
    with pytest.raises(InvalidArgument, match="above 0"):
        sweep(np.zeros((1, 2)), np.zeros(1, int), grid)
