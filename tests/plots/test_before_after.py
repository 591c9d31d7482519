"""The overlay of the curves before and after a temperature."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import same_color

from calibrant.analysis import ReliabilityTable, reliability
from calibrant.calibrators import TemperatureScaling
from calibrant.plots import before_after_figure
from calibrant.plots.style import BLUE, GREY, PALE, VERMILLION
from calibrant.predictions import Predictions
from tests.plots.figures import assert_text_stands_clear, visible_text


@pytest.fixture(scope="module")
def swept(over_confident: Predictions) -> list[tuple[float, ReliabilityTable]]:
    return [
        (t, reliability(TemperatureScaling(t).transform(over_confident), class_index=1))
        for t in (0.1, 0.5, 2.0, 2.3)
    ]


def test_before_is_blue_with_crosses_and_after_red_with_dots(
    cat_table: ReliabilityTable, swept: list[tuple[float, ReliabilityTable]]
) -> None:
    after = swept[2][1]
    figure = before_after_figure(cat_table, after, temperature=2.0, others=swept, class_name="cat")
    look = [(line.get_color(), line.get_marker()) for line in figure.axes[0].lines]
    assert sum(same_color(color, PALE) for color, _ in look) == 4
    (diagonal,) = [line for line in figure.axes[0].lines if same_color(line.get_color(), GREY)]
    assert diagonal.get_linestyle() == "--"
    assert look[-2:] == [(BLUE, "x"), (VERMILLION, "o")]
    red = figure.axes[0].lines[-1]
    np.testing.assert_array_equal(red.get_xdata(), after.confidence[after.n > 0])
    np.testing.assert_array_equal(red.get_ydata(), after.accuracy[after.n > 0])


def test_the_legend_states_temperatures_and_errors(
    cat_table: ReliabilityTable, swept: list[tuple[float, ReliabilityTable]]
) -> None:
    after = swept[2][1]
    words = visible_text(before_after_figure(cat_table, after, temperature=2.0, others=swept))
    assert f"before (T = 1), ECE {cat_table.ece:.4f}" in words
    assert f"after (T = 2), ECE {after.ece:.4f}" in words
    assert "T = 0.1 to 2.3" in words


def test_without_a_sweep_there_are_no_thin_lines(table: ReliabilityTable) -> None:
    figure = before_after_figure(table, table, temperature=1.0)
    assert len(figure.axes[0].lines) == 3


def test_no_text_overlaps(cat_table: ReliabilityTable, swept: list[tuple[float, ReliabilityTable]]) -> None:
    figure = before_after_figure(
        cat_table, cat_table, temperature=1234.56789, others=swept[:1], class_name="n" * 60
    )
    assert_text_stands_clear(figure)
