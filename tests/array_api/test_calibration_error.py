"""One binned error, in bins of one's own, is that of `calibrant.metrics`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calibrant import metrics
from calibrant.array_api import calibration_error
from calibrant.errors import InvalidArgument
from tests.array_api.backends import BACKENDS, Backend
from tests.drawn_predictions import overconfident

NAMES: Any = {"l1": metrics.ece, "l2": metrics.rmsce, "max": metrics.mce}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("notion", ["top-label", "class-wise"])
@pytest.mark.parametrize("norm", NAMES)
def test_it_is_that_of_the_compiled_loops(backend: Backend, norm: Any, notion: Any) -> None:
    rows = overconfident(300, 3)
    found = calibration_error(
        backend.make(rows.scores), backend.make(rows.labels), norm=norm, notion=notion, bins=7
    )
    expected = NAMES[norm](rows, notion=notion, bins=7).value
    assert found == pytest.approx(expected, abs=10 * backend.tolerance)


def test_a_golden_value() -> None:
    """Ten samples, ten bins (lo, hi], whose decimals lie on edges: exact arithmetic gives 0.34."""
    probs = np.array([0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1])
    labels = np.array([1, 0, 0, 1, 0, 1, 0, 1, 1, 0])
    assert calibration_error(probs, labels, kind="probs", bins=10) == pytest.approx(0.34, abs=1e-12)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"norm": "l3"}, "norm must be one of l1, l2, max; got 'l3'"),
        ({"notion": "one-class"}, "notion must be 'top-label' or 'class-wise'; got 'one-class'"),
        ({"bins": 2.5}, "bins must be a whole number, at least 1; got 2.5"),
    ],
)
def test_choices_that_do_not_exist(options: Any, words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        calibration_error(np.zeros((1, 2)), np.zeros(1, int), **options)
