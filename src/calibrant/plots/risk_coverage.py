"""Risk against coverage: the error rate among the rows that are kept as the least confident are left out."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from calibrant.metrics.risk_coverage import RiskCoverageCurve
from calibrant.plots.numbers import per_cent
from calibrant.plots.page import one_panel
from calibrant.plots.style import BLUE, GREY, VERMILLION, legend_above


def draw_risk_coverage(
    curve: RiskCoverageCurve, ax: Axes | None = None, *, after: RiskCoverageCurve | None = None
) -> Axes:
    """Draw the curve before calibration as a line, the one after it dashed, and the error rate of all rows.

    Parameters
    ----------
    curve : RiskCoverageCurve
        Of the rows as they came.
    ax : Axes, optional
        Where; by default on a new figure.
    after : RiskCoverageCurve, optional
        Of the same rows after calibration.
    """
    if ax is None:
        return one_panel(draw_risk_coverage, curve, height=3.6, after=after).axes[0]
    error = float(curve.risk[-1])
    everyone = ax.axhline(error, color=GREY, linestyle=":", linewidth=1.4, label="error rate of all rows")
    name = "most confident rows" if after is None else "before"
    (before,) = ax.plot(curve.coverage, curve.risk, color=BLUE, linewidth=2.0, label=name)
    handles = [before, everyone]
    if after is not None:
        look: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.6, "linestyle": (0, (4, 2))}
        (line,) = ax.plot(after.coverage, after.risk, label="after", **look)
        handles = [before, line, everyone]
    top = max(error, *(_after_few(each) for each in (curve, after) if each is not None))
    ax.set(xlim=(0, 1), ylim=(0, 1.12 * top))
    ax.set(xlabel="Coverage: share of rows kept", ylabel="Error rate among them")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(per_cent))
    legend_above(ax, handles, columns=2)
    return ax


def _after_few(curve: RiskCoverageCurve) -> float:
    """Return the greatest error rate of a twentieth of the rows or more: a few rows make it leap."""
    return float(curve.risk[curve.coverage >= 0.05].max())
