"""The smoothed reliability curve over the density of the rows behind it."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes

from calibrant.metrics import SmoothReliability
from calibrant.plots.frame import draw_box, draw_frame, words
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, PALE, VERMILLION, legend_above

_FEW = 20.0
_HEIGHT_OF_DENSITY = 0.22


def draw_smooth_reliability(
    curve: SmoothReliability, ax: Axes | None = None, *, class_name: str | None = None
) -> Axes:
    """Draw the curve, dotted where fewer than 20 rows stand behind a point, and the density at the bottom.

    Parameters
    ----------
    curve : SmoothReliability
        What to draw.
    ax : Axes, optional
        Where; by default on a new figure.
    class_name : str, optional
        Name of the class of a curve of one class.
    """
    if ax is None:
        return one_panel(draw_smooth_reliability, curve, height=4.6, class_name=class_name).axes[0]
    share = curve.density / curve.density.max()
    area = ax.fill_between(curve.grid, _HEIGHT_OF_DENSITY * share, color=PALE, alpha=0.6, linewidth=0)
    area.set_label("density of the rows")
    diagonal = draw_frame(words(curve.convention, class_name), ax)
    # Rows of equal weight that would tell as much as all rows do through a Gaussian.
    behind = curve.convention.n * curve.density * curve.bandwidth * 2 * math.sqrt(math.pi)
    (few,) = ax.plot(curve.grid, curve.accuracy, color=BLUE, linewidth=1.2, linestyle=":", zorder=3)
    few.set_label("fewer than 20 rows")
    many = np.where(behind >= _FEW, curve.accuracy, np.nan)
    (line,) = ax.plot(curve.grid, many, color=VERMILLION, linewidth=2.0, zorder=3, clip_on=False)
    line.set_label("smoothed")
    draw_box(f"SmoothECE {curve.error:.4f}\nn = {curve.convention.n:,}", ax, corner="upper left")
    legend_above(ax, [line, few, area, diagonal], columns=2)
    return ax
