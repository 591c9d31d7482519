"""Expected cost against the threshold of a decision, before calibration and after it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from calibrant.analysis import ExpectedCost
from calibrant.plots.frame import words
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, GREY, PALE, VERMILLION, legend_above


def draw_expected_cost(
    costs: ExpectedCost,
    ax: Axes | None = None,
    *,
    after: ExpectedCost | None = None,
    class_name: str | None = None,
) -> Axes:
    """Draw the cost before calibration as a line, after it dashed, and what deciding all alike would cost.

    Parameters
    ----------
    costs : ExpectedCost
        Of the rows as they came.
    ax : Axes, optional
        Where; by default on a new figure.
    after : ExpectedCost, optional
        Of the same rows after calibration.
    class_name : str, optional
        Name of the class that is acted on.
    """
    if ax is None:
        options: dict[str, Any] = {"after": after, "class_name": class_name}
        return one_panel(draw_expected_cost, costs, height=3.6, **options).axes[0]
    of_class = costs.convention.class_index is not None
    always = "act on all" if of_class else "decide all"
    never = "act on none" if of_class else "decide none"
    grey = [
        ax.plot(costs.threshold, costs.always, ":", color=GREY, linewidth=1.4, label=always)[0],
        ax.plot(costs.threshold, costs.never, "-.", color=PALE, linewidth=1.4, label=never)[0],
    ]
    name = "by the probability" if after is None else "before"
    lines = ax.plot(costs.threshold, costs.cost, color=BLUE, linewidth=2.0, label=name)
    if after is not None:
        look: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.6, "linestyle": (0, (4, 2))}
        lines += ax.plot(after.threshold, after.cost, label="after", **look)
    top = max(float(each.cost.max()) for each in (costs, after) if each is not None)
    ax.set(xlim=(0, 1), ylim=(0, 1.2 * top), ylabel="Expected cost of a row")
    names = words(costs.convention, class_name)
    ax.set_xlabel(f"{names.confidence_axis} to act at" if of_class else "Confidence to decide at")
    ax.yaxis.set_major_locator(MaxNLocator(5))
    legend_above(ax, [*lines, *grey], columns=2)
    return ax
