"""The pair of one problem: both curves, whole and in folds."""

import numpy as np
import pytest

from calibrant.calibrators.binary_problem import BinaryProblem
from calibrant.calibrators.curves import step
from calibrant.calibrators.venn_abers_pair import fit_pair, fold_tallies

SCORES = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
POSITIVE = np.array([False, True, False, True, True])


def test_folds_are_averaged_as_geometric_means() -> None:
    fold = np.array([0, 1, 0, 1, 0])
    whole = fit_pair(fold_tallies(BinaryProblem(SCORES, POSITIVE, None), fold))
    halves = [fit_pair([BinaryProblem(SCORES[fold == j], POSITIVE[fold == j], None).tally()]) for j in (0, 1)]
    at = np.linspace(-0.1, 1.1, 25)
    expected = np.sqrt(step(halves[0].upper, at) * step(halves[1].upper, at))
    np.testing.assert_allclose(step(whole.upper, at), expected, rtol=1e-12)
    expected = np.sqrt(step(halves[0].opposite, -at) * step(halves[1].opposite, -at))
    np.testing.assert_allclose(step(whole.opposite, -at), expected, rtol=1e-12)


def test_the_opposite_question_swaps_the_curves() -> None:
    one = fit_pair([BinaryProblem(SCORES, POSITIVE, None).tally()])
    other = fit_pair([BinaryProblem(-SCORES, ~POSITIVE, None).tally()])
    np.testing.assert_array_equal(one.upper.values, other.opposite.values)
    np.testing.assert_array_equal(one.opposite.knots, other.upper.knots)


@pytest.mark.parametrize("fold", [np.array([0, 0, 2, 2, 2]), np.array([1, 1, 1, 1, 1])])
def test_empty_folds_are_passed_over(fold: np.ndarray) -> None:
    pair = fit_pair(fold_tallies(BinaryProblem(SCORES, POSITIVE, None), fold))
    assert np.isfinite(pair.upper.values).all()


def test_a_fold_of_weightless_rows_is_passed_over() -> None:
    weight = np.array([0.0, 1, 0, 1, 1])
    fold = np.array([0, 1, 0, 1, 1])
    pair = fit_pair(fold_tallies(BinaryProblem(SCORES, POSITIVE, weight), fold))
    kept = weight > 0
    alone = fit_pair([BinaryProblem(SCORES[kept], POSITIVE[kept], None).tally()])
    np.testing.assert_array_equal(pair.upper.values, alone.upper.values)
