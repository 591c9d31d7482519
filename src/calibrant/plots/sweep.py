"""Calibration error and log-loss against temperature, with the temperature that validation rows chose."""

from __future__ import annotations

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from calibrant._typing import Floats
from calibrant.analysis import Sweep
from calibrant.errors import InvalidArgument
from calibrant.plots.numbers import with_error
from calibrant.plots.page import drawing, one_panel
from calibrant.plots.style import BLUE, GREY, VERMILLION, legend_above

Panel = Literal["ece", "nll"]

_TITLES: dict[Panel, str] = {"ece": "ECE", "nll": "Log-loss (nats)"}
_WIDE = 8.0
_MANY_DECADES = 200.0


def draw_sweep(
    sweep: Sweep,
    ax: Axes | None = None,
    *,
    metric: Panel = "ece",
    temperature: float | None = None,
    stderr: float | None = None,
) -> Axes:
    """Draw one metric against T; wide ranges get logarithmic axes.

    The lines are labelled; the legend is left to the caller, because panels share one.

    Parameters
    ----------
    sweep : Sweep
        What to draw.
    ax : Axes, optional
        Where; by default on a new figure.
    metric : {"ece", "nll"}
        Which column.
    temperature : float, optional
        The T that minimises the log-loss on validation rows, marked by a line.
    stderr : float, optional
        Its standard error, marked by a band of one on either side.
    """
    if metric not in _TITLES:
        raise InvalidArgument(f"metric must be 'ece' or 'nll'; got {metric!r}.")
    if ax is None:
        marks = {"temperature": temperature, "stderr": stderr}
        return one_panel(draw_sweep, sweep, height=3.2, metric=metric, **marks).axes[0]
    order = np.argsort(sweep.temperature)
    values = sweep.ece if metric == "ece" else sweep.nll
    ax.plot(sweep.temperature[order], values[order], color=BLUE, marker="o", markersize=3.5, linewidth=1.6)
    ax.axvline(1.0, color=GREY, linestyle=":", linewidth=1.4, label="as trained (T = 1)")
    if temperature is not None:
        label = f"validation optimum (T = {with_error(temperature, stderr)})"
        ax.axvline(temperature, color=VERMILLION, linewidth=1.6, label=label)
        if stderr is not None:
            ax.axvspan(temperature - stderr, temperature + stderr, color=VERMILLION, alpha=0.2, linewidth=0)
    _scale(ax, sweep, metric)
    ax.set(xlabel="Temperature T", ylabel=_TITLES[metric])
    return ax


def sweep_figure(
    sweep: Sweep,
    *,
    temperature: float | None = None,
    stderr: float | None = None,
    width: float | None = None,
) -> Figure:
    """Return ECE above log-loss against T, so many inches wide; the rest as in `draw_sweep`."""
    with drawing(4.8, width) as figure:
        upper, lower = figure.subplots(2, sharex=True)
        draw_sweep(sweep, upper, metric="ece", temperature=temperature, stderr=stderr)
        draw_sweep(sweep, lower, metric="nll", temperature=temperature, stderr=stderr)
        legend_above(upper, upper.get_legend_handles_labels()[0], columns=1)
        upper.set_xlabel("")
        figure.align_ylabels()
    return figure


def _scale(ax: Axes, sweep: Sweep, metric: Panel) -> None:
    if _spread(sweep.temperature) >= _WIDE:
        ax.set_xscale("log")
        _tick(ax.xaxis, sweep.temperature)
    if metric == "ece":
        ax.set_ylim(bottom=0)
    elif _spread(sweep.nll) >= _WIDE:
        ax.set_yscale("log")
        _tick(ax.yaxis, sweep.nll)


def _tick(axis: Axis, values: Floats) -> None:
    subdivisions = (1.0,) if _spread(values) > _MANY_DECADES else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(subs=subdivisions))
    axis.set_major_formatter(FuncFormatter(_plain))
    axis.set_minor_formatter(NullFormatter())


def _spread(values: Floats) -> float:
    return float(values.max() / values.min()) if values.min() > 0 else 1.0


def _plain(value: float, _position: int | None) -> str:
    return f"{value:g}"
