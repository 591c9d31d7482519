"""A reliability diagram over the band in which its points would lie if the confidences were right."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibrant.analysis import ConsistencyBand
from calibrant.plots.frame import draw_box, draw_frame, words
from calibrant.plots.histogram import draw_histogram
from calibrant.plots.page import drawing, one_panel
from calibrant.plots.style import BLUE, PALE, VERMILLION, legend_above


def draw_consistency(band: ConsistencyBand, ax: Axes | None = None, *, class_name: str | None = None) -> Axes:
    """Draw the accuracy of each bin at its mean confidence: a blue dot in the band, a red cross outside it.

    Parameters
    ----------
    band : ConsistencyBand
        What to draw; empty bins stay empty.
    ax : Axes, optional
        Where; by default on a new figure.
    class_name : str, optional
        Name of the class of a one-class table.
    """
    if ax is None:
        return one_panel(draw_consistency, band, height=4.6, class_name=class_name).axes[0]
    table = band.table
    filled = table.n > 0
    confidence, accuracy = table.confidence[filled], table.accuracy[filled]
    low, high = band.low[filled], band.high[filled]
    area = ax.fill_between(confidence, low, high, color=PALE, alpha=0.6, linewidth=0)
    area.set_label(f"{band.level:.0%} band if calibrated")
    diagonal = draw_frame(words(table.convention, class_name), ax)
    ax.plot(confidence, accuracy, color=PALE, linewidth=0.8, zorder=2)
    outside = (accuracy < low) | (accuracy > high)
    look: dict[str, Any] = {"linestyle": "none", "clip_on": False, "zorder": 3}
    (inner,) = ax.plot(confidence[~outside], accuracy[~outside], marker="o", markersize=5, color=BLUE, **look)
    (outer,) = ax.plot(
        confidence[outside], accuracy[outside], marker="X", markersize=6.5, color=VERMILLION, **look
    )
    inner.set_label("bin inside the band")
    outer.set_label("bin outside")
    draw_box(f"ECE {table.ece:.4f}\n{band.outside} of {int(np.count_nonzero(filled))} bins outside", ax)
    legend_above(ax, [inner, outer, area, diagonal], columns=2)
    return ax


def consistency_figure(
    band: ConsistencyBand, *, class_name: str | None = None, width: float | None = None
) -> Figure:
    """Return the diagram with the histogram of the same bins under it, so many inches wide."""
    with drawing(5.8, width) as figure:
        diagram, histogram = figure.subplots(2, sharex=True, height_ratios=[3.2, 1])
        draw_consistency(band, diagram, class_name=class_name)
        draw_histogram(band.table, histogram, class_name=class_name)
        diagram.set_xlabel("")
        figure.align_ylabels()
    return figure
