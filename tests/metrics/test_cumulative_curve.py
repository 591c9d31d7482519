"""The path of cumulative differences."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.errors import InvalidArgument
from calibrant.metrics import cumulative_curve, cumulative_test, ks_error, kuiper_error
from calibrant.predictions import Predictions

GENERATOR = np.random.default_rng(0)
PROBS = GENERATOR.random(300).round(2)
LABELS = (GENERATOR.random(300) < PROBS**2).astype(int)
WEIGHT = GENERATOR.integers(1, 4, 300).astype(float)


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["plain", "weighted"])
def test_its_range_is_kuipers_error_and_its_distance_that_of_ks(weight: np.ndarray | None) -> None:
    rows = Predictions.from_probs(PROBS, LABELS, sample_weight=weight)
    curve = cumulative_curve(rows, notion="one-class", class_index=1)
    reach = curve.difference.max() - curve.difference.min()
    assert reach == pytest.approx(kuiper_error(rows, notion="one-class", class_index=1).value)
    farthest = np.abs(curve.difference).max()
    assert farthest == pytest.approx(ks_error(rows, notion="one-class", class_index=1).value)
    tested = cumulative_test(rows, form="range", notion="one-class", class_index=1)
    assert reach / curve.deviation == pytest.approx(tested.statistic)


def test_it_goes_from_nothing_to_all_rows_and_ends_at_the_gap() -> None:
    curve = cumulative_curve(Predictions.from_probs(PROBS, LABELS), notion="one-class", class_index=1)
    assert (curve.share[0], curve.difference[0]) == (0.0, 0.0)
    assert curve.share[-1] == pytest.approx(1.0)
    assert curve.difference[-1] == pytest.approx(LABELS.mean() - PROBS.mean())
    assert len(curve.share) == len(np.unique(PROBS)) + 1


def test_all_classes_at_once_have_no_curve() -> None:
    with pytest.raises(InvalidArgument, match="not 'class-wise'"):
        cumulative_curve(Predictions.from_probs(PROBS, LABELS), notion="class-wise")
