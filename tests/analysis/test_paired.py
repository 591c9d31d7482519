"""Paired differences: their mean, their interval, and what pairing buys."""

from __future__ import annotations

import numpy as np
import pytest

from calibrant.analysis import paired_differences
from calibrant.analysis.paired import MOST_DRAWN, Pairs, paired_interval

UNWEIGHTED = np.ones(0)


def losses(n: int, gap: float, seed: int = 0) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    base = generator.exponential(size=n)
    return {"old": base, "new": base + gap + 0.1 * generator.normal(size=n)}


def test_the_reference_differs_from_itself_by_nothing() -> None:
    difference = paired_differences(losses(100, 0.1), "old", UNWEIGHTED)["old"]
    assert (difference.mean, difference.low, difference.high) == (0, 0, 0)


def test_the_interval_is_that_of_the_differences_not_of_the_losses() -> None:
    scores = losses(4000, -0.02)
    difference = paired_differences(scores, "old", UNWEIGHTED)["new"]
    gaps = scores["new"] - scores["old"]
    half = 1.96 * gaps.std() / np.sqrt(4000)
    assert difference.mean == pytest.approx(gaps.mean(), abs=1e-12)
    assert difference.low == pytest.approx(gaps.mean() - half, abs=half / 5)
    assert difference.high == pytest.approx(gaps.mean() + half, abs=half / 5)


def test_it_covers_the_truth_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(200):
        difference = paired_differences(
            losses(300, 0.01, seed), "old", UNWEIGHTED, replicates=200, seed=seed
        )["new"]
        covered += difference.low <= 0.01 <= difference.high
    assert 178 <= covered <= 200


def test_a_seed_repeats() -> None:
    whole = paired_differences(losses(50, 0.1), "old", UNWEIGHTED, seed=3)["new"]
    assert paired_differences(losses(50, 0.1), "old", UNWEIGHTED, seed=3)["new"] == whole
    assert paired_differences(losses(50, 0.1), "old", UNWEIGHTED, seed=4)["new"] != whole


def test_weights_weigh() -> None:
    scores = {"a": np.array([1.0, 3.0]), "b": np.array([0.0, 0.0])}
    assert paired_differences(scores, "b", np.array([3.0, 1.0]))["a"].mean == 1.5


@pytest.mark.parametrize("weighted", [False, True])
def test_many_rows_have_the_normal_interval_that_the_bootstrap_of_them_has(weighted: bool) -> None:
    scores = losses(MOST_DRAWN, -0.02)
    weight = np.random.default_rng(1).exponential(size=MOST_DRAWN) if weighted else UNWEIGHTED
    drawn = paired_differences(scores, "old", weight)["new"]
    one_more = {name: np.append(values, values.mean()) for name, values in scores.items()}
    more = paired_differences(one_more, "old", np.append(weight, 1.0) if weighted else weight)["new"]
    assert (paired_interval(MOST_DRAWN), paired_interval(MOST_DRAWN + 1)) == ("percentile", "normal")
    assert more.high - more.mean == pytest.approx(more.mean - more.low, rel=1e-9)
    assert more.high - more.low == pytest.approx(drawn.high - drawn.low, rel=0.1)
    assert more.mean == pytest.approx(drawn.mean, abs=1e-6)


@pytest.mark.parametrize("n", [60, MOST_DRAWN + 1])
def test_competitors_one_by_one_are_those_all_at_once(n: int) -> None:
    generator = np.random.default_rng(0)
    scores = {name: generator.exponential(size=n) for name in ("b", "c", "a")}
    weight = generator.exponential(size=n)
    pairs = Pairs(["b", "c"], weight, n, seed=3)
    for name, losses in scores.items():
        pairs.add(name, losses)
    wanted = {reference: paired_differences(scores, reference, weight, seed=3) for reference in ("b", "c")}
    assert pairs.differences() == wanted
