"""Newton's steps in a box: the constrained minimum, whatever the start and the scale."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from calibrant.errors import FitFailed
from calibrant.solvers import Quadratic, minimise_newton, minimise_newton_together

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


def logistic(columns: np.ndarray, labels: np.ndarray, weight: np.ndarray):  # type: ignore[no-untyped-def]
    """Logistic regression with a tiny ridge."""

    def at(x: np.ndarray) -> Quadratic:
        u = columns @ x
        p = expit(u)
        curved = columns * (weight * p * (1 - p))[:, None]
        loss = np.logaddexp(0.0, np.where(labels == 1, -u, u)) @ weight
        return Quadratic(
            float(loss + 1e-6 * (x @ x) / 2),
            columns.T @ (weight * (p - labels)) + 1e-6 * x,
            columns.T @ curved + 1e-6 * np.eye(len(x)),
        )

    return at


@given(
    x=st.lists(st.floats(-3, 3, width=32), min_size=2, max_size=8, unique=True),
    labels=st.lists(st.integers(0, 1), min_size=8, max_size=8),
    weight=st.lists(st.sampled_from([1e-6, 1e-3, 1e-2, 1.0]), min_size=8, max_size=8),
)
def test_a_number_almost_at_its_bound_does_not_turn_the_step_uphill(
    x: list[float], labels: list[int], weight: list[float]
) -> None:
    """Two correlated slopes that may not be negative, on rows that few numbers separate."""
    score, n = np.array(x), len(x)
    columns = np.stack((-np.logaddexp(0, -score), np.logaddexp(0, score), np.ones(n)), axis=1)
    function = logistic(columns, np.array(labels[:n]), np.array(weight[:n]))
    lower = np.array([0.0, 0.0, -np.inf])
    found = minimise_newton(function, start=np.array([1.0, 1.0, 0.0]), lower=lower, upper=FREE)
    gradient = function(found.x).gradient
    scale = np.abs(function(np.zeros(3)).gradient).max() + 1e-6
    inside = found.x > lower
    assert np.abs(gradient[inside]).max(initial=0.0) <= 1e-5 * scale
    assert gradient.min() >= -1e-5 * scale


def test_a_singular_hessian_at_a_bound_is_survived() -> None:
    """Two numbers that do the same, one of which may not fall below 1."""

    def at(x: np.ndarray) -> Quadratic:
        total = x.sum() + 3
        return Quadratic(float(total**2 / 2), np.full(2, total), np.ones((2, 2)))

    lower = np.array([1.0, -np.inf])
    found = minimise_newton(at, start=np.array([1.0, 5.0]), lower=lower, upper=FREE[:2])
    assert found.x.sum() == pytest.approx(-3)
    assert found.x[0] >= 1


def test_a_bound_more_steps_away_than_a_float_can_count_is_not_met() -> None:
    def nearly_flat(x: np.ndarray) -> Quadratic:
        slope = np.array([1e-320, x[1] - 2.0])
        return Quadratic(float((x[1] - 2.0) ** 2 / 2), slope, np.diag([1.0, 1.0]))

    lower = np.array([-1.0, -np.inf])
    found = minimise_newton(nearly_flat, start=np.zeros(2), lower=lower, upper=FREE[:2])
    assert found.x == pytest.approx([0.0, 2.0])


def test_a_gain_below_rounding_ends_it() -> None:
    """Its values are too coarse to show what the slope promises."""

    def at(x: np.ndarray) -> Quadratic:
        return Quadratic(1.0 + 1e-12 * float(x[0] != 0), np.array([1e-6]), np.eye(1))

    assert minimise_newton(at, start=np.zeros(1), lower=-FREE[:1], upper=FREE[:1]).x.tolist() == [0.0]


def test_several_functions_are_minimised_in_as_many_rounds_as_the_slowest_needs() -> None:
    functions = [
        cosh_sum(np.full(3, scale), np.full(3, centre))
        for scale, centre in ((0.1, 2.0), (5.0, -1.0), (1.0, 0.3))
    ]
    starts = [np.zeros(3), np.full(3, 0.5), np.ones(3)]
    rounds: list[tuple[int, ...]] = []

    def together(points: Mapping[int, np.ndarray]) -> dict[int, Quadratic]:
        rounds.append(tuple(points))
        return {number: functions[number](x) for number, x in points.items()}

    found = minimise_newton_together(together, starts=starts, lower=-FREE, upper=FREE)
    calls = []
    for minimum, function, start in zip(found, functions, starts, strict=True):
        counted = Counted(function)
        alone = minimise_newton(counted, start=start, lower=-FREE, upper=FREE)
        assert (minimum.x.tolist(), minimum.iterations) == (alone.x.tolist(), alone.iterations)
        calls.append(counted.calls)
    assert len(rounds) == max(calls)
    assert [sum(number in each for each in rounds) for number in range(3)] == calls


class Counted:
    """A function that knows how often it was called."""

    def __init__(self, function: Callable[[np.ndarray], Quadratic]) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, x: np.ndarray) -> Quadratic:
        self.calls += 1
        return self.function(x)
