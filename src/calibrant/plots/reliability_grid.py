"""Several reliability diagrams in one figure, two to a row, on the same axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable
from calibrant.errors import InvalidArgument
from calibrant.plots.reliability import draw_reliability
from calibrant.plots.style import WIDTH, house_style

_COLUMNS = 2
_PANEL_HEIGHT = 3.9


@dataclass(frozen=True, eq=False)
class Panel:
    """A table of bins, and what stands above its diagram."""

    title: str
    table: ReliabilityTable


@house_style()
def reliability_grid_figure(panels: Sequence[Panel]) -> Figure:
    """Return one reliability diagram for each panel, with one legend for all."""
    if not panels:
        raise InvalidArgument("panels must hold at least one table of bins.")
    rows = math.ceil(len(panels) / _COLUMNS)
    figure = Figure(figsize=(WIDTH * 1.5, 0.7 + _PANEL_HEIGHT * rows), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for ax, panel in zip(grid, panels, strict=False):
        draw_reliability(panel.table, ax)
        ax.set_title(panel.title, fontsize=11)
    legends = [ax.get_legend() for ax in grid[: len(panels)]]
    first = legends[0]
    figure.legend(
        handles=first.legend_handles,
        labels=[text.get_text() for text in first.get_texts()],
        loc="outside upper center",
        ncols=4,
        frameon=False,
        columnspacing=1.4,
        handlelength=1.8,
    )
    for legend in legends:
        legend.remove()
    for ax in grid[len(panels) :]:
        ax.remove()
    return figure
