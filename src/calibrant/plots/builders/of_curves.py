"""Figures of curves: over temperatures, without bins, over coverage and over thresholds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from matplotlib.figure import Figure

from calibrant.analysis import expected_cost, sweep
from calibrant.calibrators import TemperatureScaling
from calibrant.calibrators.calibrated import calibrated
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.metrics import (
    Rows,
    corp_decomposition,
    corp_reliability,
    cumulative_curve,
    cumulative_test,
    risk_coverage_curve,
    smooth_reliability,
)
from calibrant.metrics.convention import Notion
from calibrant.metrics.soft_labels import has_soft_labels
from calibrant.plots.builders.of_bins import class_name
from calibrant.plots.corp_reliability import draw_corp_reliability
from calibrant.plots.cumulative import draw_cumulative
from calibrant.plots.decomposition import draw_decomposition
from calibrant.plots.expected_cost import draw_expected_cost
from calibrant.plots.options import PlotOptions, fitted
from calibrant.plots.page import one_panel
from calibrant.plots.risk_coverage import draw_risk_coverage
from calibrant.plots.smooth_reliability import draw_smooth_reliability
from calibrant.plots.sweep import sweep_figure
from calibrant.predictions import AnyPredictions, Table, TopLabelPredictions

T = TypeVar("T")


def build_sweep(
    predictions: AnyPredictions | Table, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return ECE and log-loss against T, with the temperature of a calibrator or of validation rows."""
    rows = predictions if isinstance(predictions, Table) else Rows(predictions).predictions
    found = sweep(rows, options.temperatures, engine=engine)
    marked = fitted(options, predictions, engine)
    if not isinstance(marked, TemperatureScaling):
        return sweep_figure(found, width=options.width)
    return sweep_figure(
        found, temperature=marked.temperature_, stderr=marked.temperature_stderr_, width=options.width
    )


def build_smooth_reliability(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the smoothed reliability curve."""
    curve = smooth_reliability(Rows(predictions, engine), **_notion(options))
    name = class_name(predictions, options)
    return one_panel(draw_smooth_reliability, curve, height=4.6, width=options.width, class_name=name)


def build_corp(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the CORP reliability diagram with the parts of the Brier score."""
    rows = Rows(predictions, engine)
    return one_panel(
        draw_corp_reliability,
        corp_reliability(rows, **_notion(options)),
        height=4.6,
        width=options.width,
        parts=corp_decomposition(rows, **_notion(options)),
        class_name=class_name(predictions, options),
    )


def build_cumulative(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the cumulative differences with Kuiper's test, which soft labels do not have."""
    rows = Rows(predictions, engine)
    test = None if has_soft_labels(rows) else cumulative_test(rows, form="range", **_notion(options))
    return one_panel(
        draw_cumulative,
        cumulative_curve(rows, **_notion(options)),
        height=3.8,
        width=options.width,
        test=test,
        class_name=class_name(predictions, options),
    )


def build_decomposition(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the parts of the Brier score, and those after calibration where there is a calibrator."""
    before, after = _twice(
        lambda rows: corp_decomposition(rows, **_notion(options)), predictions, options, engine
    )
    return one_panel(draw_decomposition, before, height=3.4, width=options.width, after=after)


def build_risk_coverage(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return risk against coverage, and after calibration where there is a calibrator."""
    before, after = _twice(risk_coverage_curve, predictions, options, engine)
    return one_panel(draw_risk_coverage, before, height=3.6, width=options.width, after=after)


def build_cost(
    predictions: AnyPredictions, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return expected cost against the threshold: of a class, of class 1 of two, or of leaving rows out."""
    index = options.class_index
    if index is None and not isinstance(predictions, TopLabelPredictions) and predictions.k == 2:
        index = 1
    before, after = _twice(lambda rows: expected_cost(rows, class_index=index), predictions, options, engine)
    known = None if index is None or predictions.classes is None else predictions.classes[index]
    return one_panel(
        draw_expected_cost, before, height=3.6, width=options.width, after=after, class_name=known
    )


def _twice(
    measure: Callable[[Rows], T], predictions: AnyPredictions, options: PlotOptions, engine: Engine
) -> tuple[T, T | None]:
    """Measure the rows as they came and, where there is a calibrator, as it leaves them."""
    calibrator = fitted(options, predictions, engine)
    before = measure(Rows(predictions, engine))
    if calibrator is None:
        return before, None
    after = calibrated(calibrator, predictions)
    assert not isinstance(after, Table)
    return before, measure(Rows(after, engine))


def _notion(options: PlotOptions) -> dict[str, Any]:
    notion: Notion = "top-label" if options.class_index is None else "one-class"
    return {"notion": notion, "class_index": options.class_index}
