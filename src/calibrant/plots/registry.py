"""The figures that a predictions file alone can give, by name; one entry is one CLI choice.

Here results are computed and handed to the drawing functions, which compute nothing themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from calibrant.analysis import reliability, sweep
from calibrant.errors import InvalidArgument
from calibrant.metrics import Rows
from calibrant.metrics.convention import DEFAULT_BINS, Scheme
from calibrant.metrics.one_class import one_class
from calibrant.plots.histogram import histogram_figure
from calibrant.plots.reliability import reliability_figure
from calibrant.plots.sweep import sweep_figure
from calibrant.predictions import AnyPredictions

DEFAULT_TEMPERATURES = tuple(2.0 ** (step / 8) for step in range(-16, 17))
"""From 1/4 to 4, eight to an octave, with 1 among them."""


@dataclass(frozen=True, slots=True)
class PlotOptions:
    """What a user may choose about a figure.

    Attributes
    ----------
    bins : int
        Number of bins.
    scheme : {"equal-width", "equal-mass"}
        How bins are cut.
    class_index : int, optional
        Draw this class's probability; by default the top label's confidence.
    temperatures : tuple of float
        Grid of the kind "sweep".
    """

    bins: int = DEFAULT_BINS
    scheme: Scheme = "equal-width"
    class_index: int | None = None
    temperatures: tuple[float, ...] = DEFAULT_TEMPERATURES


def build_reliability(predictions: AnyPredictions, options: PlotOptions) -> Figure:
    """Return the reliability diagram over its histogram."""
    return _of_bins(reliability_figure, predictions, options)


def build_histogram(predictions: AnyPredictions, options: PlotOptions) -> Figure:
    """Return the confidence histogram."""
    return _of_bins(histogram_figure, predictions, options)


def build_sweep(predictions: AnyPredictions, options: PlotOptions) -> Figure:
    """Return ECE and log-loss against T; bins, scheme and class do not apply and are refused."""
    if PlotOptions(temperatures=options.temperatures) != options:
        raise InvalidArgument(
            "the kind 'sweep' draws the top-label ECE in 15 equal-width bins: "
            "it takes no other bins, scheme or class."
        )
    return sweep_figure(sweep(Rows(predictions).predictions, options.temperatures))


KINDS: dict[str, Callable[[AnyPredictions, PlotOptions], Figure]] = {
    "reliability": build_reliability,
    "histogram": build_histogram,
    "sweep": build_sweep,
}


def _of_bins(draw: Callable[..., Figure], predictions: AnyPredictions, options: PlotOptions) -> Figure:
    rows = Rows(predictions)
    table = reliability(rows, class_index=options.class_index, scheme=options.scheme, bins=options.bins)
    if options.class_index is None:
        confidence, correct, name = rows.summary.confidence, rows.summary.correct, None
    else:
        confidence, correct = one_class(rows, options.class_index)
        name = rows.predictions.class_name(options.class_index) if predictions.classes is not None else None
    return draw(
        table,
        mean_confidence=float(np.average(confidence, weights=predictions.sample_weight)),
        accuracy=float(np.average(correct, weights=predictions.sample_weight)),
        class_name=name,
    )
