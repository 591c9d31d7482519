"""The ECE of the same rows as many tools compute it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from calibrant.analysis import Conventions
from calibrant.errors import InvalidArgument
from calibrant.plots.named_rows import draw_names, height_of
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, GREY, VERMILLION, legend_above


def draw_conventions(found: Conventions, ax: Axes | None = None, *, class_index: int | None = None) -> Axes:
    """Draw each tool's ECE with its own number of bins as a cross and with one number for all as a dot.

    Parameters
    ----------
    found : Conventions
        What to draw.
    ax : Axes, optional
        Where; by default on a new figure.
    class_index : int, optional
        The class whose ECE is drawn; by default the top label's.

    Raises
    ------
    InvalidArgument
        No tool measured that class.
    """
    shown = [each for each in found.results if each.class_index == class_index]
    if not shown:
        raise InvalidArgument(f"no tool measured class {class_index}; with two classes they measure class 1.")
    if ax is None:
        height = height_of(len(shown))
        return one_panel(draw_conventions, found, height=height, class_index=class_index).axes[0]
    ours = shown[0].value_at_bins
    handles = [] if ours is None else [ax.axvline(ours, color=GREY, linestyle=":", label="calibrant")]
    for name, label, marker, color in (
        ("value_at_bins", f"with {found.bins} bins", "o", BLUE),
        ("value", "with its own bins", "x", VERMILLION),
    ):
        known = [(getattr(each, name), place) for place, each in enumerate(shown)]
        known = [(value, place) for value, place in known if value is not None]
        values, places = zip(*known, strict=True)
        look: dict[str, Any] = {"linestyle": "none", "markersize": 6, "markeredgewidth": 1.6, "zorder": 3}
        handles += ax.plot(values, places, marker=marker, color=color, label=label, **look)
    draw_names([each.tool for each in shown], ax)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.set_xlabel("ECE of the top label" if class_index is None else f"ECE of class {class_index}")
    legend_above(ax, handles, columns=2, side="right")
    return ax
