"""The interval of the debiased L2 error: where it lies, that it covers, and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given

from calibrant.analysis import l2_error_interval
from calibrant.errors import InvalidArgument
from calibrant.metrics import ece_l2_debiased
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident, prob_predictions
from tests.known_errors import overconfident_by
from tests.real_predictions import NETS, predictions_of


@pytest.mark.parametrize(("gap", "n"), [(0.0, 500), (0.01, 2000), (0.02, 2000), (0.04, 500), (0.1, 2000)])
def test_it_covers_as_often_as_it_says(gap: float, n: int) -> None:
    found = [l2_error_interval(overconfident_by(gap, n, seed)).interval for seed in range(400)]
    covered = sum(interval.low <= gap <= interval.high for interval in found)
    assert 0.92 * 400 <= covered <= 0.985 * 400


def test_far_from_0_it_is_the_normal_interval() -> None:
    found = l2_error_interval(overconfident_by(0.2, 50_000, 0))
    # Sun et al. 2024: variance Σ w (4 d² E[U²] - 3 d⁴) - (Σ w d²)² over n, for a constant gap d.
    rows = overconfident_by(0.2, 1_000_000, 1)
    confidence = rows.probs().max(axis=1)
    right = confidence - 0.2
    deviation = np.sqrt(4 * 0.04 * np.mean(right * (1 - right)) / 50_000)
    low, high = found.interval.low**2, found.interval.high**2
    assert (high - low) / 2 == pytest.approx(1.96 * deviation, rel=0.05)
    assert (high + low) / 2 == pytest.approx(found.squared, rel=0.01)


def test_at_0_it_begins_at_0_and_tests_calibration() -> None:
    found = [l2_error_interval(overconfident_by(0.0, 2000, seed)).interval for seed in range(400)]
    assert all(interval.high > 0 for interval in found)
    rejected = sum(interval.low > 0 for interval in found)
    assert 6 <= rejected <= 36


def test_the_estimate_is_the_metric() -> None:
    rows = overconfident_by(0.05, 1000, 0)
    found = l2_error_interval(rows)
    assert found.estimate == pytest.approx(ece_l2_debiased(rows).value, rel=1e-12)
    assert found.interval.low <= found.estimate <= found.interval.high
    assert found.squared == pytest.approx(found.estimate**2)


def test_one_class() -> None:
    rows = overconfident_by(0.05, 1000, 0)
    top, one = l2_error_interval(rows), l2_error_interval(rows, notion="one-class", class_index=1)
    assert one == top
    other = l2_error_interval(overconfident(300, 3), notion="one-class", class_index=2)
    assert other.estimate == pytest.approx(
        ece_l2_debiased(overconfident(300, 3), notion="one-class", class_index=2).value, abs=0.02
    )


def test_a_higher_level_is_a_wider_interval_and_more_rows_a_narrower_one() -> None:
    narrow, wide = (l2_error_interval(overconfident_by(0.05, 2000, 0), level=each) for each in (0.5, 0.99))
    assert wide.interval.low < narrow.interval.low < narrow.interval.high < wide.interval.high
    many = l2_error_interval(overconfident_by(0.05, 32_000, 0)).interval
    few = l2_error_interval(overconfident_by(0.05, 2000, 0)).interval
    assert many.high - many.low < (few.high - few.low) / 2


def test_right_rows_that_are_sure_leave_room_for_what_was_not_seen() -> None:
    rows = Predictions.from_probs([[1.0, 0.0]] * 100, np.zeros(100, np.int64))
    found = l2_error_interval(rows)
    assert found.interval.low == 0
    assert 0.01 < found.interval.high < 0.06


@given(rows=prob_predictions())
def test_it_is_an_interval_of_fractions_whatever_the_rows(rows: Predictions) -> None:
    twice = rows.take(np.repeat(np.arange(rows.n), 2))
    found = l2_error_interval(twice)
    assert 0 <= found.interval.low <= found.interval.high <= 1
    assert found.interval.low <= found.estimate + 1e-9
    json.dumps(found.to_json(), allow_nan=False)


def test_without_two_rows_in_a_bin() -> None:
    with pytest.raises(InvalidArgument, match="no bin has two rows"):
        l2_error_interval(Predictions.from_probs([0.6, 0.9], [1, 1]))


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = overconfident(5000, 3)
    shuffled = rows.take(np.random.default_rng(0).permutation(5000))
    one, other = l2_error_interval(rows).interval, l2_error_interval(shuffled).interval
    assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-8)


def test_whole_weights_are_repeated_rows() -> None:
    rows = overconfident_by(0.1, 300, 0)
    times = np.arange(300) % 3
    weighted = Predictions.from_probs(rows.scores, rows.labels, sample_weight=times.astype(float))
    one = l2_error_interval(weighted).interval
    other = l2_error_interval(rows.take(np.repeat(np.arange(300), times))).interval
    assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-7)


@pytest.mark.data
@pytest.mark.parametrize("net", NETS)
def test_real_nets(net: str) -> None:
    rows = predictions_of(net, "test")
    found = l2_error_interval(rows)
    assert 0 <= found.interval.low <= found.estimate <= found.interval.high < 0.3
    assert found.interval.high - found.interval.low < 0.05
