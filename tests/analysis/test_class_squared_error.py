"""The interval of the class-wise debiased error: that it covers, what it estimates, and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest

from calibrant.analysis import calibration_test, evaluate, l2_error_interval
from calibrant.analysis.intervals import Interval
from calibrant.errors import InvalidArgument
from calibrant.metrics import METRICS
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident
from tests.real_predictions import predictions_of

PERMUTATIONS = np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])


def wrong_by(gap: float, n: int, seed: int) -> Predictions:
    """Rows of (.7, .2, .1) in three orders whose first class comes so much less often.

    Each class has the gaps -gap, gap/2 and gap/2 in bins of a third of the rows: an error of gap / √2.
    """
    generator = np.random.default_rng(seed)
    order = PERMUTATIONS[generator.integers(0, 3, n)]
    rank = np.searchsorted([0.7 - gap, 0.9 - gap / 2], generator.random(n), side="right")
    probs = np.empty((n, 3))
    np.put_along_axis(probs, order, np.broadcast_to([0.7, 0.2, 0.1], (n, 3)), axis=1)
    return Predictions.from_probs(probs, order[np.arange(n), rank])


@pytest.mark.parametrize(("gap", "n"), [(0.0, 400), (0.04, 500), (0.15, 400)])
def test_it_covers_as_often_as_it_says(gap: float, n: int) -> None:
    found = [l2_error_interval(wrong_by(gap, n, seed), notion="class-wise").interval for seed in range(150)]
    covered = sum(interval.low <= gap / np.sqrt(2) <= interval.high for interval in found)
    assert 0.9 * 150 <= covered <= 0.993 * 150
    if gap == 0:
        assert 1 <= sum(interval.low > 0 for interval in found) <= 18


def test_far_from_0_it_is_the_normal_interval() -> None:
    n, gap = 40_000, 0.2
    found = l2_error_interval(wrong_by(gap, n, 0), notion="class-wise")
    # A label of rank r has the gap (-g, g/2, g/2)[r] with probabilities (.5, .3, .2).
    gaps, likely = np.array([-gap, gap / 2, gap / 2]), np.array([0.5, 0.3, 0.2])
    deviation = 2 / 3 * np.sqrt(likely @ gaps**2 - (likely @ gaps) ** 2) / np.sqrt(n)
    low, high = found.interval.low**2, found.interval.high**2
    assert (high - low) / 2 == pytest.approx(1.96 * deviation, rel=0.05)
    assert found.squared == pytest.approx(gap**2 / 2, abs=3 * deviation)


@pytest.mark.parametrize(("logit", "like"), [(343.0, 100.0), (370.0, 100.0), (600.0, 100.0), (740.0, 800.0)])
def test_of_a_network_that_is_sure_beyond_all_measure_and_wrong(logit: float, like: float) -> None:
    """Its probabilities, the square of which is no number or which hardly are, are never drawn as labels."""
    found, reference = (
        l2_error_interval(
            Predictions.from_logits(np.tile([0.0, gap], (16, 1)), np.arange(16) % 2), notion="class-wise"
        )
        for gap in (logit, like)
    )
    assert found.estimate == pytest.approx(reference.estimate, rel=1e-9)
    assert 0 < found.interval.low < found.estimate < found.interval.high <= 1
    assert found.interval.low == pytest.approx(reference.interval.low, rel=1e-9)
    assert found.interval.high == pytest.approx(reference.interval.high, rel=1e-9)


def test_it_is_near_the_metric_where_bins_have_many_rows() -> None:
    rows = wrong_by(0.1, 3000, 0)
    found = l2_error_interval(rows, notion="class-wise")
    assert found.estimate == pytest.approx(METRICS["classwise_ece_l2_debiased"](rows).value, rel=0.01)
    assert found.interval.low < found.estimate < found.interval.high
    json.dumps(found.to_json(), allow_nan=False)


def test_two_classes_are_one_class() -> None:
    rows = overconfident(1500, 2)
    both = l2_error_interval(rows, notion="class-wise")
    one = l2_error_interval(rows, notion="one-class", class_index=1)
    assert both.estimate == pytest.approx(one.estimate, rel=0.02)
    assert (both.interval.low, both.interval.high) == pytest.approx(
        (one.interval.low, one.interval.high), rel=0.06
    )


def test_bins_of_one_row_are_counted_and_left_out() -> None:
    rows = Predictions.from_probs([[0.7, 0.2, 0.1]] * 50 + [[0.05, 0.05, 0.9]], [0] * 35 + [1] * 16)
    assert l2_error_interval(rows, notion="class-wise").left_out == 3


def test_certain_rows_leave_room_for_what_was_not_seen() -> None:
    rows = Predictions.from_probs([[1.0, 0.0, 0.0]] * 100, np.zeros(100, np.int64))
    found = l2_error_interval(rows, notion="class-wise")
    assert found.interval.low == 0
    assert 0.01 < found.interval.high < 0.06


def test_the_seed_decides_within_chance() -> None:
    rows = wrong_by(0.05, 1000, 0)
    one, same, other = (l2_error_interval(rows, notion="class-wise", seed=seed) for seed in (0, 0, 1))
    assert one == same
    assert one != other
    assert one.interval.high == pytest.approx(other.interval.high, rel=0.05)


def test_evaluate_gives_it_with_the_class_wise_expectation() -> None:
    rows = overconfident(600, 4)
    found, wanted = evaluate(rows), l2_error_interval(rows, notion="class-wise")
    assert found.classwise_l2_debiased == wanted.estimate
    assert found.intervals["classwise_l2_debiased"] == wanted.interval
    assert found.conventions["classwise_l2_debiased"].notion == "class-wise"
    assert found.expected_if_calibrated["classwise_ece"].replicates == 1000
    assert found.classwise_ece > found.expected_if_calibrated["classwise_ece"].high


def test_evaluate_leaves_the_interval_out_below_a_hundred_rows_a_class() -> None:
    rows = overconfident(300, 3)
    assert "classwise_l2_debiased" in evaluate(rows).intervals
    few = evaluate(rows.take(range(299)))
    assert few.classwise_l2_debiased is not None
    assert "classwise_l2_debiased" not in few.intervals


def test_evaluate_leaves_the_interval_out_above_the_share_of_a_class() -> None:
    wrong = evaluate(Predictions.from_probs([[0.9, 0.05, 0.05]] * 300, [1] * 300))
    assert wrong.classwise_l2_debiased is not None
    assert wrong.classwise_l2_debiased > 1 / 3
    assert "classwise_l2_debiased" not in wrong.intervals


def test_weights_have_neither() -> None:
    found = evaluate(overconfident(60, 3, weighted=True))
    assert found.classwise_l2_debiased is None
    assert "classwise_ece" not in found.expected_if_calibrated
    with pytest.raises(InvalidArgument, match="these rows have weights"):
        l2_error_interval(overconfident(60, 3, weighted=True), notion="class-wise")


@pytest.mark.parametrize("k", [2, 3, 10])
def test_labels_at_a_probability_of_0_are_as_uncertain_as_at_a_tiny_one(k: int) -> None:
    def interval(tiny: float) -> Interval:
        probs = np.full((64, k), tiny)
        probs[:, 0] = 1.0
        labels = np.where(np.arange(64) % 2 == 0, 0, np.arange(64) % k)
        return l2_error_interval(Predictions.from_probs(probs, labels), notion="class-wise").interval

    impossible, tiny = interval(0.0), interval(1e-20)
    width = tiny.high - tiny.low
    assert impossible.low == pytest.approx(tiny.low, abs=0.02 * width)
    assert impossible.high == pytest.approx(tiny.high, abs=0.02 * width)


@pytest.mark.parametrize("tiny", [0.0, 1e-140, 1e-200, 5e-324])
def test_labels_that_no_draw_would_give(tiny: float) -> None:
    rows = Predictions.from_probs([[1.0, 0.0], [1.0, tiny]] * 3, [0, 0, 1] * 2)
    interval = l2_error_interval(rows, notion="class-wise").interval
    assert 0 <= interval.low < interval.high <= 1


def test_without_two_rows_in_a_bin() -> None:
    row = Predictions.from_probs([[0.6, 0.3, 0.1]], [0])
    assert evaluate(row).classwise_l2_debiased is None
    with pytest.raises(InvalidArgument, match="no bin has two rows"):
        l2_error_interval(row, notion="class-wise")


@pytest.mark.parametrize("statistic", ["l2-debiased", "ece"])
def test_the_test_of_all_classes_has_its_size_and_power(statistic: str) -> None:
    def p_value(gap: float, n: int, seed: int) -> float:
        found = calibration_test(
            wrong_by(gap, n, seed), statistic=statistic, notion="class-wise", replicates=199, seed=seed
        )
        assert found.p_value is not None
        return found.p_value

    assert 3 <= sum(p_value(0.0, 300, seed) <= 0.05 for seed in range(250)) <= 25
    assert p_value(0.1, 2000, 0) == pytest.approx(1 / 200)


def test_classes_that_err_against_each_other_are_seen_where_the_top_label_is_right() -> None:
    generator = np.random.default_rng(0)
    probs = np.tile([0.6, 0.3, 0.1], (2000, 1))
    rows = Predictions.from_probs(probs, generator.choice(3, size=2000, p=[0.6, 0.1, 0.3]))
    top, all_classes = calibration_test(rows).p_value, calibration_test(rows, notion="class-wise").p_value
    assert top is not None
    assert all_classes is not None
    assert all_classes < 0.002 < 0.05 < top


@pytest.mark.data
@pytest.mark.parametrize("net", ["c10-resnet50-cross-entropy", "c100-resnet50-brier"])
def test_real_nets(net: str) -> None:
    found = l2_error_interval(predictions_of(net, "test"), notion="class-wise")
    assert 0.005 < found.interval.low < found.estimate < found.interval.high < 0.03
