"""Intervals against published values, SciPy and repeated rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, t

from calibrant.analysis.intervals import (
    clopper_pearson,
    mean_interval,
    proportion_interval,
    quantile,
    share_interval,
    wilson,
)
from calibrant.errors import InvalidArgument

NO_WEIGHT = np.zeros(0)


# Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998,
# table I, method 3 (score, no continuity correction), 95 %.
@pytest.mark.parametrize(
    ("successes", "rows", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(successes: int, rows: int, low: float, high: float) -> None:
    interval = proportion_interval(successes / rows, rows)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)
    assert (interval.level, interval.method) == (0.95, "wilson")


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(("successes", "rows"), [(0, 1), (1, 1), (3, 7), (1999, 2000), (500, 1000)])
def test_wilson_as_scipy_has_it(successes: int, rows: int, level: float) -> None:
    expected = binomtest(successes, rows).proportion_ci(level, method="wilson")
    interval = proportion_interval(successes / rows, rows, level)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_next_to_no_rows_leave_everything_open() -> None:
    low, high = wilson(np.array([0.0, 0.3, 1.0]), np.array([1e-320, 1e-300, 1e-200]))
    assert low.tolist() == [0.0, 0.0, 0.0]
    assert high.tolist() == [1.0, 1.0, 1.0]


def test_wilson_stays_between_0_and_1_and_an_empty_bin_has_none() -> None:
    low, high = wilson(np.array([0.0, 1.0, np.nan]), np.array([5.0, 5.0, 0.0]))
    assert low[0] == 0.0
    assert high[1] == 1.0
    assert np.isnan(low[2])
    assert np.isnan(high[2])


def test_the_interval_of_a_mean_by_hand() -> None:
    interval = mean_interval(np.array([1.0, 2.0, 3.0, 4.0]), NO_WEIGHT)
    assert interval is not None
    half = 1.959963984540054 * np.sqrt(5 / 3 / 4)
    assert (interval.low, interval.high) == pytest.approx((2.5 - half, 2.5 + half), rel=1e-14)
    assert interval.method == "normal"


def test_the_interval_of_a_mean_covers_it_as_often_as_it_says() -> None:
    generator = np.random.default_rng(0)
    intervals = [mean_interval(generator.exponential(size=400), NO_WEIGHT) for _ in range(1000)]
    covered = np.mean([one is not None and one.low <= 1.0 <= one.high for one in intervals])
    assert covered == pytest.approx(0.95, abs=0.025)


def test_many_rows_give_what_students_t_gives() -> None:
    values = np.random.default_rng(1).normal(size=5000)
    interval = mean_interval(values, NO_WEIGHT)
    assert interval is not None
    low, high = t.interval(0.95, 4999, values.mean(), values.std(ddof=1) / np.sqrt(5000))
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)


def test_a_weight_counts_as_so_many_rows() -> None:
    values, weight = np.array([0.1, 0.7, 0.4]), np.array([2.0, 1.0, 3.0])
    weighted, repeated = mean_interval(values, weight), mean_interval(np.repeat(values, [2, 1, 3]), NO_WEIGHT)
    assert weighted is not None
    assert repeated is not None
    assert (weighted.low, weighted.high) == pytest.approx((repeated.low, repeated.high), rel=1e-13)


def test_one_row_tells_nothing_about_spread() -> None:
    assert mean_interval(np.array([0.5]), NO_WEIGHT) is None


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95, float("nan")])
def test_a_level_that_is_none(level: float) -> None:
    with pytest.raises(InvalidArgument, match="level must lie between 0 and 1"):
        quantile(level)


# Newcombe 1998, table I, method 5 (Clopper-Pearson, exact), 95 %.
@pytest.mark.parametrize(
    ("successes", "rows", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_as_published(successes: int, rows: int, low: float, high: float) -> None:
    ends = clopper_pearson(np.array([successes / rows]), np.array([float(rows)]))
    assert (ends[0][0], ends[1][0]) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize(("successes", "rows"), [(0, 1), (1, 1), (3, 7), (1999, 2000), (500, 1000)])
def test_clopper_pearson_as_scipy_has_it(successes: int, rows: int, level: float) -> None:
    expected = binomtest(successes, rows).proportion_ci(level, method="exact")
    arguments = (np.array([successes / rows]), np.array([float(rows)]), level)
    low, high = clopper_pearson(*arguments)
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert low[0] <= successes / rows <= high[0]


def test_an_empty_bin_has_no_exact_interval() -> None:
    low, high = clopper_pearson(np.array([np.nan, 0.5]), np.array([0.0, 4.0]))
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False]


@pytest.mark.parametrize("shares", [[1.0, 0.0, 1.0], [1.0, 1.0], [0.0], [0.75]])
def test_shares_of_annotators_who_agree_or_stand_alone_count_as_labels(shares: list[float]) -> None:
    interval = share_interval(np.array(shares), NO_WEIGHT)
    labels = proportion_interval(float(np.mean(shares)), len(shares))
    assert (interval.low, interval.high) == pytest.approx((labels.low, labels.high))


def test_shares_that_do_not_vary_leave_no_doubt() -> None:
    interval = share_interval(np.full(5, 0.75), NO_WEIGHT)
    assert (interval.low, interval.high) == (0.75, 0.75)


def test_a_weight_of_w_is_w_shares() -> None:
    shares, weight = np.array([0.25, 0.75, 1.0]), np.array([2.0, 1.0, 3.0])
    assert share_interval(shares, weight) == share_interval(np.repeat(shares, [2, 1, 3]), NO_WEIGHT)


def test_an_interval_of_few_high_shares_covers_and_stays_below_1() -> None:
    generator = np.random.default_rng(0)
    covered = 0
    for _ in range(400):
        shares = generator.binomial(5, generator.beta(0.97 * 2, 0.03 * 2, 30)) / 5
        interval = share_interval(shares, NO_WEIGHT)
        assert 0 <= interval.low <= interval.high <= 1
        covered += interval.low <= 0.97 <= interval.high
    assert covered >= 0.92 * 400
