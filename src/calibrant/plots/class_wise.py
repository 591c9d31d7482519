"""Reliability diagrams of single classes in small, side by side on the same axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable
from calibrant.errors import InvalidArgument
from calibrant.plots.frame import draw_frame, one_line, words
from calibrant.plots.page import COLUMN, drawing, one_panel
from calibrant.plots.style import BLUE, INK

_PANEL_HEIGHT = 2.15
_AROUND = 0.6


def draw_class(table: ReliabilityTable, ax: Axes | None = None, *, class_name: str | None = None) -> Axes:
    """Draw the frequency of a class at each mean probability, with intervals, its name and ECE above.

    Parameters
    ----------
    table : ReliabilityTable
        Of one class; empty bins stay empty.
    ax : Axes, optional
        Where; by default on a new figure.
    class_name : str, optional
        Its name.
    """
    if ax is None:
        return one_panel(draw_class, table, height=4.6, class_name=class_name).axes[0]
    filled = table.n > 0
    confidence, accuracy = table.confidence[filled], table.accuracy[filled]
    draw_frame(words(table.convention, class_name), ax)
    ax.vlines(confidence, table.low[filled], table.high[filled], color=INK, linewidth=0.9, clip_on=False)
    ax.plot(confidence, accuracy, color=BLUE, marker="o", markersize=3, linewidth=1.2, clip_on=False)
    name = f"class {table.convention.class_index}" if class_name is None else one_line(class_name)
    ax.set_title(f"{name}\nECE {table.ece:.4f}", fontsize=ax.xaxis.label.get_fontsize())
    return ax


def class_wise_figure(
    tables: Sequence[ReliabilityTable], names: Sequence[str], *, width: float | None = None
) -> Figure:
    """Return one small diagram for each class: two to a row in a column of a paper, else three.

    Parameters
    ----------
    tables : sequence of ReliabilityTable
        Of one class each, in the order in which they are drawn.
    names : sequence of str
        Of the classes.
    width : float, optional
        Inches.

    Raises
    ------
    InvalidArgument
        There is no table.
    """
    if not tables:
        raise InvalidArgument("there is no class to draw.")
    across = min(len(tables), 2 if width is not None and width <= 1.3 * COLUMN else 3)
    down = math.ceil(len(tables) / across)
    with drawing(_AROUND + _PANEL_HEIGHT * down, width) as figure:
        grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False).ravel()
        for ax, table, name in zip(grid, tables, names, strict=False):
            draw_class(table, ax, class_name=name)
            ax.set(xlabel="", ylabel="")
            for axis in (ax.xaxis, ax.yaxis):
                axis.set_ticks((0, 0.5, 1), ("0", "0.5", "1"))
        for ax in grid[len(tables) :]:
            ax.remove()
        figure.supxlabel("Probability of the class", fontsize=grid[0].xaxis.label.get_fontsize())
        figure.supylabel("Frequency of the class", fontsize=grid[0].xaxis.label.get_fontsize())
    return figure
