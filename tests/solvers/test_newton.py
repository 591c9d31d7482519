"""Newton's steps in a box: the constrained minimum, whatever the start and the scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from calibrant.errors import FitFailed
from calibrant.solvers import Quadratic, minimise_newton

FREE = np.full(3, np.inf)


def cosh_sum(scale: np.ndarray, centre: np.ndarray):  # type: ignore[no-untyped-def]
    """A convex function whose curvature changes, with coupled numbers."""
    mix = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -0.4], [0.3, 0.0, 1.0]]) * scale

    def at(x: np.ndarray) -> Quadratic:
        u = mix @ (x - centre)
        return Quadratic(float(np.cosh(u).sum()), mix.T @ np.sinh(u), mix.T @ (mix * np.cosh(u)[:, None]))

    return at


@given(
    centre=st.tuples(*[st.floats(-3, 3)] * 3),
    start=st.tuples(*[st.floats(-3, 3)] * 3),
    scale=st.sampled_from([0.1, 1.0, 5.0]),
)
def test_free_minimum(centre: tuple[float, ...], start: tuple[float, ...], scale: float) -> None:
    found = minimise_newton(
        cosh_sum(np.full(3, scale), np.array(centre)), start=np.array(start), lower=-FREE, upper=FREE
    )
    np.testing.assert_allclose(found.x, centre, atol=1e-6 / scale)


@given(centre=st.tuples(*[st.floats(-3, 3)] * 3))
def test_bounded_minimum(centre: tuple[float, ...]) -> None:
    function = cosh_sum(np.ones(3), np.array(centre))
    lower, upper = np.zeros(3), np.array([1.0, 2.0, np.inf])
    found = minimise_newton(function, start=np.full(3, 0.5), lower=lower, upper=upper)
    peer = minimize(
        lambda x: function(x).value,
        np.full(3, 0.5),
        jac=lambda x: function(x).gradient,
        bounds=list(zip(lower, upper, strict=True)),
        tol=1e-14,
    )
    assert found.value <= peer.fun + 1e-9 * abs(peer.fun)
    np.testing.assert_allclose(found.x, peer.x, atol=1e-4)


def test_numbers_of_very_different_size() -> None:
    size = np.array([1e-6, 1.0, 1e6])
    found = minimise_newton(
        cosh_sum(1 / size, size * [1.0, 2.0, -1.0]), start=np.zeros(3), lower=-FREE, upper=FREE
    )
    np.testing.assert_allclose(found.x / size, [1.0, 2.0, -1.0], atol=1e-7)


def test_a_singular_hessian_is_survived() -> None:
    def at(x: np.ndarray) -> Quadratic:
        total = x.sum() - 2
        return Quadratic(float(total**2 / 2), np.full(3, total), np.ones((3, 3)))

    assert minimise_newton(at, start=np.zeros(3), lower=-FREE, upper=FREE).x.sum() == pytest.approx(2)


def test_a_function_that_is_not_finite_is_an_error() -> None:
    with pytest.raises(FitFailed, match="not finite"):
        minimise_newton(
            lambda x: Quadratic(np.nan, np.ones(3), np.eye(3)), start=np.zeros(3), lower=-FREE, upper=FREE
        )


def test_no_descent_is_an_error() -> None:
    with pytest.raises(FitFailed, match="no step lowers the loss"):
        minimise_newton(
            lambda x: Quadratic(float(abs(x).sum()), -np.ones(3), np.eye(3)),
            start=np.zeros(3),
            lower=-FREE,
            upper=FREE,
        )
