"""The reliability curve before a temperature and after it, over those of other temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from calibrant.analysis import ReliabilityTable
from calibrant.plots.frame import draw_frame, words
from calibrant.plots.numbers import with_error
from calibrant.plots.style import BLUE, PALE, VERMILLION, house_style, legend_above, new_figure

_PROMINENT: dict[str, Any] = {
    "linewidth": 1.8,
    "markersize": 6,
    "markeredgewidth": 1.6,
    "clip_on": False,
    "zorder": 3,
}


def draw_before_after(
    before: ReliabilityTable,
    after: ReliabilityTable,
    ax: Axes,
    *,
    temperature: float,
    others: Sequence[tuple[float, ReliabilityTable]] = (),
    class_name: str | None = None,
) -> Axes:
    """Draw the curve at T = 1 in blue with crosses and that at the chosen T in red with dots.

    Parameters
    ----------
    before, after : ReliabilityTable
        Of the top label or of one class, the same in both.
    ax : Axes
        Where.
    temperature : float
        The chosen T, which divided the logits.
    others : sequence of (float, ReliabilityTable)
        Other temperatures and their tables, drawn as thin grey lines.
    class_name : str, optional
        Name of the class of one-class tables.
    """
    thin = [_draw_curve(table, ax, color=PALE, linewidth=0.7, zorder=1) for _, table in others]
    diagonal = draw_frame(words(before, class_name), ax)
    blue = _draw_curve(before, ax, color=BLUE, marker="x", **_PROMINENT)
    red = _draw_curve(after, ax, color=VERMILLION, marker="o", **_PROMINENT)
    blue.set_label(f"before (T = 1), ECE {before.ece:.4f}")
    red.set_label(f"after (T = {with_error(temperature, None)}), ECE {after.ece:.4f}")
    if thin:
        thin[0].set_label(_span([other for other, _ in others]))
    legend_above(ax, [blue, red, *thin[:1], diagonal], columns=2)
    return ax


@house_style()
def before_after_figure(
    before: ReliabilityTable,
    after: ReliabilityTable,
    *,
    temperature: float,
    others: Sequence[tuple[float, ReliabilityTable]] = (),
    class_name: str | None = None,
) -> Figure:
    """Return the overlay as a figure; parameters as in `draw_before_after`."""
    figure = new_figure(height=4.8)
    draw_before_after(
        before, after, figure.subplots(), temperature=temperature, others=others, class_name=class_name
    )
    return figure


def _draw_curve(table: ReliabilityTable, ax: Axes, **look: Any) -> Line2D:
    filled = table.n > 0
    (line,) = ax.plot(table.confidence[filled], table.accuracy[filled], **look)
    return line


def _span(temperatures: Sequence[float]) -> str:
    low, high = min(temperatures), max(temperatures)
    return f"T = {low:.3g}" if low == high else f"T = {low:.3g} to {high:.3g}"
