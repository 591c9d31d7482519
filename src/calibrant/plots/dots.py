"""Dot plots: many things under each other, one quantity a panel, with error bars over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from calibrant.errors import InvalidArgument
from calibrant.plots.error_bars import Estimate, draw_flat_estimates, from_zero
from calibrant.plots.style import GREY, PALE, WIDTH, house_style, legend_above, new_figure

_PANEL_WIDTH = 3.0
_ROW_HEIGHT = 0.27
_AROUND = 1.1
_NAMES_WIDTH = 1.3


@dataclass(frozen=True)
class Dots:
    """One set of dots of a panel.

    Attributes
    ----------
    label : str or None
        In the legend.
    color, marker : str
        Look.
    estimates : tuple of Estimate or None
        One for each name; None where there is none.
    """

    label: str | None
    color: str
    marker: str
    estimates: tuple[Estimate | None, ...]


@dataclass(frozen=True)
class DotsPanel:
    """One panel.

    Attributes
    ----------
    quantity : str
        Along its horizontal axis.
    dots : tuple of Dots
        What it shows.
    """

    quantity: str
    dots: tuple[Dots, ...]


def draw_dots(names: Sequence[str], panel: DotsPanel, ax: Axes, *, reference: str | None = None) -> Axes:
    """Draw one panel, the first name at the top; a dotted line leads down from the dot of `reference`."""
    ax.grid(axis="y", color=PALE, linewidth=0.5, linestyle=":")
    for dots in panel.dots:
        found = [(each, place) for place, each in enumerate(dots.estimates) if each is not None]
        if len(dots.estimates) != len(names):
            raise InvalidArgument(f"{len(dots.estimates)} estimates for {len(names)} names.")
        draw_flat_estimates(
            [each for each, _ in found],
            [float(place) for _, place in found],
            ax,
            color=dots.color,
            marker=dots.marker,
            label=dots.label,
        )
        known = None if reference is None else dots.estimates[list(names).index(reference)]
        if known is not None:
            ax.axvline(known.mean, color=GREY, linestyle=":", linewidth=1.2)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(from_zero(ax.get_xlim()))
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.set_xlabel(panel.quantity)
    return ax


@house_style()
def dots_figure(
    names: Sequence[str],
    panels: Sequence[DotsPanel],
    *,
    columns: int | None = None,
    reference: str | None = None,
) -> Figure:
    """Return panels that share their names.

    Parameters
    ----------
    names : sequence of str
        From top to bottom.
    panels : sequence of DotsPanel
        Row by row.
    columns : int, optional
        Panels to a row; by default all.
    reference : str, optional
        Name whose value a dotted line carries to the others.

    Raises
    ------
    InvalidArgument
        There is nothing to draw, or estimates do not go with the names.
    """
    if not panels or not names:
        raise InvalidArgument("there is nothing to draw.")
    across = columns or len(panels)
    down = -(-len(panels) // across)
    figure = new_figure(
        height=down * (_AROUND + _ROW_HEIGHT * len(names)),
        width=max(WIDTH, _NAMES_WIDTH + _PANEL_WIDTH * across),
    )
    grid = figure.subplots(down, across, sharey=True, squeeze=False)
    for ax, panel in zip(grid.flat, panels, strict=True):
        draw_dots(names, panel, ax, reference=reference)
    handles = grid[0, 0].get_legend_handles_labels()[0]
    if handles:
        legend_above(grid[0, 0], handles, columns=2)
    return figure
