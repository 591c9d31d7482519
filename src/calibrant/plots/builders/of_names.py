"""Figures of named things under each other: groups of rows, methods, tools."""

from __future__ import annotations

from matplotlib.figure import Figure

from calibrant.analysis import compare, conventions, subgroups
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import IncompatiblePredictions
from calibrant.metrics import Rows
from calibrant.plots.conventions import draw_conventions
from calibrant.plots.methods import draw_methods
from calibrant.plots.named_rows import height_of
from calibrant.plots.options import PlotOptions
from calibrant.plots.page import one_panel
from calibrant.plots.subgroups import draw_subgroups, shown_groups
from calibrant.predictions import AnyPredictions, Predictions, Table
from calibrant.predictions.soft_label import WHAT_TO_DO


def build_subgroups(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return a metric by group."""
    rows = _labelled(predictions, "the kind 'subgroups'")
    found = subgroups(rows, options.metric, by=options.by, engine=engine)
    return one_panel(draw_subgroups, found, height=height_of(len(shown_groups(found))), width=options.width)


def build_methods(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the methods' log-loss against that of temperature; without other rows, cross-validated."""
    test = _labelled(predictions, "the kind 'methods'")
    if options.validation is None:
        found = compare(test, methods=options.methods, engine=engine)
    else:
        found = compare(_fitting(options.validation), test, methods=options.methods, engine=engine)
    return one_panel(draw_methods, found, height=height_of(len(found.scores)), width=options.width)


def build_conventions(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the ECE as other tools compute it."""
    found = conventions(predictions, bins=options.bins, class_index=options.class_index)
    shown = [each for each in found.results if each.class_index == options.class_index]
    return one_panel(
        draw_conventions,
        found,
        height=height_of(len(shown)),
        width=options.width,
        class_index=options.class_index,
    )


def _labelled(predictions: AnyPredictions, what: str) -> Predictions:
    """Return rows that have the scores of all classes and one label each."""
    rows = Rows(predictions).predictions
    if not isinstance(rows, Predictions):
        raise IncompatiblePredictions(
            f"{what} needs one label for each row; these rows have counts of annotators. {WHAT_TO_DO}"
        )
    return rows


def _fitting(rows: AnyPredictions | Table) -> Predictions:
    if isinstance(rows, Table):
        return rows.only_part("the kind 'methods'")
    return _labelled(rows, "fitting all methods")
