"""Figures of results: functions that draw on axes, and whole figures made of them.

Drawing computes nothing: results come in, axes or figures go out, and pyplot and its global state stay away.
"""

from __future__ import annotations

from importlib.util import find_spec

from calibrant.errors import MissingExtra

if find_spec("matplotlib") is None:
    raise MissingExtra("Drawing", "plot", "matplotlib")

from calibrant.plots.before_after import before_after_figure, draw_before_after
from calibrant.plots.class_wise import class_wise_figure, draw_class
from calibrant.plots.consistency import consistency_figure, draw_consistency
from calibrant.plots.conventions import draw_conventions
from calibrant.plots.corp_reliability import draw_corp_reliability
from calibrant.plots.cumulative import draw_cumulative
from calibrant.plots.decomposition import draw_decomposition
from calibrant.plots.expected_cost import draw_expected_cost
from calibrant.plots.histogram import draw_histogram, histogram_figure
from calibrant.plots.kind import Kind
from calibrant.plots.methods import draw_methods
from calibrant.plots.registry import KINDS, PlotOptions
from calibrant.plots.reliability import draw_reliability, reliability_figure
from calibrant.plots.risk_coverage import draw_risk_coverage
from calibrant.plots.save import save, to_svg
from calibrant.plots.smooth_reliability import draw_smooth_reliability
from calibrant.plots.subgroups import draw_subgroups
from calibrant.plots.sweep import draw_sweep, sweep_figure
from calibrant.plots.training import draw_training, training_figure

__all__ = [
    "KINDS",
    "Kind",
    "PlotOptions",
    "before_after_figure",
    "class_wise_figure",
    "consistency_figure",
    "draw_before_after",
    "draw_class",
    "draw_consistency",
    "draw_conventions",
    "draw_corp_reliability",
    "draw_cumulative",
    "draw_decomposition",
    "draw_expected_cost",
    "draw_histogram",
    "draw_methods",
    "draw_reliability",
    "draw_risk_coverage",
    "draw_smooth_reliability",
    "draw_subgroups",
    "draw_sweep",
    "draw_training",
    "histogram_figure",
    "reliability_figure",
    "save",
    "sweep_figure",
    "to_svg",
    "training_figure",
]
