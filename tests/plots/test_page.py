"""Widths of a paper, and words that keep their size on it."""

from __future__ import annotations

import pytest

from calibrant.analysis import ReliabilityTable
from calibrant.errors import InvalidArgument
from calibrant.plots import reliability_figure, to_svg
from calibrant.plots.page import parse_width, points_at
from calibrant.plots.style import POINTS


def test_widths_have_names() -> None:
    assert (parse_width("column"), parse_width("text"), parse_width("5")) == (3.3, 6.9, 5.0)


@pytest.mark.parametrize("text", ["", "narrow", "2.9", "21", "nan", "-4"])
def test_other_words_are_no_width(text: str) -> None:
    with pytest.raises(InvalidArgument, match=f"from 3 to 20; got '{text}'"):
        parse_width(text)


def test_text_is_legible_at_every_width() -> None:
    assert points_at(None) == POINTS
    assert [points_at(width) for width in (3.0, 3.3, 6.9, 20.0)] == pytest.approx([6.45, 7.095, 9.0, 9.0])


def test_ticks_keep_their_size_when_the_figure_is_saved(table: ReliabilityTable) -> None:
    figure = reliability_figure(table, width=3.3)
    to_svg(figure)
    sizes = {label.get_size() for ax in figure.axes for label in ax.get_yticklabels()}
    assert sorted(sizes) == pytest.approx([points_at(3.3) * 10 / 11])
