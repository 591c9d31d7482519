"""ECE and log-loss against temperature."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from calibrant.analysis import Sweep, sweep
from calibrant.errors import InvalidArgument
from calibrant.plots import draw_sweep, sweep_figure
from calibrant.predictions import Predictions
from tests.plots.figures import assert_text_stands_clear, visible_text


@pytest.fixture(scope="module")
def swept(over_confident: Predictions) -> Sweep:
    return sweep(over_confident, [2.0, 0.25, 4.0, 1.0, 0.5])


def test_ece_stands_above_log_loss(swept: Sweep) -> None:
    upper, lower = sweep_figure(swept).axes
    assert (upper.get_ylabel(), lower.get_ylabel()) == ("ECE", "Log-loss (nats)")
    assert lower.get_xlabel() == "Temperature T"


def test_points_are_joined_in_the_order_of_t(swept: Sweep) -> None:
    curve = draw_sweep(swept, Figure().subplots(), metric="nll").lines[0]
    order = np.argsort(swept.temperature)
    assert list(curve.get_xdata()) == [0.25, 0.5, 1.0, 2.0, 4.0]
    np.testing.assert_array_equal(curve.get_ydata(), swept.nll[order])


def test_the_validation_optimum_is_marked_with_its_error(swept: Sweep) -> None:
    figure = sweep_figure(swept, temperature=1.9532, stderr=0.0471)
    assert "validation optimum (T = 1.953 ± 0.047)" in visible_text(figure)
    band = figure.axes[0].patches[0].get_extents().transformed(figure.axes[0].transData.inverted())
    assert (band.x0, band.x1) == pytest.approx((1.9532 - 0.0471, 1.9532 + 0.0471))


def test_without_an_optimum_only_t_1_is_marked(swept: Sweep) -> None:
    words = visible_text(sweep_figure(swept))
    assert "as trained (T = 1)" in words
    assert "optimum" not in words


@pytest.mark.parametrize(("temperatures", "scale"), [([0.25, 1, 4], "log"), ([0.5, 1, 1.5, 2], "linear")])
def test_a_wide_range_gets_a_logarithmic_axis(
    over_confident: Predictions, temperatures: list[float], scale: str
) -> None:
    ax = sweep_figure(sweep(over_confident, temperatures)).axes[1]
    assert ax.get_xscale() == scale


def test_a_single_temperature_is_drawn(over_confident: Predictions) -> None:
    assert_text_stands_clear(sweep_figure(sweep(over_confident, [1.0])))


def test_no_text_overlaps(over_confident: Predictions) -> None:
    wide = sweep(over_confident, np.geomspace(0.01, 100, 9))
    assert_text_stands_clear(sweep_figure(wide, temperature=1.95, stderr=0.05))


def test_an_unknown_metric_is_refused(swept: Sweep) -> None:
    with pytest.raises(InvalidArgument, match="'mce'"):
        draw_sweep(swept, Figure().subplots(), metric="mce")  # type: ignore[arg-type]
