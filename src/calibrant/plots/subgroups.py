"""A metric by group of rows, with intervals, the group farthest from the best value at the top."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from calibrant.analysis import Subgroup, Subgroups
from calibrant.plots.frame import one_line
from calibrant.plots.named_rows import draw_names, height_of
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, GREY, VERMILLION, legend_above

MOST_GROUPS = 30

_TITLES = {"confidence_gap": "Mean confidence − accuracy", "nll": "Log-loss (nats)", "brier": "Brier score"}


def draw_subgroups(found: Subgroups, ax: Axes | None = None, *, most: int = MOST_GROUPS) -> Axes:
    """Draw a dot and an interval a group; groups miscalibrated beyond chance are red crosses.

    Parameters
    ----------
    found : Subgroups
        What to draw. Metrics without an interval are drawn as dots alone.
    ax : Axes, optional
        Where; by default on a new figure.
    most : int
        So many groups are drawn, those farthest from the best value.
    """
    shown = shown_groups(found, most)
    if ax is None:
        return one_panel(draw_subgroups, found, height=height_of(len(shown)), most=most).axes[0]
    significant = {group.name for group in found.significant}
    whole = ax.axvline(found.overall.value, color=GREY, linestyle=":", linewidth=1.4, label="all rows")
    handles = []
    for beyond, color, marker, label in (
        (True, VERMILLION, "X", "beyond chance"),
        (False, BLUE, "o", "not beyond chance" if found.tested else "not tested"),
    ):
        rows = [place for place, group in enumerate(shown) if (group.name in significant) == beyond]
        if rows:
            bars = ax.errorbar(
                [_value(shown[place]) for place in rows],
                rows,
                xerr=[list(side) for side in zip(*(_reach(shown[place]) for place in rows), strict=True)],
                color=color,
                marker=marker,
                label=label,
                linestyle="none",
                elinewidth=1.4,
                capsize=2.5,
                markersize=5.5,
                zorder=3,
            )
            handles.append(bars)
    if found.overall.name == "confidence_gap":
        ax.axvline(0.0, color=GREY, linewidth=0.8)
    draw_names([f"{one_line(group.name)} ({group.n:,})" for group in shown], ax)
    title = _TITLES.get(found.overall.name, found.overall.name)
    ax.set_xlabel(title if len(shown) == len(found.groups) else f"{title}, {len(shown)} farthest groups")
    ax.xaxis.set_major_locator(MaxNLocator(4))
    legend_above(ax, [*handles, whole], columns=2, side="right")
    return ax


def shown_groups(found: Subgroups, most: int = MOST_GROUPS) -> list[Subgroup]:
    """Return the groups that have a value, the one farthest from the best value first, at most so many."""
    measured = [group for group in found.groups if group.value is not None]
    return sorted(measured, key=lambda group: -abs(_value(group) - found.best))[:most]


def _value(group: Subgroup) -> float:
    assert group.value is not None
    return group.value


def _reach(group: Subgroup) -> tuple[float, float]:
    """Return how far the interval goes below the value and above it; nowhere where there is none."""
    if group.interval is None:
        return 0.0, 0.0
    return max(_value(group) - group.interval.low, 0.0), max(group.interval.high - _value(group), 0.0)
