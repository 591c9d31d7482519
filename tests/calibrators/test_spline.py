"""Spline calibration: straight without evidence, bent with it, and safe beyond its knots."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from calibrant.calibrators import SplineCalibration, TemperatureScaling
from calibrant.calibrators.natural_spline import roughness_form, spline_basis, spline_value
from calibrant.calibrators.penalised_spline import _Problem
from calibrant.calibrators.spline import log_odds
from calibrant.calibrators.tally import ScoreTally
from calibrant.errors import InvalidArgument
from calibrant.metrics import nll
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident


def test_it_bends_where_temperature_scaling_cannot() -> None:
    generator = np.random.default_rng(0)
    truth = generator.normal(size=20_000)
    labels = generator.random(20_000) < 1 / (1 + np.exp(-truth))
    logits = np.sign(truth) * truth**2 * 3
    validation = Predictions.from_logits(logits[:10_000], labels[:10_000])
    test = Predictions.from_logits(logits[10_000:], labels[10_000:])
    bent = nll(SplineCalibration().fit(validation).transform(test)).value
    straight = nll(TemperatureScaling().fit(validation).transform(test)).value
    assert bent < straight - 0.005


def test_it_stays_straight_where_temperature_scaling_is_right() -> None:
    validation, test = overconfident(5000, 3, seed=1), overconfident(20_000, 3, seed=2)
    bent = nll(SplineCalibration().fit(validation).transform(test)).value
    straight = nll(TemperatureScaling().fit(validation).transform(test)).value
    assert bent < straight + 0.003


def test_log_odds_do_not_cancel() -> None:
    np.testing.assert_allclose(log_odds(np.array([[60.0, 0.0, 0.0]]), 1.0)[0, 0], 60 - np.log(2), rtol=1e-15)
    np.testing.assert_allclose(log_odds(np.array([[0.0, 7.0]]), 2.0), [[-3.5, 3.5]])


def test_log_odds_of_masked_classes_are_finite() -> None:
    odds = log_odds(np.array([[0.0, -np.inf, -np.inf]]), 1.0)
    assert odds.tolist() == [pytest.approx([126 * np.log(2), -126 * np.log(2), -126 * np.log(2)])]


def test_a_spline_through_a_line_is_the_line_everywhere() -> None:
    knots, scores = np.array([-2.0, -1.0, 0.5, 3.0]), np.linspace(-9, 9, 50)
    np.testing.assert_allclose(spline_basis(knots, scores) @ knots, scores, atol=1e-12)
    np.testing.assert_allclose(spline_value(knots, 2 * knots + 1, scores), 2 * scores + 1, atol=1e-12)
    assert knots @ roughness_form(knots) @ knots == pytest.approx(0, abs=1e-9)


def test_roughness_is_the_integral_of_the_squared_second_derivative() -> None:
    knots, values = np.array([-2.0, -1.0, 0.5, 3.0]), np.array([0.0, 2.0, 1.0, 4.0])
    fine = np.linspace(-2, 3, 200_001)
    second = np.gradient(np.gradient(spline_value(knots, values, fine), fine), fine)
    integral = np.sum(second[2:-2] ** 2) * (fine[1] - fine[0])
    assert values @ roughness_form(knots) @ values == pytest.approx(integral * 5**3, rel=1e-3)


def test_beyond_the_knots_it_never_falls() -> None:
    knots, values = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 0.0])
    assert spline_value(knots, values, np.array([9.0]))[0] == pytest.approx(0.0)


@pytest.fixture
def problem() -> tuple[ScoreTally, _Problem, np.ndarray]:
    generator = np.random.default_rng(4)
    x = generator.normal(size=60)
    tally = ScoreTally.of(x, generator.random(60) < 1 / (1 + np.exp(-x / 2)))
    basis = spline_basis(np.array([-1.0, 0.0, 1.0]), tally.scores)
    return tally, _Problem(tally, basis), basis


def test_newton_finds_the_minimum(problem: tuple[ScoreTally, _Problem, np.ndarray]) -> None:
    tally, penalised, basis = problem
    penalty = np.array([0.5, 1.0, 2.0])

    def loss(moved: np.ndarray) -> float:
        fitted = tally.scores + basis @ moved
        data = tally.weight @ np.logaddexp(0, fitted) - tally.positives @ fitted
        return float(data + moved @ (penalty * moved) / 2)

    expected = minimize(loss, np.zeros(3), tol=1e-12)
    np.testing.assert_allclose(penalised.minimise(np.zeros(3), penalty), expected.x, atol=1e-5)


def test_leave_one_out_is_close_to_leaving_each_row_out(
    problem: tuple[ScoreTally, _Problem, np.ndarray],
) -> None:
    tally, penalised, basis = problem
    penalty = np.array([0.5, 1.0, 2.0])
    total = 0.0
    for row in range(60):
        kept = np.arange(60) != row
        others = ScoreTally(tally.scores[kept], tally.weight[kept], tally.positives[kept])
        moved = _Problem(others, basis[kept]).minimise(np.zeros(3), penalty)
        fitted = tally.scores[row] + basis[row] @ moved
        total += np.logaddexp(0, fitted) - tally.positives[row] * fitted
    fit = penalised.minimise(np.zeros(3), penalty)
    assert penalised.leave_one_out(fit, penalty) == pytest.approx(total, rel=5e-3)


@pytest.mark.parametrize("arguments", [{"knots": 1}, {"shrinkage": 0}, {"shrinkage": "much"}])
def test_arguments_are_checked(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match=next(iter(arguments))):
        SplineCalibration(**arguments)
