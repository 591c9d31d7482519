"""What the ECE of soft labels would be by chance, against data that really are calibrated."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibrant.analysis import expected_ece_if_calibrated
from calibrant.analysis.soft_draws import METHOD, draw_soft_errors
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics import ece
from calibrant.metrics.views import View
from calibrant.predictions import SoftLabelPredictions


def calibrated(annotators: int, spread: float, seed: int) -> SoftLabelPredictions:
    """Binary rows whose shares scatter around the confidence more than independent annotators would."""
    generator = np.random.default_rng(seed)
    p = generator.choice([0.65, 0.8, 0.9], 600)
    share = generator.beta(p / spread, (1 - p) / spread)
    right = generator.binomial(annotators, share)
    return SoftLabelPredictions.from_probs(p, np.stack((annotators - right, right), axis=1))


@pytest.mark.parametrize(("annotators", "spread"), [(1, 0.5), (5, 0.05), (50, 0.5)])
def test_calibrated_rows_show_the_expected_error(annotators: int, spread: float) -> None:
    """However many annotators there are, and however much those of one row agree."""
    found = [ece(calibrated(annotators, spread, seed)).value for seed in range(150)]
    expected = expected_ece_if_calibrated(calibrated(annotators, spread, 999))
    assert np.mean(found) == pytest.approx(expected.mean, rel=0.15)
    inside = np.mean([expected.low <= value <= expected.high for value in found])
    assert 0.87 <= inside <= 1
    assert expected.method == METHOD
    assert expected.to_json()["method"] == METHOD


def test_one_filled_bin_is_a_folded_normal() -> None:
    view = View(np.full(400, 0.7), np.tile([0.5, 0.9], 200), np.ones(0))
    strayed = draw_soft_errors(view, 15, 200_000, np.random.default_rng(0))
    deviation = 0.2 * math.sqrt(400 / 399) / 20
    assert strayed.mean() == pytest.approx(deviation * math.sqrt(2 / math.pi), rel=0.01)
    assert (strayed**2).mean() == pytest.approx(deviation**2, rel=0.02)


def test_a_whole_weight_is_so_many_rows() -> None:
    values, shares = np.array([0.62, 0.65, 0.97]), np.array([0.5, 0.9, 1.0])
    weighted = View(values, shares, np.array([3.0, 2.0, 2.0]))
    times = np.array([3, 2, 2])
    repeated = View(np.repeat(values, times), np.repeat(shares, times), np.ones(0))
    one, other = (draw_soft_errors(view, 15, 50, np.random.default_rng(1)) for view in (weighted, repeated))
    np.testing.assert_allclose(one, other, rtol=1e-12)


def test_a_bin_of_one_row_takes_the_largest_variance() -> None:
    view = View(np.array([0.6]), np.array([0.6]), np.ones(0))
    strayed = draw_soft_errors(view, 15, 100_000, np.random.default_rng(0))
    assert (strayed**2).mean() == pytest.approx(0.24, rel=0.02)


def test_what_cannot_be_simulated() -> None:
    view = View(np.array([0.6]), np.array([0.6]), np.ones(0))
    with pytest.raises(InvalidArgument, match="replicates must be at least 2; got 1"):
        draw_soft_errors(view, 15, 1, np.random.default_rng(0))
    with pytest.raises(EmptyPredictions, match="all rows weigh 0"):
        draw_soft_errors(View(view.values, view.correct, np.zeros(1)), 15, 10, np.random.default_rng(0))
