"""Figures of results: functions that draw on axes, and whole figures made of them.

Drawing computes nothing: results come in, axes or figures go out, and pyplot and its global state stay away.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("matplotlib") is None:
    raise MissingExtra("Drawing", "plot", "matplotlib")

from calibrant.plots.before_after import before_after_figure, draw_before_after
from calibrant.plots.histogram import draw_histogram, histogram_figure
from calibrant.plots.registry import KINDS, PlotOptions
from calibrant.plots.reliability import draw_reliability, reliability_figure
from calibrant.plots.save import save, to_svg
from calibrant.plots.sweep import draw_sweep, sweep_figure
from calibrant.plots.training import draw_training, training_figure

__all__ = [
    "KINDS",
    "PlotOptions",
    "before_after_figure",
    "draw_before_after",
    "draw_histogram",
    "draw_reliability",
    "draw_sweep",
    "draw_training",
    "histogram_figure",
    "reliability_figure",
    "save",
    "sweep_figure",
    "to_svg",
    "training_figure",
]
