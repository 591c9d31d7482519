"""Venn-Abers against its definition: two isotonic fits for every row."""

import numpy as np
import pytest
from scipy.optimize import isotonic_regression

from calibrant.calibrators import VennAbers
from calibrant.errors import InvalidArgument, NotFitted
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


def by_definition(scores: np.ndarray, labels: np.ndarray, test: float) -> tuple[float, float]:
    pair = []
    for label in (0, 1):
        _, index = np.unique(np.append(scores, test), return_inverse=True)
        weight = np.bincount(index).astype(float)
        positives = np.bincount(index, np.append(labels, label))
        pair.append(isotonic_regression(positives / weight, weights=weight).x[index[-1]])
    return pair[0], pair[1]


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_those_of_the_definition(seed: int) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.integers(1, 30, 40) / 32
    labels = (generator.random(40) < scores).astype(int)
    test = np.concatenate((scores, generator.random(40), [0.0, 1.0]))
    fitted = VennAbers().fit(Predictions.from_probs(scores, labels))
    pair = fitted.intervals(Predictions.from_probs(test, np.zeros(len(test), int)))
    expected = np.array([by_definition(scores, labels, value) for value in test])
    np.testing.assert_allclose(pair.lower[:, 1], expected[:, 0], atol=1e-14)
    np.testing.assert_allclose(pair.upper[:, 1], expected[:, 1], atol=1e-14)


def test_the_two_classes_of_a_binary_problem_mirror_each_other() -> None:
    rows = overconfident(100, 2)
    pair = VennAbers().fit(rows).intervals(rows)
    np.testing.assert_allclose(pair.lower[:, 0], 1 - pair.upper[:, 1])
    np.testing.assert_allclose(pair.upper[:, 0], 1 - pair.lower[:, 1])


def test_merging() -> None:
    rows = overconfident(100, 2)
    fitted = VennAbers().fit(rows)
    pair = fitted.intervals(rows)
    low, high = pair.lower[:, 1], pair.upper[:, 1]
    np.testing.assert_allclose(fitted.transform(rows).scores[:, 1], high / (1 - low + high))


@pytest.mark.parametrize("folds", [1, 4])
@pytest.mark.parametrize("k", [2, 5])
def test_lower_is_below_upper(folds: int, k: int) -> None:
    rows = overconfident(200, k)
    pair = VennAbers(folds).fit(rows).intervals(overconfident(200, k, seed=9))
    assert (pair.lower <= pair.upper).all()
    assert pair.lower.min() >= 0
    assert pair.upper.max() <= 1


def test_intervals_shrink_with_more_rows() -> None:
    few, many = (VennAbers().fit(overconfident(n, 2)) for n in (100, 10_000))
    test = overconfident(500, 2, seed=5)
    widths = [np.mean(pair.upper - pair.lower) for pair in (few.intervals(test), many.intervals(test))]
    assert widths[1] < widths[0] / 3


def test_cross_averages_folds_as_geometric_means() -> None:
    rows = Predictions.from_probs([0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1])
    fitted = VennAbers(folds=9).fit(rows)
    # More folds than rows: each row calibrates alone.
    test = Predictions.from_probs([0.5], [0])
    singles = [VennAbers().fit(rows.take([row])).intervals(test) for row in range(4)]
    upper = np.prod([single.upper[0, 1] for single in singles]) ** 0.25
    lower = 1 - np.prod([1 - single.lower[0, 1] for single in singles]) ** 0.25
    pair = fitted.intervals(test)
    assert pair.upper[0, 1] == pytest.approx(upper)
    assert pair.lower[0, 1] == pytest.approx(lower)


def test_intervals_need_a_fit() -> None:
    with pytest.raises(NotFitted):
        VennAbers().intervals(overconfident(3, 2))


def test_folds_are_checked() -> None:
    with pytest.raises(InvalidArgument, match="folds"):
        VennAbers(0)
