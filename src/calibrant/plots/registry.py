"""The figures that predictions alone can give, whole or in parts, by name; one entry is one CLI choice.

Here results are computed and handed to the drawing functions, which compute nothing themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from calibrant.analysis import reliability, sweep
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics import Rows
from calibrant.metrics.convention import DEFAULT_BINS, Scheme
from calibrant.plots.histogram import histogram_figure
from calibrant.plots.reliability import reliability_figure
from calibrant.plots.sweep import sweep_figure
from calibrant.predictions import AnyPredictions, Table

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


def build_reliability(
    predictions: AnyPredictions | Table, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the reliability diagram over its histogram."""
    return _of_bins(reliability_figure, predictions, options, engine)


def build_histogram(
    predictions: AnyPredictions | Table, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return the confidence histogram."""
    return _of_bins(histogram_figure, predictions, options, engine)


def build_sweep(
    predictions: AnyPredictions | Table, options: PlotOptions, *, engine: Engine = DEFAULT_ENGINE
) -> Figure:
    """Return ECE and log-loss against T; bins, scheme and class do not apply and are refused."""
    if PlotOptions(temperatures=options.temperatures) != options:
        raise InvalidArgument(
            "the kind 'sweep' draws the top-label ECE in 15 equal-width bins: "
            "it takes no other bins, scheme or class."
        )
    rows = predictions if isinstance(predictions, Table) else Rows(predictions).predictions
    return sweep_figure(sweep(rows, options.temperatures, engine=engine))


KINDS: dict[str, Callable[..., Figure]] = {
    "reliability": build_reliability,
    "histogram": build_histogram,
    "sweep": build_sweep,
}
"""Each takes predictions, whole or in parts, its options, and what runs the sums; a table has its own."""


def _of_bins(
    draw: Callable[..., Figure],
    predictions: AnyPredictions | Table,
    options: PlotOptions,
    engine: Engine,
) -> Figure:
    table = reliability(
        predictions,
        class_index=options.class_index,
        scheme=options.scheme,
        bins=options.bins,
        engine=engine,
    )
    name = None if options.class_index is None else _class_name(predictions, options.class_index)
    return draw(table, mean_confidence=table.mean_confidence, accuracy=table.mean_accuracy, class_name=name)


def _class_name(predictions: AnyPredictions | Table, class_index: int) -> str | None:
    rows = predictions.first_part() if isinstance(predictions, Table) else predictions
    return None if rows.classes is None else rows.classes[class_index]
