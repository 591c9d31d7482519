"""Held-out error, log-loss and best temperature by epoch (Guo et al. 2017, Figure 3, with T added)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from calibrant._typing import Floats
from calibrant.plots.overfitting import Curve, EpochCurves, overfitting_figure
from calibrant.studies.endings.ending import Ending, Finished
from calibrant.studies.grid import PlannedRun
from calibrant.studies.record import Measured
from calibrant.studies.table import Column
from calibrant.train.history import EpochRow, read_history

if TYPE_CHECKING:
    from calibrant.recipes.runner import Run

_COLUMNS = (
    Column("epoch", "epoch", 1),
    Column("val_error", "error"),
    Column("val_nll", "log-loss"),
    Column("val_ece", "ECE"),
    Column("val_temperature", "best T", 3),
    Column("train_loss", "training loss"),
)


def _measure(run: Run) -> Measured:
    history = run.history
    moments = {
        "lowest log-loss": min(history, key=lambda row: row.val_nll),
        "lowest error": max(history, key=lambda row: row.val_accuracy),
        "last epoch": history[-1],
    }
    return Measured({name: _results(row) for name, row in moments.items()})


def _results(row: EpochRow) -> dict[str, float]:
    return {
        "epoch": float(row.epoch),
        "val_error": 1.0 - row.val_accuracy,
        "val_nll": row.val_nll,
        "val_ece": row.val_ece,
        "val_temperature": row.val_temperature,
        "train_loss": row.train_loss,
    }


def _draw(finished: Finished) -> Figure:
    return overfitting_figure([_curves(point.series, runs) for point, runs in finished.points().items()])


def _curves(name: str, runs: Sequence[tuple[PlannedRun, Path]]) -> EpochCurves:
    histories = [read_history(folder) for _, folder in runs]
    epochs = min(len(history) for history in histories)
    return EpochCurves(
        name=name,
        epochs=np.arange(1, epochs + 1),
        error=_curve([[1.0 - row.val_accuracy for row in history[:epochs]] for history in histories]),
        nll=_curve([[row.val_nll for row in history[:epochs]] for history in histories]),
        temperature=_curve([[row.val_temperature for row in history[:epochs]] for history in histories]),
        drops=tuple(epoch + 1 for epoch in runs[0][0].recipe.train.drops),
    )


def _curve(values: Sequence[Sequence[float]]) -> Curve:
    by_seed: Floats = np.array(values, dtype=np.float64)
    spread = by_seed.std(axis=0, ddof=1) if len(by_seed) > 1 else np.zeros(by_seed.shape[1])
    return Curve(by_seed.mean(axis=0), spread)


OVERFITTING = Ending(measure=_measure, columns=_COLUMNS, draw=_draw, part_title="at", scored="validation")
