"""How large a figure is: the width of a paper's column or text, and words that stay legible at that width.

What a figure shows, and its colours, are not decided here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibrant.errors import InvalidArgument
from calibrant.plots.style import POINTS, WIDTH, house_style, new_figure

COLUMN = 3.3
TEXT = 6.9
"""Inches: one column of a paper in two columns, and its whole text."""

_NARROWEST, _WIDEST = 3.0, 20.0
_SMALLEST_TEXT, _LARGEST_TEXT = 6.4, 9.0
_POINTS_PER_INCH = 2.15


def parse_width(text: str) -> float:
    """Return the inches that "column", "text" or a number stands for.

    Raises
    ------
    InvalidArgument
        It is none of these, or a figure of that width would be too narrow for its words, or too wide.

    Examples
    --------
    >>> parse_width("column"), parse_width("4.5")
    (3.3, 4.5)
    """
    named = {"column": COLUMN, "text": TEXT}
    if text in named:
        return named[text]
    try:
        inches = float(text)
    except ValueError:
        inches = math.nan
    if not _NARROWEST <= inches <= _WIDEST:
        raise InvalidArgument(
            f"the width must be 'column' ({COLUMN} inches), 'text' ({TEXT} inches) or a number of inches "
            f"from {_NARROWEST:g} to {_WIDEST:g}; got {text!r}."
        )
    return inches


def points_at(width: float | None) -> float:
    """Return the size of the text of a figure so many inches wide; of the common width for None."""
    if width is None:
        return POINTS
    return min(max(_POINTS_PER_INCH * width, _SMALLEST_TEXT), _LARGEST_TEXT)


@contextmanager
def drawing(height: float, width: float | None = None) -> Iterator[Figure]:
    """Give an empty figure to draw on under calibrant's settings.

    Parameters
    ----------
    height : float
        Inches at the common width; at another one it changes as the size of the text does.
    width : float, optional
        Inches; by default the common width.
    """
    points = points_at(width)
    with house_style(points):
        figure = new_figure(height * points / POINTS, width=WIDTH if width is None else width)
        yield figure
        # Ticks are made when a figure is saved, under whatever the settings are by then.
        size = matplotlib.rcParams["xtick.labelsize"]
        for ax in figure.axes:
            ax.tick_params(which="both", labelsize=size)


def one_panel(
    draw: Callable[..., Axes], *results: Any, height: float, width: float | None = None, **options: Any
) -> Figure:
    """Return a figure of one pair of axes that `draw` has drawn results on."""
    with drawing(height, width) as figure:
        draw(*results, figure.subplots(), **options)
    return figure
