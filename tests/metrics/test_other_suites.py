"""Cases from the test suites of other tools: the same rows, and which convention here gives their numbers.

The rows and expected values are facts of those suites; where a tool means something else, the test says so.
"""

import math
from typing import Any

import numpy as np
import pytest

from calibrant.errors import InvalidPredictions
from calibrant.metrics import (
    METRICS,
    brier,
    calibration_slope,
    cumulative_test,
    ece,
    ece_sweep,
    kernel_calibration_error,
    mce,
    rmsce,
    spiegelhalter,
)
from calibrant.metrics.brownian import farthest_tail, range_tail
from calibrant.predictions import Predictions, TopLabelPredictions

POSITIVE: Any = {"notion": "one-class", "class_index": 1}


def exactly(value: float) -> Any:
    return pytest.approx(value, abs=1e-14)


# scikit-learn-contrib/MAPIE, mapie/tests/test_metrics.py: 100 scores from NumPy's old generator, seed 1.


def unrelated() -> Predictions:
    generator = np.random.RandomState(1)
    outcomes = generator.choice([0, 1], size=100)
    return Predictions.from_probs(generator.uniform(size=100), outcomes)


def calibrated() -> Predictions:
    generator = np.random.RandomState(1)
    scores = generator.uniform(size=100)
    return Predictions.from_probs(scores, (generator.uniform(size=100) <= scores).astype(int))


def test_mapie_statistics() -> None:
    test = cumulative_test(unrelated(), form="maximum", **POSITIVE)
    assert test.statistic == pytest.approx(5.607741, abs=1e-6)
    assert spiegelhalter(unrelated()).test.statistic == pytest.approx(13.906833, abs=1e-6)


def test_mapie_kuiper_leaves_out_where_the_path_starts() -> None:
    """Its range is over the sums after the first row; here it includes the 0 before it, as a range must."""
    rows = unrelated()
    order = np.argsort(rows.probs()[:, 1])
    path = (rows.labels - rows.probs()[:, 1])[order].cumsum() / 100
    scale = math.sqrt(rows.probs().prod(axis=1).sum()) / 100
    assert (path.max() - path.min()) / scale == pytest.approx(5.354395, abs=1e-6)
    found = cumulative_test(rows, form="range", **POSITIVE).statistic
    assert found == pytest.approx((max(path.max(), 0) - min(path.min(), 0)) / scale, rel=1e-12)


@pytest.mark.parametrize(("form", "p_value"), [("maximum", 0.2148), ("range", 0.313006)])
def test_mapie_p_values(form: Any, p_value: float) -> None:
    assert cumulative_test(calibrated(), form=form, **POSITIVE).p_value == pytest.approx(p_value, abs=1e-6)
    assert cumulative_test(unrelated(), form=form, **POSITIVE).p_value == pytest.approx(0, abs=1e-6)


def test_mapie_spiegelhalter_is_one_sided() -> None:
    """Its p-value is that of overconfidence alone, half of the one here where z is positive."""
    test = spiegelhalter(calibrated()).test
    assert test.p_value is not None
    assert test.p_value / 2 == pytest.approx(0.174832, abs=1e-6)


def test_mapie_distributions() -> None:
    for x, farthest, widest in ((1, 0.370777, 0.063365), (2, 0.908999, 0.818506), (3, 0.9946, 0.989201)):
        assert 1 - farthest_tail(x) == pytest.approx(farthest, abs=1e-6)
        assert 1 - range_tail(x) == pytest.approx(widest, abs=1e-6)


# devmotion/CalibrationErrors.jl, test/skce.jl: two sure rows, kernel exp(-|p - q|² / 2), which between them
# is exp(-1); as is exp(-|p - q| / √2), the kernel here.

SURE = [[1.0, 0.0], [0.0, 1.0]]
WRONG_BOTH = [1, 0]
LABELS = ([0, 1], [0, 0], [1, 0], [1, 1])
KERNEL: Any = {"distance": "euclidean", "bandwidth": math.sqrt(2)}


@pytest.mark.parametrize("labels", LABELS)
def test_calibration_errors_unbiased(labels: list[int]) -> None:
    wanted = -2 * math.exp(-1) if labels == WRONG_BOTH else 0.0
    rows = Predictions.from_probs(SURE, labels)
    assert kernel_calibration_error(rows, **KERNEL).value == exactly(wanted)


@pytest.mark.parametrize(
    ("labels", "wanted"), list(zip(LABELS, (0, 0.5, 1 - math.exp(-1), 0.5), strict=True))
)
def test_calibration_errors_biased(labels: list[int], wanted: float) -> None:
    """Its biased estimator averages over all n² pairs, a row with itself too: that adds the Brier score."""
    rows = Predictions.from_probs(SURE, labels)
    unbiased = kernel_calibration_error(rows, **KERNEL).value
    assert (unbiased * 2 * 1 + brier(rows).value * 2) / 2**2 == exactly(wanted)


def test_calibration_errors_ten_times_the_same_two_rows() -> None:
    """Its blocks follow the row order, here they are shuffled; over all pairs 90 are equal and 100 differ."""
    rows = Predictions.from_probs(SURE * 10, WRONG_BOTH * 10)
    wanted = (90 * 2 - 100 * 2 * math.exp(-1)) / 190
    assert kernel_calibration_error(rows, **KERNEL).value == exactly(wanted)
    assert kernel_calibration_error(Predictions.from_probs(SURE * 10, [0, 1] * 10), **KERNEL).value == 0


@pytest.mark.parametrize(
    ("probs", "labels"),
    [([[0, 1], [1, 0]], [1, 0]), ([[0, 1], [0.5, 0.5], [0.5, 0.5], [1, 0]], [1, 1, 0, 0])],
)
def test_calibration_errors_of_calibrated_rows(probs: Any, labels: list[int]) -> None:
    """test/ece.jl, ten uniform bins."""
    rows = Predictions.from_probs(np.array(probs, float), labels)
    assert ece(rows, bins=10).value == ece(rows, bins=10, **POSITIVE).value == 0


# p-lambda/verified_calibration, calibration/util_test.py. It gives each distinct value a bin of its own;
# so do ten equal-width bins here, as no two values share a tenth. Its norms of order 3 have no name here.

NINE = [0.5, 0.5, 0.5, 0.6, 0.5, 0.6, 0.6, 0.6, 0.6]
NINE_LABELS = [0, 1, 0, 1, 0, 1, 1, 1, 0]


@pytest.mark.parametrize("form", ["one column", "two columns"])
def test_verified_calibration_binary(form: str) -> None:
    """The positive class and, as no score is below a half, the two labels of two classes."""
    scores = np.array(NINE)
    rows = Predictions.from_probs(
        scores if form == "one column" else np.stack([1 - scores, scores], axis=1), NINE_LABELS
    )
    assert ece(rows, bins=10, **POSITIVE).value == exactly(4 / 9 * 0.25 + 5 / 9 * 0.2)
    root = math.sqrt(4 / 9 * 0.25**2 + 5 / 9 * 0.2**2)
    assert rmsce(rows, bins=10, **POSITIVE).value == exactly(root)
    assert rmsce(rows, bins=10, notion="class-wise").value == exactly(root)
    assert METRICS["ece_l2_debiased"](rows).value < root


def fourteen(order: Any = slice(None)) -> Predictions:
    kinds = np.repeat([[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.1, 0.0, 0.9]], [6, 4, 4], axis=0)
    labels = np.array([0] * 5 + [1] * 4 + [2] * 5)
    return Predictions.from_probs(kinds[order], labels[order])


@pytest.mark.parametrize("seed", [None, 0, 1])
def test_verified_calibration_three_classes(seed: int | None) -> None:
    """Top label; and what it calls marginal: the mean over classes, squares before the root."""
    rows = fourteen() if seed is None else fourteen(np.random.default_rng(seed).permutation(14))
    first = 5 / 6 - 0.6
    assert ece(rows, bins=10).value == exactly(6 / 14 * first + 4 / 14 * 0.05 + 4 / 14 * 0.1)
    squares = 6 / 14 * first**2 + 4 / 14 * 0.05**2 + 4 / 14 * 0.1**2
    assert rmsce(rows, bins=10).value == exactly(math.sqrt(squares))
    assert METRICS["ece_l2_debiased"](rows).value < math.sqrt(squares)
    parts = (4 * 0.1, 6 * first, 8 * 0.1, 4 * 0.05, 6 * (0.3 - 1 / 6))
    assert ece(rows, bins=10, notion="class-wise").value == exactly(sum(parts) / 42)
    each = [rmsce(rows, bins=10, notion="one-class", class_index=j).value for j in range(3)]
    marginal = (4 * 0.1**2 + 6 * first**2 + 8 * 0.1**2 + 4 * 0.05**2 + 6 * (0.3 - 1 / 6) ** 2) / 42
    assert math.sqrt(np.mean(np.square(each))) == exactly(math.sqrt(marginal))


@pytest.mark.parametrize(
    ("p", "y", "gap", "root"),
    [
        ([0.3], [1], 0.7, 0.7),
        ([0.3], [0], 0.3, 0.3),
        ([0.3, 0.6], [1, 0], 0.65, 0.6519202405),
        ([0.3, 0.6, 0.6], [1, 0, 1], 0.3, math.sqrt((0.7**2 + 2 * 0.1**2) / 3)),
    ],
)
def test_verified_calibration_plug_in(p: list[float], y: list[int], gap: float, root: float) -> None:
    rows = Predictions.from_probs(p, y)
    assert ece(rows, bins=10, **POSITIVE).value == exactly(gap)
    assert rmsce(rows, bins=10, **POSITIVE).value == pytest.approx(root, abs=1e-10)


def test_verified_calibration_without_a_row_of_one_class() -> None:
    rows = Predictions.from_probs([[0.9, 0.1], [0.8, 0.2]], [0, 0])
    assert ece(rows, bins=15).value == exactly(0.15)


# uncertainty_metrics (Nixon et al., google), numpy/general_calibration_error_test.py. Its bins are [lo, hi).

FIVE = [
    [0.42610548, 0.41748077, 0.15641374],
    [0.44766216, 0.47721294, 0.0751249],
    [0.1862702, 0.15139402, 0.66233578],
    [0.05753544, 0.8561222, 0.08634236],
    [0.18697925, 0.29836466, 0.51465609],
]
SIX = [
    [0.31, 0.32, 0.27],
    [0.37, 0.33, 0.30],
    [0.30, 0.31, 0.39],
    [0.61, 0.38, 0.01],
    [0.10, 0.65, 0.25],
    [0.91, 0.05, 0.04],
]


def test_uncertainty_metrics_a_column_of_scores() -> None:
    scores = np.array([0.91, 0.32, 0.66, 0.67, 0.57, 0.98, 0.41, 0.19])
    labels = [1, 0, 1, 1, 0, 1, 0, 0]
    for shape in ((8,), (8, 1)):
        rows = Predictions.from_probs(scores.reshape(shape), labels)
        assert ece(rows, bins=30).value == exactly(0.18124999999999997)


def test_uncertainty_metrics_five_right_rows_in_bins_that_keep_the_order() -> None:
    """Five right rows: any number of bins is monotone, and the error is the mean of 1 - confidence."""
    rows = Predictions.from_probs(FIVE, [0, 1, 2, 1, 2])
    assert ece(rows, bins=30).value == pytest.approx(0.412713502, abs=1e-8)
    assert ece_sweep(rows).value == pytest.approx(0.412713502, abs=1e-8)


@pytest.mark.parametrize("scheme", ["equal-width", "equal-mass"])
@pytest.mark.parametrize("notion", ["top-label", "class-wise"])
@pytest.mark.parametrize("measure", [ece, rmsce, mce])
def test_uncertainty_metrics_every_combination_is_an_error_between_0_and_1(
    measure: Any, notion: Any, scheme: Any
) -> None:
    """Also with a class that no row has and nobody predicts."""
    for probs in (FIVE, [[*row, 0.0] for row in FIVE]):
        rows = Predictions.from_probs(probs, [0, 1, 2, 1, 2])
        assert 0 < measure(rows, bins=30, notion=notion, scheme=scheme).value < 1


def test_uncertainty_metrics_six_rows_one_of_which_is_no_distribution() -> None:
    """Its first row sums to 0.9, which is refused here. The confidences alone give its two numbers."""
    with pytest.raises(InvalidPredictions, match="sum to 1"):
        Predictions.from_probs(SIX, [1, 0, 0, 1, 0, 0])
    confidence = [0.32, 0.37, 0.39, 0.61, 0.65, 0.91]
    rows = TopLabelPredictions.from_labels(confidence, [1, 0, 2, 0, 1, 0], [1, 0, 0, 1, 0, 0])
    wanted = (abs(2 - (0.32 + 0.37 + 0.39)) + 0.61 + 0.65 + 0.09) / 6
    assert ece(rows, bins=10).value == exactly(wanted)
    squares = (0.68**2, 0.63**2, 0.39**2, 0.61**2, 0.65**2, 0.09**2)
    assert rmsce(rows, scheme="equal-mass", bins=10).value == exactly(math.sqrt(sum(squares) / 6))


# tuur/CalibrationSlopeInterceptPython, README.md: ten risks, values said to be those of val.prob of R's rms.


def test_calibration_slope_as_val_prob_of_r() -> None:
    risks = [0.01, 0.01, 0.24, 0.22, 0.02, 0.1, 0.03, 0.12, 0.04, 0.01]
    rows = Predictions.from_probs(risks, [0, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    found = calibration_slope(rows)
    assert found.slope == pytest.approx(0.16386382554885154, abs=1e-6)
    assert found.intercept == pytest.approx(-0.8927315726785341, abs=1e-6)
    assert rows.labels.mean() - np.mean(risks) == pytest.approx(0.12, abs=1e-12)
