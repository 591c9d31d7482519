"""The Brier score of one probability in three parts, before calibration and after it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from calibrant.metrics.corp import CorpDecomposition
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, VERMILLION, legend_above

_PARTS = ("miscalibration", "discrimination", "uncertainty", "score")
_SIGNS = {"discrimination": "− ", "uncertainty": "+ ", "score": "= "}


def draw_decomposition(
    parts: CorpDecomposition, ax: Axes | None = None, *, after: CorpDecomposition | None = None
) -> Axes:
    """Draw miscalibration, discrimination, uncertainty and the score they add up to as bars.

    Parameters
    ----------
    parts : CorpDecomposition
        Of the rows as they came.
    ax : Axes, optional
        Where; by default on a new figure.
    after : CorpDecomposition, optional
        Of the same rows after calibration.
    """
    if ax is None:
        return one_panel(draw_decomposition, parts, height=3.2, after=after).axes[0]
    shown: list[tuple[str, CorpDecomposition, dict[str, Any]]] = [
        ("before" if after is not None else "score", parts, {"facecolor": BLUE}),
    ]
    if after is not None:
        hatched: dict[str, Any] = {"facecolor": "white", "edgecolor": VERMILLION, "hatch": "////"}
        shown.append(("after", after, hatched))
    thick = 0.76 / len(shown)
    for place, (name, of, look) in enumerate(shown):
        at = [row + (place - (len(shown) - 1) / 2) * thick for row in range(len(_PARTS))]
        values = [getattr(of, part) for part in _PARTS]
        bars = ax.barh(at, values, 0.9 * thick, label=name, linewidth=1.0, **look)
        ax.bar_label(bars, fmt="%.4f", padding=3)
    ax.set_yticks(range(len(_PARTS)), [_SIGNS.get(part, "") + part for part in _PARTS])
    ax.set_ylim(len(_PARTS) - 0.5, -0.5)
    ax.set_xlim(0, 1.25 * ax.get_xlim()[1])
    ax.set_xlabel("Brier score of one probability")
    if after is not None:
        legend_above(ax, ax.get_legend_handles_labels()[0], columns=2)
    return ax
