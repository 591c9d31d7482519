"""The confidence histogram: which share of the rows lies in each bin, beside mean confidence and accuracy."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from calibrant.analysis import ReliabilityTable
from calibrant.plots.frame import words
from calibrant.plots.style import BLUE, PALE, VERMILLION, house_style, legend_above, new_figure


def draw_histogram(
    table: ReliabilityTable,
    ax: Axes,
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
    ax : Axes
        Where.
    mean_confidence, accuracy : float, optional
        Over all rows (for one class: its mean probability and its frequency), drawn as vertical lines.
    class_name : str, optional
        Name of the class of a one-class table.
    """
    names = words(table, class_name)
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
    ax.yaxis.set_major_formatter(FuncFormatter(_per_cent))
    return ax


@house_style()
def histogram_figure(
    table: ReliabilityTable,
    *,
    mean_confidence: float | None = None,
    accuracy: float | None = None,
    class_name: str | None = None,
) -> Figure:
    """Return the confidence histogram as a figure; parameters as in `draw_histogram`."""
    figure = new_figure(height=3.2)
    draw_histogram(
        table, figure.subplots(), mean_confidence=mean_confidence, accuracy=accuracy, class_name=class_name
    )
    return figure


def _per_cent(share: float, _position: int | None) -> str:
    return f"{100 * share:g}%"
