"""The reliability curve before calibration and after it, over those of other temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from calibrant.analysis import ReliabilityTable
from calibrant.plots.frame import draw_frame, words
from calibrant.plots.numbers import with_error
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, PALE, VERMILLION, legend_above

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
    ax: Axes | None = None,
    *,
    temperature: float | None = None,
    method: str | None = None,
    others: Sequence[tuple[float, ReliabilityTable]] = (),
    class_name: str | None = None,
) -> Axes:
    """Draw the curve before calibration in blue with crosses and the one after it in red with dots.

    Parameters
    ----------
    before, after : ReliabilityTable
        Of the top label or of one class, the same in both.
    ax : Axes, optional
        Where; by default on a new figure.
    temperature : float, optional
        The T that divided the logits, if one did.
    method : str, optional
        What else was done to them, for the legend.
    others : sequence of (float, ReliabilityTable)
        Other temperatures and their tables, drawn as thin grey lines.
    class_name : str, optional
        Name of the class of one-class tables.
    """
    if ax is None:
        options: dict[str, Any] = {"temperature": temperature, "method": method, "others": others}
        return before_after_figure(before, after, class_name=class_name, **options).axes[0]
    thin = [_draw_curve(table, ax, color=PALE, linewidth=0.7, zorder=1) for _, table in others]
    diagonal = draw_frame(words(before.convention, class_name), ax)
    diagonal.set_label("ideal")
    blue = _draw_curve(before, ax, color=BLUE, marker="x", **_PROMINENT)
    red = _draw_curve(after, ax, color=VERMILLION, marker="o", **_PROMINENT)
    first, then = ("", method) if temperature is None else ("T = 1", f"T = {with_error(temperature, None)}")
    blue.set_label(f"before{_in_brackets(first)}, ECE {before.ece:.4f}")
    red.set_label(f"after{_in_brackets(then)}, ECE {after.ece:.4f}")
    if thin:
        thin[0].set_label(_span([other for other, _ in others]))
    legend_above(ax, [blue, red, *thin[:1], diagonal], columns=2)
    return ax


def before_after_figure(
    before: ReliabilityTable,
    after: ReliabilityTable,
    *,
    temperature: float | None = None,
    method: str | None = None,
    others: Sequence[tuple[float, ReliabilityTable]] = (),
    class_name: str | None = None,
    width: float | None = None,
) -> Figure:
    """Return the overlay as a figure so many inches wide; the rest as in `draw_before_after`."""
    return one_panel(
        draw_before_after,
        before,
        after,
        height=4.8,
        width=width,
        temperature=temperature,
        method=method,
        others=others,
        class_name=class_name,
    )


def _draw_curve(table: ReliabilityTable, ax: Axes, **look: Any) -> Line2D:
    filled = table.n > 0
    (line,) = ax.plot(table.confidence[filled], table.accuracy[filled], **look)
    return line


def _in_brackets(what: str | None) -> str:
    return f" ({what})" if what else ""


def _span(temperatures: Sequence[float]) -> str:
    low, high = min(temperatures), max(temperatures)
    return f"T = {low:.3g}" if low == high else f"T = {low:.3g} to {high:.3g}"
