"""The confidence histogram: shares of rows, and the two lines."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable
from calibrant.plots import draw_histogram, histogram_figure
from tests.plots.figures import assert_text_stands_clear, visible_text


def test_the_bars_are_shares_of_all_rows(table: ReliabilityTable) -> None:
    ax = draw_histogram(table, Figure().subplots())
    heights = [bar.get_height() for bar in ax.containers[0].patches]
    assert sum(heights) == pytest.approx(1)
    assert heights == pytest.approx((table.n / 2000).tolist())


def test_mean_confidence_and_accuracy_are_written_and_drawn(table: ReliabilityTable) -> None:
    figure = histogram_figure(table, mean_confidence=0.88125, accuracy=0.75)
    assert "mean confidence 0.8812" in visible_text(figure)
    assert "accuracy 0.7500" in visible_text(figure)
    assert [line.get_xdata()[0] for line in figure.axes[0].lines] == [0.75, 0.88125]


def test_for_one_class_they_are_called_probability_and_frequency(cat_table: ReliabilityTable) -> None:
    words = visible_text(histogram_figure(cat_table, mean_confidence=0.5, accuracy=0.4, class_name="cat"))
    assert "mean probability 0.5000" in words
    assert "frequency 0.4000" in words
    assert "Probability of cat" in words


def test_without_them_there_is_no_legend(table: ReliabilityTable) -> None:
    assert histogram_figure(table).axes[0].get_legend() is None


def test_shares_are_read_in_per_cent(table: ReliabilityTable) -> None:
    assert "20%" in visible_text(histogram_figure(table))


def test_no_text_overlaps(table: ReliabilityTable) -> None:
    assert_text_stands_clear(histogram_figure(table, mean_confidence=0.9, accuracy=0.9))
