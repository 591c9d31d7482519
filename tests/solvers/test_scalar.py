"""Halley's steps inside a bracket find the minimum of any convex function, in few evaluations."""

import math
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calibrant.errors import FitFailed
from calibrant.solvers import Derivatives, ScalarMinimum, minimise_scalar

Function = Callable[[float], Derivatives]


def quadratic(minimum: float, curvature: float = 1.0) -> Function:
    def function(x: float) -> Derivatives:
        return Derivatives(curvature * (x - minimum) ** 2 / 2, curvature * (x - minimum), curvature, 0.0)

    return function


def exponentials(*terms: tuple[float, float], tilt: float = 0.0) -> Function:
    """Sum of a·exp(b x), plus tilt·x."""

    def function(x: float) -> Derivatives:
        value, slope, curvature, third = (sum(a * b**d * math.exp(b * x) for a, b in terms) for d in range(4))
        return Derivatives(value + tilt * x, slope + tilt, curvature, third)

    return function


def logistic_loss(margins: list[float]) -> Function:
    """Mean of log(1 + exp(-x m)): positive margins are right, negative ones wrong."""

    def one(x: float, m: float) -> tuple[float, float, float, float]:
        p = 1 / (1 + math.exp(min(x * m, 700)))
        h = p * (1 - p)
        return -math.log1p(-p) if p < 1 else -x * m, -m * p, m * m * h, -(m**3) * h * (1 - 2 * p)

    def function(x: float) -> Derivatives:
        rows = [one(x, m) for m in margins]
        return Derivatives(*(math.fsum(column) / len(rows) for column in zip(*rows, strict=True)))

    return function


def solve(function: Function, start: float, lower: float = 1e-4, upper: float = 1e4) -> ScalarMinimum:
    return minimise_scalar(function, start=start, lower=lower, upper=upper)


@pytest.mark.parametrize("start", [1e-4, 0.5, 3.0, 3.0000001, 100.0, 1e4])
@pytest.mark.parametrize("curvature", [1e-30, 1.0, 1e30])
def test_a_parabola_from_anywhere(start: float, curvature: float) -> None:
    found = solve(quadratic(3.0, curvature), start)
    assert found.x == pytest.approx(3.0, rel=1e-12)
    assert found.value == pytest.approx(0, abs=1e-20 * curvature)
    assert found.curvature == curvature
    assert found.bound is None
    assert found.evaluations <= 12


@pytest.mark.parametrize("start", [1e-3, 0.7, 2.0, 30.0])
def test_a_logarithm_against_a_straight_line(start: float) -> None:
    """x - log x is convex with its minimum at 1; its Newton step overshoots far from it."""
    found = solve(lambda x: Derivatives(x - math.log(x), 1 - 1 / x, 1 / x**2, -2 / x**3), start)
    assert found.x == pytest.approx(1, rel=1e-11)
    assert found.value == pytest.approx(1, rel=1e-12)
    assert found.evaluations <= 15


@pytest.mark.parametrize("rate", [1.0, 30.0, 300.0, 700.0])
def test_a_steep_exponential_against_a_gentle_slope(rate: float) -> None:
    """exp(-x) + x·exp(-rate): Newton creeps by 1 a step from the left and leaps away from the right."""
    function = exponentials((1.0, -1.0), tilt=math.exp(-rate))
    found = solve(function, 1.0, upper=740.0)
    assert found.x == pytest.approx(rate, rel=1e-8)
    assert found.evaluations <= 40


@pytest.mark.parametrize("large", [1e2, 1e4, 1e6])
def test_two_exponentials_of_very_different_rates(large: float) -> None:
    """exp(-x) + exp(large·x - large·5) has its minimum just left of 5."""

    def function(x: float) -> Derivatives:
        up = math.exp(min(large * (x - 5.0), 600.0))
        down = math.exp(-x)
        return Derivatives(down + up, large * up - down, large**2 * up + down, large**3 * up - down)

    found = solve(function, 1.0)
    exact = 5 + (-math.log(large) - 5) / large
    assert found.x == pytest.approx(exact, rel=2e-2 if large == 1e2 else 1e-5)
    assert abs(function(found.x).slope) < 1e-4 * math.exp(-5)
    assert found.evaluations <= 100


def test_a_nearly_flat_function() -> None:
    """x**8 around 2: slope and curvature vanish together at the minimum."""
    found = solve(
        lambda x: Derivatives((x - 2) ** 8, 8 * (x - 2) ** 7, 56 * (x - 2) ** 6, 336 * (x - 2) ** 5), 0.1
    )
    assert found.value < 1e-25
    assert found.x == pytest.approx(2, abs=1e-2)


@pytest.mark.parametrize(("minimum", "bound", "x"), [(1e-9, "lower", 0.1), (1e9, "upper", 10.0)])
@pytest.mark.parametrize("start", [0.1, 1.0, 10.0, 1e-6, 1e6])
def test_a_minimum_outside_stops_at_the_bound_and_says_so(
    minimum: float, bound: str, x: float, start: float
) -> None:
    found = solve(quadratic(minimum), start, 0.1, 10.0)
    assert (found.x, found.bound) == (x, bound)
    assert found.evaluations <= 5


@pytest.mark.parametrize("slope", [1.0, -1.0, 1e-300, -1e-300])
def test_a_straight_line_runs_into_its_lower_end(slope: float) -> None:
    found = solve(lambda x: Derivatives(slope * x, slope, 0.0, 0.0), 1.0)
    assert found.bound == ("lower" if slope > 0 else "upper")
    assert found.x == (1e-4 if slope > 0 else 1e4)


def test_a_start_at_the_minimum_is_recognised_though_the_slope_is_not_quite_0() -> None:
    """A step too small to change x must end the search, not repeat it."""
    for slope in (1e-18, -1e-18, 5e-324, -5e-324):
        found = solve(lambda x, slope=slope: Derivatives(0.0, x - 1 or slope, 1.0, 0.0), 1.0)  # type: ignore[misc]
        assert found.x == pytest.approx(1, rel=1e-15)
        assert found.evaluations <= 3


def test_an_exact_zero_ends_the_search() -> None:
    assert solve(quadratic(2.0), 2.0) == ScalarMinimum(2.0, 0.0, 1.0, 1, None)


@given(
    st.lists(st.floats(0.01, 20), min_size=1, max_size=8),
    st.lists(st.floats(-20, -0.01), min_size=1, max_size=3),
    st.floats(1e-4, 1e4),
)
@example(right=[1.0], wrong=[-1.0], start=0.00010000000000000002)
@example(right=[20.0] * 8, wrong=[-0.01], start=9999.999999999998)
def test_logistic_losses_from_anywhere(right: list[float], wrong: list[float], start: float) -> None:
    function = logistic_loss(right + wrong)
    found = solve(function, start)
    assert found.evaluations <= 40
    if found.bound == "lower":
        assert function(1e-4).slope > 0
    elif found.bound == "upper":
        assert function(1e4).slope < 0
    else:
        # The slope changes sign within 1e-8 of it, or is rounding.
        noise = 1e-15 * max(map(abs, right + wrong))
        assert function(found.x * (1 - 1e-8)).slope <= noise
        assert function(found.x * (1 + 1e-8)).slope >= -noise


@pytest.mark.parametrize("name", ["value", "slope"])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_is_refused(name: str, bad: float) -> None:
    at = {"value": 1.0, "slope": 1.0, "curvature": 1.0, "third": 0.0, name: bad}
    with pytest.raises(FitFailed, match=r"not finite at 1\.0"):
        solve(lambda x: Derivatives(**at), 1.0)


@pytest.mark.parametrize("third", [math.nan, math.inf, -math.inf, 1e300])
def test_a_useless_third_derivative_does_no_harm(third: float) -> None:
    found = solve(
        lambda x: Derivatives((x - 3) ** 2 / 2, x - 3, 1.0, third if abs(x - 3) > 1 else 0.0), 100.0
    )
    assert found.x == pytest.approx(3)
