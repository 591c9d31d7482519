"""The figures of a run, each with its caption: computed here, drawn by `plots`, saved as PNG and SVG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable, reliability, sweep
from calibrant.atomic import write_text
from calibrant.calibrators import TemperatureScaling
from calibrant.plots.before_after import before_after_figure
from calibrant.plots.registry import PlotOptions, build_reliability
from calibrant.plots.reliability_grid import Panel, reliability_grid_figure
from calibrant.plots.save import save, to_svg
from calibrant.plots.sweep import sweep_figure
from calibrant.plots.training import training_figure
from calibrant.predictions import Predictions
from calibrant.recipes.runner import Run
from calibrant.recipes.temperatures import BinsAt


@dataclass(frozen=True, eq=False)
class CaptionedFigure:
    """A figure, the name of its files, and what it shows."""

    name: str
    caption: str
    figure: Figure

    @cached_property
    def svg(self) -> str:
        """The figure as an SVG document, drawn once for its file and for the page."""
        return to_svg(self.figure)


def run_figures(run: Run, bins: tuple[BinsAt, ...] = ()) -> tuple[CaptionedFigure, ...]:
    """Draw the figures of a run, in the order in which a reader asks for them; last those of `bins`."""
    return (*_figures(run), *_at_temperatures(bins))


def save_figures(run: Run, figures: tuple[CaptionedFigure, ...]) -> None:
    """Save each figure as PNG and SVG in the run's folder."""
    for drawn in figures:
        save(drawn.figure, run.folder / f"{drawn.name}.png")
        write_text(run.folder / f"{drawn.name}.svg", drawn.svg)


def _figures(run: Run) -> Iterator[CaptionedFigure]:
    test = run.predictions.test
    calibrated = run.calibrator.transform(test)
    temperature = run.calibrator.temperature_
    for when, rows in (("before", test), ("after", calibrated)):
        yield CaptionedFigure(
            f"reliability-{when}",
            f"Reliability of the top label {when} temperature scaling, {rows.n:,} test images. "
            "Bars are accuracy; what they lack to the diagonal, or exceed it by, is miscalibration.",
            build_reliability(rows, PlotOptions()),
        )
    class_index = _class_index(run)
    name = None if class_index is None else test.class_name(class_index)
    shown = "the top label" if name is None else f"the class {name!r}"
    yield CaptionedFigure(
        "before-after",
        f"Reliability of {shown} on test images before (blue) and after (red) T = {temperature:.3f}, "
        "which was fitted on validation images; thin lines: other temperatures.",
        before_after_figure(
            reliability(test, class_index=class_index),
            reliability(calibrated, class_index=class_index),
            temperature=temperature,
            others=_others(test, run.recipe.figures.temperatures, class_index),
            class_name=name,
        ),
    )
    yield CaptionedFigure(
        "sweep",
        "ECE and log-loss on test images against T, with the T fitted on validation images marked. "
        "It is drawn to be looked at: no temperature is chosen by it.",
        sweep_figure(
            sweep(test, _fine_grid(run.recipe.figures.temperatures)),
            temperature=temperature,
            stderr=run.calibrator.temperature_stderr_,
        ),
    )
    yield CaptionedFigure(
        "training",
        "Loss and accuracy over epochs. A validation loss that rises while accuracy stands still is "
        "over-fitting to the log-loss: the network grows over-confident.",
        training_figure([asdict(row) for row in run.history]),
    )


def _at_temperatures(bins: tuple[BinsAt, ...]) -> Iterator[CaptionedFigure]:
    if bins:
        yield CaptionedFigure(
            "reliability-at-temperatures",
            "Reliability of the top label on test images with every logit divided by a fixed T, and by the T "
            "fitted on validation images. The fixed ones are drawn to be looked at: none is chosen.",
            reliability_grid_figure([Panel(entry.title, entry.table) for entry in bins]),
        )


def _others(
    test: Predictions, temperatures: tuple[float, ...], class_index: int | None
) -> list[tuple[float, ReliabilityTable]]:
    return [
        (t, reliability(TemperatureScaling(t).transform(test), class_index=class_index)) for t in temperatures
    ]


def _fine_grid(temperatures: tuple[float, ...]) -> np.ndarray:
    return np.geomspace(min(temperatures), max(temperatures), 41)


def _class_index(run: Run) -> int | None:
    wanted = run.recipe.figures.class_name
    return None if wanted is None else run.data.classes.index(wanted)
