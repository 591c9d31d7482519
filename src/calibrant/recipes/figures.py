"""The figures of a run: computed here, drawn by `plots`, saved as PNG and SVG.

The page has its own drawings of the same numbers.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
from matplotlib.figure import Figure

from calibrant.analysis import ReliabilityTable, reliability, sweep
from calibrant.calibrators import TemperatureScaling
from calibrant.plots.before_after import before_after_figure
from calibrant.plots.registry import PlotOptions, build_reliability
from calibrant.plots.reliability_grid import Panel, reliability_grid_figure
from calibrant.plots.save import save
from calibrant.plots.sweep import sweep_figure
from calibrant.plots.training import training_figure
from calibrant.predictions import Predictions
from calibrant.recipes.runner import Run
from calibrant.recipes.temperatures import BinsAt


def run_figures(run: Run, bins: tuple[BinsAt, ...] = ()) -> dict[str, Figure]:
    """Draw the figures of a run, by the names of their files; last that of `bins`, where there are any."""
    test = run.predictions.test
    calibrated = run.calibrator.transform(test)
    temperature = run.calibrator.temperature_
    class_index = _class_index(run)
    figures = {
        "reliability-before": build_reliability(test, PlotOptions()),
        "reliability-after": build_reliability(calibrated, PlotOptions()),
        "before-after": before_after_figure(
            reliability(test, class_index=class_index),
            reliability(calibrated, class_index=class_index),
            temperature=temperature,
            others=_others(test, run.recipe.figures.temperatures, class_index),
            class_name=None if class_index is None else test.class_name(class_index),
        ),
        "sweep": sweep_figure(
            sweep(test, _fine_grid(run.recipe.figures.temperatures)),
            temperature=temperature,
            stderr=run.calibrator.temperature_stderr_,
        ),
        "training": training_figure([asdict(row) for row in run.history]),
    }
    if bins:
        panels = [Panel(entry.title, entry.table) for entry in bins]
        figures["reliability-at-temperatures"] = reliability_grid_figure(panels)
    return figures


def save_figures(run: Run, figures: dict[str, Figure]) -> None:
    """Save each figure as PNG and SVG in the run's folder."""
    for name, figure in figures.items():
        for suffix in (".png", ".svg"):
            save(figure, run.folder / f"{name}{suffix}")


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
