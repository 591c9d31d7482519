"""Figures over bins of confidence: diagrams, histograms, before and after, and class by class."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable, consistency_band, reliability
from calibrant.calibrators import Calibrator, TemperatureScaling
from calibrant.calibrators.calibrated import calibrated
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics import Rows
from calibrant.metrics.bins import bin_classes, equal_width_edges
from calibrant.metrics.gaps import calibration_error
from calibrant.plots.before_after import before_after_figure
from calibrant.plots.class_wise import class_wise_figure
from calibrant.plots.consistency import consistency_figure
from calibrant.plots.histogram import histogram_figure
from calibrant.plots.options import DEFAULT_TEMPERATURES, PlotOptions, fitted
from calibrant.plots.reliability import reliability_figure
from calibrant.predictions import AnyPredictions, Table

MOST_CLASSES = 6
"""So many classes are drawn, the worst."""


def build_reliability(
    predictions: AnyPredictions | Table, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the reliability diagram over its histogram."""
    return _with_means(reliability_figure, predictions, options, engine)


def build_histogram(
    predictions: AnyPredictions | Table, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the confidence histogram."""
    return _with_means(histogram_figure, predictions, options, engine)


def build_consistency(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the points of a reliability diagram over their band under calibration."""
    band = consistency_band(
        Rows(predictions, engine),
        class_index=options.class_index,
        bins=options.bins,
        scheme=options.scheme,
    )
    return consistency_figure(band, class_name=class_name(predictions, options), width=options.width)


def build_before_after(
    predictions: AnyPredictions | Table, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the reliability curve before and after, over those of other temperatures that are asked for."""
    calibrator = fitted(options, predictions, engine)
    if calibrator is None:
        raise InvalidArgument(
            "the kind 'before-after' needs a calibrator (--calibrator), or validation rows to fit a "
            "temperature on (--validation)."
        )
    temperature = calibrator.temperature_ if isinstance(calibrator, TemperatureScaling) else None
    grid = () if options.temperatures == DEFAULT_TEMPERATURES else options.temperatures
    return before_after_figure(
        _table(predictions, options, engine),
        _table(calibrated(calibrator, predictions), options, engine),
        temperature=temperature,
        method=calibrator.method.replace("_", " "),
        others=[(t, _table(_at(t, predictions), options, engine)) for t in grid],
        class_name=class_name(predictions, options),
        width=options.width,
    )


def build_class_wise(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return small diagrams of the classes whose ECE is largest, the worst first."""
    rows = Rows(predictions, engine)
    errors = calibration_error(bin_classes(rows, equal_width_edges(options.bins)), "l1")
    worst = np.argsort(-errors, kind="stable")[:MOST_CLASSES].tolist()
    tables = [
        reliability(rows, class_index=index, bins=options.bins, scheme=options.scheme, engine=engine)
        for index in worst
    ]
    names = [_named(rows.predictions.classes, index) for index in worst]
    return class_wise_figure(tables, names, width=options.width)


def class_name(predictions: AnyPredictions | Table, options: PlotOptions) -> str | None:
    """Return the name of the class that is drawn, where one is and it has one."""
    if options.class_index is None:
        return None
    rows = predictions.first_part() if isinstance(predictions, Table) else predictions
    return None if rows.classes is None else rows.classes[options.class_index]


def _named(classes: tuple[str, ...] | None, index: int) -> str:
    return f"class {index}" if classes is None else classes[index]


def _with_means(
    draw: Callable[..., Figure],
    predictions: AnyPredictions | Table,
    options: PlotOptions,
    engine: Engine,
) -> Figure:
    table = _table(predictions, options, engine)
    return draw(
        table,
        mean_confidence=table.mean_confidence,
        accuracy=table.mean_accuracy,
        class_name=class_name(predictions, options),
        width=options.width,
    )


def _table(predictions: AnyPredictions | Table, options: PlotOptions, engine: Engine) -> ReliabilityTable:
    return reliability(
        predictions,
        class_index=options.class_index,
        scheme=options.scheme,
        bins=options.bins,
        engine=engine,
    )


def _at(temperature: float, predictions: AnyPredictions | Table) -> AnyPredictions | Table:
    scaling: Calibrator = TemperatureScaling(temperature)
    return calibrated(scaling, predictions)
