"""The reliability diagram: the accuracy of each bin as a bar, and its gap to the bin's mean confidence."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable
from calibrant.plots.frame import draw_box, draw_frame, words
from calibrant.plots.histogram import draw_histogram
from calibrant.plots.page import drawing, one_panel
from calibrant.plots.style import BLUE, INK, VERMILLION, legend_above


def draw_reliability(
    table: ReliabilityTable, ax: Axes | None = None, *, class_name: str | None = None
) -> Axes:
    """Draw bars of accuracy, hatched gaps, intervals of the accuracy, the diagonal, and a box with ECE and n.

    Parameters
    ----------
    table : ReliabilityTable
        What to draw; empty bins stay empty.
    ax : Axes, optional
        Where; by default on a new figure.
    class_name : str, optional
        Name of the class of a one-class table.
    """
    if ax is None:
        return one_panel(draw_reliability, table, height=4.6, class_name=class_name).axes[0]
    names = words(table.convention, class_name)
    filled = table.n > 0
    lower, width = table.lower[filled], (table.upper - table.lower)[filled]
    confidence, accuracy = table.confidence[filled], table.accuracy[filled]
    bars = ax.bar(
        lower, accuracy, width, align="edge", facecolor=(BLUE, 0.8), edgecolor="white", linewidth=0.8
    )
    gaps = ax.bar(
        lower,
        np.abs(accuracy - confidence),
        width,
        bottom=np.minimum(accuracy, confidence),
        align="edge",
        facecolor="none",
        edgecolor=VERMILLION,
        linewidth=0.8,
        hatch="////",
    )
    # At the mean confidence an interval reaches the diagonal exactly where it covers that confidence.
    intervals = ax.vlines(
        confidence, table.low[filled], table.high[filled], color=INK, linewidth=1.2, clip_on=False, zorder=3
    )
    bars.set_label(names.accuracy)
    gaps.set_label(f"gap to {names.mean_confidence}")
    intervals.set_label(f"{table.level:.0%} interval")
    diagonal = draw_frame(names, ax)
    draw_box(f"ECE {table.ece:.4f}\nn = {table.convention.n:,}", ax)
    legend_above(ax, [bars, gaps, diagonal, intervals], columns=2)
    return ax


def reliability_figure(
    table: ReliabilityTable,
    *,
    mean_confidence: float | None = None,
    accuracy: float | None = None,
    class_name: str | None = None,
    width: float | None = None,
) -> Figure:
    """Return the reliability diagram with the histogram of the same bins under it.

    Parameters
    ----------
    table : ReliabilityTable
        What to draw.
    mean_confidence, accuracy : float, optional
        Over all rows, marked in the histogram.
    class_name : str, optional
        Name of the class of a one-class table.
    width : float, optional
        Inches.
    """
    with drawing(5.8, width) as figure:
        diagram, histogram = figure.subplots(2, sharex=True, height_ratios=[3.2, 1])
        draw_reliability(table, diagram, class_name=class_name)
        draw_histogram(
            table, histogram, mean_confidence=mean_confidence, accuracy=accuracy, class_name=class_name
        )
        diagram.set_xlabel("")
        figure.align_ylabels()
    return figure
