"""Newton's steps by conjugate gradients, and L-BFGS before them: near, then as near as rounding allows."""

import numpy as np
import pytest

from calibrant.errors import FitFailed
from calibrant.solvers import Slope, minimise_lbfgs, minimise_newton_cg

M = 60


class LogCosh:
    """Σ log cosh(A (x - c)) + |x - c|² / 100: smooth, strictly convex, curved only near its minimum."""

    def __init__(self, seed: int = 0) -> None:
        generator = np.random.default_rng(seed)
        self.matrix = generator.normal(size=(2 * M, M)) / np.sqrt(M)
        self.centre = generator.normal(size=M) * 3

    def at(self, x: np.ndarray) -> Slope:
        u = self.matrix @ (x - self.centre)
        value = (np.logaddexp(u, -u) - np.log(2)).sum() + (x - self.centre) @ (x - self.centre) / 100
        return Slope(float(value), self.matrix.T @ np.tanh(u) + (x - self.centre) / 50)

    def product(self, x: np.ndarray, step: np.ndarray) -> np.ndarray:
        u = self.matrix @ (x - self.centre)
        return self.matrix.T @ ((self.matrix @ step) / np.cosh(u) ** 2) + step / 50


@pytest.mark.parametrize("seed", range(4))
def test_newton_cg_ends_at_the_minimum(seed: int) -> None:
    function = LogCosh(seed)
    found = minimise_newton_cg(function, start=np.zeros(M))
    np.testing.assert_allclose(found.x, function.centre, atol=1e-9)
    assert found.evaluations < 60


@pytest.mark.parametrize("seed", range(4))
def test_lbfgs_comes_near(seed: int) -> None:
    function = LogCosh(seed)
    found = minimise_lbfgs(function.at, start=np.zeros(M), tolerance=1e-10)
    np.testing.assert_allclose(found.x, function.centre, atol=1e-3)
    assert found.converged
    assert found.evaluations < 120


def test_a_looser_tolerance_costs_less() -> None:
    function = LogCosh()
    loose, tight = (
        minimise_lbfgs(function.at, start=np.zeros(M), tolerance=tolerance).evaluations
        for tolerance in (1e-3, 1e-12)
    )
    assert loose < tight


def test_a_search_cut_short_says_so() -> None:
    def cliff(x: np.ndarray) -> Slope:
        return Slope(float(np.exp(-x).sum()), -np.exp(-x))

    found = minimise_lbfgs(cliff, start=np.zeros(2), tolerance=0.0)
    assert not found.converged


def test_at_the_minimum_nothing_moves() -> None:
    function = LogCosh()
    assert (minimise_newton_cg(function, start=function.centre).x == function.centre).all()
    assert minimise_lbfgs(function.at, start=function.centre, tolerance=0.0).evaluations == 1


def test_what_is_not_finite_is_an_error() -> None:
    class Broken(LogCosh):
        def at(self, x: np.ndarray) -> Slope:
            return Slope(np.inf, np.ones(M))

    with pytest.raises(FitFailed, match="not finite"):
        minimise_newton_cg(Broken(), start=np.zeros(M))
    with pytest.raises(FitFailed, match="not finite"):
        minimise_lbfgs(Broken().at, start=np.zeros(M), tolerance=1e-9)
