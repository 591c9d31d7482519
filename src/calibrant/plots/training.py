"""How a training went: loss, accuracy, ECE and temperature by epoch, from the records of `metrics.jsonl`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from calibrant.errors import InvalidArgument
from calibrant.plots.page import drawing, one_panel
from calibrant.plots.style import BLUE, GREY, VERMILLION, legend_above

Panel = Literal["loss", "accuracy", "ece", "temperature"]

_TITLES: dict[Panel, str] = {"loss": "Loss", "accuracy": "Accuracy", "ece": "ECE", "temperature": "Best T"}
_VALIDATION_KEYS: dict[Panel, str] = {
    "loss": "val_loss",
    "accuracy": "val_accuracy",
    "ece": "val_ece",
    "temperature": "val_temperature",
}
_PANEL_HEIGHT = 1.55


def draw_training(
    records: Sequence[Mapping[str, Any]], ax: Axes | None = None, *, panel: Panel = "loss"
) -> Axes:
    """Draw one quantity by epoch; the loss on training and validation rows, the others on validation rows.

    The lines are labelled; the legend is left to the caller, because panels share one.

    Parameters
    ----------
    records : sequence of mappings
        One an epoch, with the keys of `metrics.jsonl`; None where a value is undefined.
    ax : Axes, optional
        Where; by default on a new figure.
    panel : {"loss", "accuracy", "ece", "temperature"}
        What to draw; "temperature" is the T that would fit the validation rows best after that epoch.

    Raises
    ------
    InvalidArgument
        There is no record, a record lacks a key, or the panel is unknown.
    """
    if panel not in _TITLES:
        raise InvalidArgument(f"panel must be one of {', '.join(map(repr, _TITLES))}; got {panel!r}.")
    if not records:
        raise InvalidArgument("there is no epoch to draw: the records are empty.")
    if ax is None:
        return one_panel(draw_training, records, height=3.2, panel=panel).axes[0]
    epochs = _column(records, "epoch")
    if panel == "loss":
        ax.plot(epochs, _column(records, "train_loss"), color=BLUE, marker="x", label="training")
    validation = _column(records, _VALIDATION_KEYS[panel])
    ax.plot(epochs, validation, color=VERMILLION, marker="o", markersize=4, label="validation")
    if panel == "temperature":
        ax.axhline(1.0, color=GREY, linestyle=":", linewidth=1.4)
    if panel == "ece":
        ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.set(xlabel="Epoch", ylabel=_TITLES[panel])
    return ax


def training_figure(
    records: Sequence[Mapping[str, Any]],
    *,
    panels: Sequence[Panel] = ("loss", "accuracy", "ece", "temperature"),
    width: float | None = None,
) -> Figure:
    """Return the named panels under each other, so many inches wide; the rest as in `draw_training`."""
    if not panels:
        raise InvalidArgument("panels must name at least one panel.")
    with drawing(0.9 + _PANEL_HEIGHT * len(panels), width) as figure:
        grid = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
        for ax, panel in zip(grid, panels, strict=True):
            draw_training(records, ax, panel=panel)
            ax.label_outer()
        legend_above(grid[0], grid[0].get_legend_handles_labels()[0], columns=2)
        figure.align_ylabels()
    return figure


def _column(records: Sequence[Mapping[str, Any]], key: str) -> list[float]:
    missing = [index for index, record in enumerate(records) if key not in record]
    if missing:
        raise InvalidArgument(f"record {missing[0]} has no {key!r}; it has {', '.join(records[missing[0]])}.")
    return [math.nan if record[key] is None else float(record[key]) for record in records]
