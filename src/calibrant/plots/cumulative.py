"""Cumulative differences of accuracy and confidence: calibration drawn without bins and without smoothing."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from calibrant.metrics import CumulativeCurve, SignificanceTest
from calibrant.plots.frame import words
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, GREY, VERMILLION, legend_above

_TWO_SIDED = 1.96


def draw_cumulative(
    curve: CumulativeCurve,
    ax: Axes | None = None,
    *,
    test: SignificanceTest | None = None,
    class_name: str | None = None,
) -> Axes:
    """Draw the path; it falls where confidence exceeds accuracy, and its slope is the gap.

    Parameters
    ----------
    curve : CumulativeCurve
        What to draw.
    ax : Axes, optional
        Where; by default on a new figure.
    test : SignificanceTest, optional
        Kuiper's test of the same rows, whose p-value is written beside the path.
    class_name : str, optional
        Name of the class of a curve of one class.
    """
    if ax is None:
        options: dict[str, Any] = {"test": test, "class_name": class_name}
        return one_panel(draw_cumulative, curve, height=3.8, **options).axes[0]
    names = words(curve.convention, class_name)
    low, high = float(curve.difference.min()), float(curve.difference.max())
    ax.axhline(0.0, color=GREY, linewidth=0.8)
    span = ax.axhline(low, color=VERMILLION, linestyle="--", linewidth=1.2, label="lowest and highest point")
    ax.axhline(high, color=VERMILLION, linestyle="--", linewidth=1.2)
    (path,) = ax.plot(curve.share, curve.difference, color=BLUE, linewidth=1.6, zorder=3)
    path.set_label(f"Kuiper error {high - low:.4f}{_p_value(test)}")
    ends = ax.errorbar(
        [1.0], [0.0], yerr=[_TWO_SIDED * curve.deviation], color=GREY, capsize=4, linewidth=2.2, clip_on=False
    )
    ends.set_label("where 95% of calibrated paths end")
    ax.set(
        xlim=(0, 1),
        xlabel=f"Share of rows, least {names.confidence_axis[0].lower()}{names.confidence_axis[1:]} first",
        ylabel=f"Cumulative {names.accuracy}\nminus {names.mean_confidence.removeprefix('mean ')}",
    )
    ax.yaxis.set_major_locator(MaxNLocator(5))
    legend_above(ax, [path, span, ends], columns=1)
    return ax


def _p_value(test: SignificanceTest | None) -> str:
    if test is None or test.p_value is None:
        return ""
    return f", p = {test.p_value:.2g}" if test.p_value >= 1e-4 else ", p < 0.0001"
