"""The confidence histogram: which share of the rows lies in each bin, beside mean confidence and accuracy."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from calibrant.analysis import ReliabilityTable
from calibrant.plots.frame import words
from calibrant.plots.numbers import per_cent
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, PALE, VERMILLION, legend_above


def draw_histogram(
    table: ReliabilityTable,
    ax: Axes | None = None,
    *,
    mean_confidence: float | None = None,
    accuracy: float | None = None,
    class_name: str | None = None,
) -> Axes:
    """Draw the share of rows in each bin.

    Parameters
    ----------
    table : ReliabilityTable
        What to draw.
    ax : Axes, optional
        Where; by default on a new figure.
    mean_confidence, accuracy : float, optional
        Over all rows (for one class: its mean probability and its frequency), drawn as vertical lines.
    class_name : str, optional
        Name of the class of a one-class table.
    """
    if ax is None:
        figure = histogram_figure(
            table, mean_confidence=mean_confidence, accuracy=accuracy, class_name=class_name
        )
        return figure.axes[0]
    names = words(table.convention, class_name)
    width = table.upper - table.lower
    ax.bar(
        table.lower,
        table.n / table.n.sum(),
        width,
        align="edge",
        color=PALE,
        edgecolor="white",
        linewidth=0.8,
    )
    lines = []
    if accuracy is not None:
        label = f"{names.accuracy} {accuracy:.4f}"
        lines.append(ax.axvline(accuracy, color=BLUE, linewidth=1.8, label=label))
    if mean_confidence is not None:
        label = f"{names.mean_confidence} {mean_confidence:.4f}"
        lines.append(ax.axvline(mean_confidence, color=VERMILLION, linewidth=1.8, ls="--", label=label))
    if lines:
        legend_above(ax, lines, columns=2)
    ax.set(xlim=(0, 1), ylim=(0, None), xlabel=names.confidence_axis, ylabel="Share of rows")
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.yaxis.set_major_formatter(FuncFormatter(per_cent))
    return ax


def histogram_figure(
    table: ReliabilityTable,
    *,
    mean_confidence: float | None = None,
    accuracy: float | None = None,
    class_name: str | None = None,
    width: float | None = None,
) -> Figure:
    """Return the confidence histogram as a figure so many inches wide; the rest as in `draw_histogram`."""
    return one_panel(
        draw_histogram,
        table,
        height=3.2,
        width=width,
        mean_confidence=mean_confidence,
        accuracy=accuracy,
        class_name=class_name,
    )
