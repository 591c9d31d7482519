"""Test error and calibration error against one setting of a network or of its training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter, NullLocator

from calibrant.errors import InvalidArgument
from calibrant.plots.error_bars import Estimate, draw_estimates, from_zero
from calibrant.plots.style import BLUE, GREY, VERMILLION, WIDTH, house_style, legend_above, new_figure

AxisScale = Literal["linear", "log", "even"]

_PANEL_WIDTH = 4.2
_LEGEND = ("ECE as trained", "ECE at T", "if calibrated")


@dataclass(frozen=True)
class FactorSeries:
    """One network over the values of a setting.

    Attributes
    ----------
    name : str
        Of the network.
    values : tuple of float or None
        Of the setting; None where it is no number, which the axis "even" alone can place.
    labels : tuple of str
        How the values are written.
    error : tuple of Estimate
        Test error, fraction.
    ece, ece_after : tuple of Estimate
        Top-label ECE as trained and at the fitted temperature, fraction.
    ece_if_calibrated : tuple of float
        ECE that a perfectly calibrated network would show on as many rows.
    """

    name: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...]
    error: tuple[Estimate, ...]
    ece: tuple[Estimate, ...]
    ece_after: tuple[Estimate, ...]
    ece_if_calibrated: tuple[float, ...]


def draw_error(series: FactorSeries, ax: Axes, *, axis: AxisScale = "even") -> Axes:
    """Draw the test error against the setting."""
    draw_estimates(_positions(series, axis), series.error, ax, color=BLUE, marker="s", label="test error")
    ax.set_ylabel("Error")
    return _finish(series, ax, axis)


def draw_ece(series: FactorSeries, ax: Axes, *, axis: AxisScale = "even") -> Axes:
    """Draw the ECE against the setting: as trained, at the temperature, and what chance alone would show."""
    positions = _positions(series, axis)
    draw_estimates(positions, series.ece, ax, color=VERMILLION, marker="o", label=_LEGEND[0])
    draw_estimates(
        positions, series.ece_after, ax, color=VERMILLION, marker="x", label=_LEGEND[1], linestyle="--"
    )
    ax.plot(positions, series.ece_if_calibrated, ":", color=GREY, linewidth=1.4, label=_LEGEND[2])
    ax.set_ylabel("ECE")
    return _finish(series, ax, axis)


@house_style()
def factor_figure(series: Sequence[FactorSeries], *, setting: str, axis: AxisScale = "even") -> Figure:
    """Return error above ECE, one column for each network.

    Parameters
    ----------
    series : sequence of FactorSeries
        At least one.
    setting : str
        What varies, along the axis.
    axis : {"linear", "log", "even"}
        How values lie along it.

    Raises
    ------
    InvalidArgument
        There is no series, or an axis of numbers for values that are none.
    """
    if not series:
        raise InvalidArgument("there is no series to draw.")
    width = max(WIDTH, _PANEL_WIDTH * len(series))
    figure = new_figure(height=5.2, width=width)
    grid = figure.subplots(2, len(series), sharex="col", sharey="row", squeeze=False)
    for column, each in enumerate(series):
        upper, lower = grid[0, column], grid[1, column]
        draw_error(each, upper, axis=axis)
        draw_ece(each, lower, axis=axis)
        upper.set_title(each.name, fontsize=11, loc="right")
        lower.set_xlabel(setting)
        if column:
            upper.set_ylabel("")
            lower.set_ylabel("")
    # Once all columns are drawn: a row shares its axis, and the first would set its end.
    for ax in grid[:, 0]:
        ax.set_ylim(from_zero(ax.get_ylim()))
    handles, labels = grid[1, 0].get_legend_handles_labels()
    handles = [handles[labels.index(label)] for label in _LEGEND]
    legend_above(grid[1, 0], handles, columns=2)
    figure.align_ylabels()
    return figure


def _positions(series: FactorSeries, axis: AxisScale) -> list[float]:
    if axis == "even":
        return [float(place) for place in range(len(series.values))]
    numbers = [value for value in series.values if value is not None]
    if len(numbers) < len(series.values) or (axis == "log" and min(numbers) <= 0):
        values = ", ".join(series.labels)
        raise InvalidArgument(f"the values {values} do not fit an axis {axis!r}; use 'even'.")
    return numbers


def _finish(series: FactorSeries, ax: Axes, axis: AxisScale) -> Axes:
    positions = _positions(series, axis)
    if axis == "log":
        ax.set_xscale("log")
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xticks(positions, series.labels)
    if axis == "even":
        ax.set_xlim(-0.5, len(positions) - 0.5)
    ax.yaxis.set_major_locator(MaxNLocator(4))
    return ax
