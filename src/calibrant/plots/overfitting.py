"""Held-out error, log-loss and best temperature by epoch: how a network over-fits to the log-loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from calibrant._typing import Floats, Integers
from calibrant.errors import InvalidArgument
from calibrant.plots.style import BLUE, GREY, INK, VERMILLION, WIDTH, house_style, legend_above, new_figure

_PANELS = {"error": ("Error", BLUE), "nll": ("Log-loss (nats)", VERMILLION), "temperature": ("Best T", INK)}
_PANEL_WIDTH = 4.2


@dataclass(frozen=True, eq=False)
class Curve:
    """A quantity by epoch.

    Attributes
    ----------
    mean, spread : array, (epochs,)
        Mean and standard deviation over seeds.
    """

    mean: Floats
    spread: Floats


@dataclass(frozen=True, eq=False)
class EpochCurves:
    """One network over its epochs.

    Attributes
    ----------
    name : str
        Of the network.
    epochs : array, (epochs,)
        Counted from 1.
    error, nll, temperature : Curve
        On held-out rows: error, log-loss, and the T that would fit them best after that epoch.
    drops : tuple of int
        Epochs that begin with a lower learning rate.
    """

    name: str
    epochs: Integers
    error: Curve
    nll: Curve
    temperature: Curve
    drops: tuple[int, ...]


def draw_epochs(curves: EpochCurves, ax: Axes, *, panel: str) -> Axes:
    """Draw one quantity by epoch, with a band of one deviation over seeds and the learning-rate drops.

    Parameters
    ----------
    curves : EpochCurves
        What to draw.
    ax : Axes
        Where.
    panel : {"error", "nll", "temperature"}
        Which quantity.

    Raises
    ------
    InvalidArgument
        There is no such panel.
    """
    if panel not in _PANELS:
        raise InvalidArgument(f"panel must be one of {', '.join(map(repr, _PANELS))}; got {panel!r}.")
    title, color = _PANELS[panel]
    curve: Curve = getattr(curves, panel)
    for number, drop in enumerate(curves.drops):
        label = "learning rate drops" if number == 0 else None
        ax.axvline(drop - 0.5, color=GREY, linestyle=":", linewidth=1.4, label=label)
    lowest = int(np.argmin(curves.nll.mean))
    ax.axvline(
        float(curves.epochs[lowest]), color=VERMILLION, linewidth=1.2, alpha=0.5, label="lowest log-loss"
    )
    low, high = curve.mean - curve.spread, curve.mean + curve.spread
    ax.fill_between(curves.epochs, low, high, color=color, alpha=0.2, linewidth=0)
    ax.plot(curves.epochs, curve.mean, color=color, linewidth=1.6)
    if panel == "temperature":
        ax.axhline(1.0, color=GREY, linewidth=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.set(xlabel="Epoch", ylabel=title)
    return ax


@house_style()
def overfitting_figure(networks: Sequence[EpochCurves]) -> Figure:
    """Return error, log-loss and best temperature under each other, one column for each network."""
    if not networks:
        raise InvalidArgument("there is no network to draw.")
    figure = new_figure(height=6.2, width=max(WIDTH, _PANEL_WIDTH * len(networks)))
    grid = figure.subplots(len(_PANELS), len(networks), sharex="col", squeeze=False)
    for column, curves in enumerate(networks):
        for ax, panel in zip(grid[:, column], _PANELS, strict=True):
            draw_epochs(curves, ax, panel=panel)
            ax.label_outer()
        grid[1, column].set_title(curves.name, fontsize=11, loc="right")
    legend_above(grid[0, 0], grid[0, 0].get_legend_handles_labels()[0], columns=2)
    figure.align_ylabels()
    return figure
