"""Plans: enough rows and no more, and the same from a pilot as from what the pilot shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibrant.analysis import (
    assumed_spread,
    l2_error_interval,
    mean_intervals,
    plan,
    rows_to_fit,
    spread_of,
)
from calibrant.analysis.intervals import proportion_interval
from calibrant.calibrators import calibrator
from calibrant.errors import InvalidArgument
from calibrant.predictions import Predictions
from tests.drawn_predictions import overconfident
from tests.known_errors import overconfident_by


@given(accuracy=st.floats(0, 1), half_width=st.floats(0.002, 0.2))
def test_the_rows_for_an_accuracy_are_enough_and_no_more(accuracy: float, half_width: float) -> None:
    rows = plan(assumed_spread(accuracy=accuracy), half_width=half_width).rows["accuracy"]
    assert rows is not None

    def half(n: int) -> float:
        interval = proportion_interval(accuracy, n)
        return (interval.high - interval.low) / 2

    assert half(rows) <= half_width
    assert rows == 2 or half(rows - 1) > half_width


def test_planned_rows_give_the_planned_widths() -> None:
    pilot = overconfident_by(0.05, 2000, 0)
    planned = plan(spread_of(pilot, error=0.05), half_width=0.012)
    for name, n in planned.rows.items():
        assert n is not None
        widths = []
        for seed in range(1, 9):
            rows = overconfident_by(0.05, n, seed)
            found = (
                l2_error_interval(rows).interval if name == "ece_l2_debiased" else mean_intervals(rows)[name]
            )
            widths.append((found.high - found.low) / 2)
        assert np.mean(widths) == pytest.approx(0.012, rel=0.12), name


def test_half_the_width_takes_four_times_the_rows_far_from_0() -> None:
    spread = assumed_spread(accuracy=0.8, error=0.1, nll_deviation=0.9)
    wide, narrow = (plan(spread, half_width=each).rows for each in (0.01, 0.005))
    for name in ("accuracy", "nll", "ece_l2_debiased"):
        assert narrow[name] / wide[name] == pytest.approx(4, rel=0.02), name  # type: ignore[operator]


def test_a_pilot_says_what_it_found() -> None:
    pilot = overconfident_by(0.05, 2000, 0)
    spread = spread_of(pilot)
    assert spread.source == "a pilot of 2,000 rows"
    assert spread.error == pytest.approx(l2_error_interval(pilot).estimate)
    assert spread.accuracy == pytest.approx(np.mean(pilot.labels))
    probs = pilot.probs()
    assert spread.nll_deviation == pytest.approx(np.log(probs[np.arange(2000), pilot.labels]).std(), rel=1e-3)
    planned = plan(spread, half_width=0.01)
    assert planned.assumed["error"] == spread.error
    assert "judged by a pilot of 2,000 rows" in str(planned)


def test_weights_of_the_pilot_are_rows() -> None:
    rows = overconfident(200, 3)
    doubled = Predictions.from_logits(rows.scores, rows.labels, sample_weight=np.full(200, 2.0))
    repeated = rows.take(np.repeat(np.arange(200), 2))
    one, other = (plan(spread_of(each), half_width=0.01).rows for each in (doubled, repeated))
    assert one == other


def test_what_is_not_known_is_none_and_said() -> None:
    planned = plan(assumed_spread(accuracy=0.9), half_width=0.01)
    assert planned.rows["nll"] is planned.rows["brier"] is None
    assert planned.to_json()["rows"]["nll"] is None
    assert "unknown" in str(planned)
    assert plan(assumed_spread(accuracy=0.9, nll_deviation=1.0), half_width=1e-9).rows == dict.fromkeys(
        ("accuracy", "nll", "brier", "ece_l2_debiased")
    )


@pytest.mark.parametrize(
    ("parameters", "excess", "rows"), [(1, 0.001, 500), (20, 0.001, 10_000), (3, 0.01, 150), (0, 0.1, 1)]
)
def test_rows_to_fit(parameters: int, excess: float, rows: int) -> None:
    need = rows_to_fit(parameters, excess=excess)
    assert need.rows == rows
    assert parameters / (2 * need.rows) <= excess * (1 + 1e-9)


def test_a_fit_loses_what_the_rule_says() -> None:
    """Vector scaling of calibrated logits: five free parameters over three classes (a shift is idle)."""
    test = overconfident(40_000, 3, seed=99, temperature=1.0, spread=1.5)
    best = mean_nll(test)
    lost = []
    for seed in range(40):
        fitted = calibrator("vector").fit(overconfident(300, 3, seed=seed, temperature=1.0, spread=1.5))
        lost.append(mean_nll(fitted.transform(test)) - best)
    assert np.mean(lost) == pytest.approx(5 / 600, rel=0.4)


def mean_nll(rows: Predictions) -> float:
    return float(-np.mean(np.log(rows.probs()[np.arange(rows.n), rows.labels])))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: plan(assumed_spread(accuracy=0.5), half_width=0), "half_width must be a number above 0"),
        (lambda: plan(assumed_spread(accuracy=0.5), half_width=0.1, level=1), "level must lie between"),
        (lambda: assumed_spread(accuracy=80), "accuracy must lie between 0 and 1; got 80"),
        (lambda: assumed_spread(accuracy=0.8, error=-0.1), "error must lie between 0 and 1"),
        (lambda: assumed_spread(accuracy=0.8, nll_deviation=0.0), "nll_deviation must be above 0"),
        (lambda: spread_of(Predictions.from_probs([0.9], [1])), "a pilot of one row says nothing"),
        (lambda: rows_to_fit(10**400, excess=1e300), "need more than 1,000,000,000,000 rows"),
        (lambda: rows_to_fit(-1), "parameters must be a whole number"),
        (lambda: rows_to_fit(1, excess=0.0), "excess must be a number above 0"),
    ],
)
def test_what_cannot_be_planned(ask: Any, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        ask()
