"""Calibrators side by side: what each changes of the log-loss against one of them, with paired intervals."""

from __future__ import annotations

import statistics
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from calibrant.analysis import Comparison, Difference
from calibrant.errors import InvalidArgument
from calibrant.plots.named_rows import draw_names, height_of
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, GREY, VERMILLION

_FAR = 6.0


def draw_methods(comparison: Comparison, ax: Axes | None = None, *, reference: str = "temperature") -> Axes:
    """Draw a dot and a 95 % interval a method, least log-loss first; far out, an arrow and a number.

    Parameters
    ----------
    comparison : Comparison
        What to draw.
    ax : Axes, optional
        Where; by default on a new figure.
    reference : str
        The method that is subtracted, one of those that the comparison refers to.

    Raises
    ------
    InvalidArgument
        The comparison has no differences to that method.
    """
    if ax is None:
        height = height_of(len(comparison.scores))
        return one_panel(draw_methods, comparison, height=height, reference=reference).axes[0]
    if any(reference not in score.versus for score in comparison.scores):
        raise InvalidArgument(f"the comparison has no differences to {reference!r}.")
    found = [score.versus[reference] for score in comparison.scores]
    end = _end(found)
    ax.axvline(0.0, color=GREY, linewidth=1.0)
    for place, (score, each) in enumerate(zip(comparison.scores, found, strict=True)):
        if score.method == reference:
            ax.plot([0.0], [place], marker="D", color=GREY, markersize=5.5, zorder=3)
        elif each.mean > end:
            ax.plot([end], [place], marker=">", color=VERMILLION, markersize=5.5, zorder=3, clip_on=False)
            where: dict[str, Any] = {"textcoords": "offset points", "ha": "right", "va": "center"}
            ax.annotate(f"{each.mean:+.3f}", (end, place), (-6, 0), **where)
        else:
            worse = each.low > 0
            ax.errorbar(
                [each.mean],
                [place],
                xerr=[[each.mean - each.low], [each.high - each.mean]],
                color=VERMILLION if worse else BLUE,
                marker="X" if worse else "o",
                markersize=5.5,
                elinewidth=1.4,
                capsize=2.5,
                zorder=3,
            )
    draw_names([score.method for score in comparison.scores], ax)
    ax.set_xlim(min(0.0, *(each.low for each in found)) - 0.06 * end, 1.06 * end)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.set_xlabel(f"Log-loss minus that of {reference} (nats)")
    return ax


def _end(found: list[Difference]) -> float:
    """Return where the axis ends: beyond all methods but those several times as far out as most."""
    usual = statistics.median(max(abs(each.low), abs(each.high)) for each in found)
    near = [each.high for each in found if each.mean <= _FAR * usual]
    return max([each for each in near if each > 0], default=usual) or 1e-6
