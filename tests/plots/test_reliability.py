"""The reliability diagram: bars, gaps, intervals, and what stands beside them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable, reliability
from calibrant.plots import draw_reliability, reliability_figure
from calibrant.plots.style import BLUE, VERMILLION
from calibrant.predictions import Predictions
from tests.plots.figures import assert_text_stands_clear, visible_text


def test_the_box_states_ece_and_rows(table: ReliabilityTable) -> None:
    words = visible_text(reliability_figure(table))
    assert f"ECE {table.ece:.4f}\nn = 2,000" in words


def test_each_filled_bin_has_a_bar_a_gap_and_an_interval(table: ReliabilityTable) -> None:
    ax = draw_reliability(table, Figure().subplots())
    bars, gaps = ax.containers
    filled = int((table.n > 0).sum())
    assert 0 < filled < len(table.n)
    assert len(bars.patches) == len(gaps.patches) == len(ax.collections[0].get_segments()) == filled


def test_a_bar_ends_at_the_accuracy_and_its_gap_at_the_mean_confidence(table: ReliabilityTable) -> None:
    ax = draw_reliability(table, Figure().subplots())
    bars, gaps = ax.containers
    filled = table.n > 0
    np.testing.assert_array_equal([bar.get_height() for bar in bars.patches], table.accuracy[filled])
    ends = [{gap.get_y(), gap.get_y() + gap.get_height()} for gap in gaps.patches]
    expected = [set(pair) for pair in zip(table.accuracy[filled], table.confidence[filled], strict=True)]
    for found, pair in zip(ends, expected, strict=True):
        assert sorted(found) == pytest.approx(sorted(pair))


def test_accuracy_is_blue_and_the_gap_is_hatched_red(table: ReliabilityTable) -> None:
    bars, gaps = draw_reliability(table, Figure().subplots()).containers
    assert same_color(bars.patches[0].get_facecolor()[:3], BLUE)
    assert same_color(gaps.patches[0].get_edgecolor(), VERMILLION)
    assert gaps.patches[0].get_hatch()


def test_top_label_axes_are_confidence_and_accuracy(table: ReliabilityTable) -> None:
    ax = draw_reliability(table, Figure().subplots())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Confidence", "Accuracy")


def test_one_class_axes_name_the_class(cat_table: ReliabilityTable) -> None:
    named = draw_reliability(cat_table, Figure().subplots(), class_name="cat")
    assert (named.get_xlabel(), named.get_ylabel()) == ("Probability of cat", "Frequency of cat")
    assert draw_reliability(cat_table, Figure().subplots()).get_xlabel() == "Probability of class 1"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("$x$ and $\\frac{", "$x$ and $\\frac{"),
        ("two\nlines", "two\\nlines"),
        ("nul\x00bell\x07", "nul\\x00bell\\x07"),
        ("\u202eevil", "\\u202eevil"),
        ("猫 שלום é", "\\u732b שלום é"),
        ("\\$x$", "\\$x$"),
        ("n" * 60, "n" * 23 + "…"),
        ("</text><script>", "</text><script>"),
    ],
)
def test_class_names_are_text_and_nothing_else(cat_table: ReliabilityTable, name: str, shown: str) -> None:
    figure = reliability_figure(cat_table, class_name=name)
    figure.draw_without_rendering()
    assert f"Probability of {shown}".replace("$", r"\$") in visible_text(figure)


def test_the_histogram_under_it_shares_the_axis(table: ReliabilityTable) -> None:
    diagram, histogram = reliability_figure(table).axes
    assert diagram.get_shared_x_axes().joined(diagram, histogram)
    assert histogram.get_xlabel() == "Confidence"


def test_no_text_overlaps(table: ReliabilityTable, cat_table: ReliabilityTable) -> None:
    assert_text_stands_clear(reliability_figure(table, mean_confidence=0.881, accuracy=0.879))
    figure = reliability_figure(cat_table, mean_confidence=0.5, accuracy=0.5, class_name="n" * 60)
    assert_text_stands_clear(figure)


def test_one_row_and_equal_mass_are_drawn(over_confident: Predictions) -> None:
    single = reliability(over_confident.take([0]))
    assert "n = 1" in visible_text(reliability_figure(single))
    assert_text_stands_clear(reliability_figure(reliability(over_confident, scheme="equal-mass")))
