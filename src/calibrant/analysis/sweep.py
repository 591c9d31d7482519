"""`sweep`: calibration at many temperatures, to be drawn, never to choose one by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from calibrant._typing import Floats
from calibrant.analysis.table import as_text
from calibrant.analysis.tempered_sums import TemperedSums, soft_label_sums, tempered_sums
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import InvalidArgument
from calibrant.html_blocks import Block, Grid, as_html
from calibrant.metrics.bins import BinState
from calibrant.metrics.calibration_error import CalibrationError
from calibrant.metrics.convention import Convention
from calibrant.metrics.metric import Measurement
from calibrant.metrics.row_means import MeanState, accuracy, brier, nll
from calibrant.predictions import Predictions, SoftLabelPredictions, Table
from calibrant.predictions.checks import check_countable

SCHEMA = "calibrant.sweep/1"
_METRICS = ("ece", "mce", "nll", "brier")
_ERRORS = (CalibrationError("ece"), CalibrationError("mce", norm="max"))


@dataclass(frozen=True, eq=False)
class Sweep:
    """Metrics at each temperature.

    Attributes
    ----------
    temperature : float64 array, (t,)
        Temperatures, as given.
    ece, mce, nll, brier : float64 array, (t,)
        Metrics of softmax(z / T).
    accuracy : float
        The same at every temperature.
    bins : float64 array, (t, m, 4)
        Of the top label, in equal-width bins: rows, weight, weighted confidence and weighted correct.
    n : int
        Rows.
    conventions : dict of str to Convention
        By metric name.
    """

    temperature: Floats
    ece: Floats
    mce: Floats
    nll: Floats
    brier: Floats
    accuracy: float
    bins: Floats
    n: int
    conventions: dict[str, Convention]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form."""
        columns = {name: getattr(self, name).tolist() for name in ("temperature", *_METRICS)}
        return {
            "schema": SCHEMA,
            "n": self.n,
            "accuracy": self.accuracy,
            **columns,
            "conventions": {name: convention.to_json() for name, convention in self.conventions.items()},
        }

    def __str__(self) -> str:
        return as_text(self._blocks())

    def _repr_html_(self) -> str:
        return as_html(self._blocks())

    def _blocks(self) -> list[Block]:
        header = ["T", "ECE", "MCE", "log-loss", "Brier"]
        columns = [self.temperature, *(getattr(self, name) for name in _METRICS)]
        rows = [
            [f"{t:g}", *(f"{value:.4f}" for value in values)]
            for t, *values in zip(*(column.tolist() for column in columns), strict=True)
        ]
        return [f"{self.n:,} rows, accuracy {self.accuracy:.4f} at every T", Grid(header, rows)]


def sweep(
    predictions: Predictions | SoftLabelPredictions | Table,
    temperatures: ArrayLike,
    *,
    engine: Engine = DEFAULT_ENGINE,
) -> Sweep:
    """Measure softmax(z / T) at each temperature T > 0, without scaled copies of the logits.

    Parameters
    ----------
    predictions : Predictions, SoftLabelPredictions or Table
        Rows to measure, whole or in parts. Those with one label each are gone over once for all temperatures.
    temperatures : array-like, (t,)
        What divides the logits.
    engine : Engine
        What runs the sums; a table has its own.

    Raises
    ------
    InvalidArgument
        No temperature, or one that is not finite and above 0.

    Examples
    --------
    >>> rows = Predictions.from_logits([[4.0, 0.0], [4.0, 0.0], [0.0, 4.0]], [0, 1, 1])
    >>> sweep(rows, [1.0, 2.0]).nll.round(3).tolist()
    [1.351, 0.794]
    """
    grid = np.atleast_1d(np.asarray(temperatures, dtype=np.float64))
    if grid.ndim != 1 or grid.size == 0 or not (np.isfinite(grid) & (grid > 1e-300)).all():
        raise InvalidArgument(
            "temperatures must be numbers above 0, at least one, and none below 1e-300; "
            f"got {temperatures!r}."
        )
    asked = tuple(grid.tolist())
    if isinstance(predictions, SoftLabelPredictions):
        sums = soft_label_sums(predictions, engine, temperatures=asked)
        return _sweep(grid, sums, "soft")
    table = predictions if isinstance(predictions, Table) else Table.whole(predictions, engine)
    return _sweep(grid, table.merged(partial(tempered_sums, temperatures=asked)), None)


def _sweep(grid: Floats, sums: TemperedSums, labels: Literal["soft"] | None) -> Sweep:
    weight = float(sums.bins[0, :, 1].sum())
    check_countable(weight)
    right = accuracy.finalise(MeanState(sums.n, weight, float(sums.bins[0, :, 3].sum())))
    measured: dict[str, list[Measurement]] = {name: [] for name in _METRICS}
    for bins, losses in zip(sums.bins, sums.losses, strict=True):
        state = BinState(sums.n, bins[None])
        for error in _ERRORS:
            measured[error.name].append(error.finalise(state))
        for mean, total in zip((nll, brier), losses.tolist(), strict=True):
            measured[mean.name].append(mean.finalise(MeanState(sums.n, weight, total)))
    columns = {name: np.array([each.value for each in found]) for name, found in measured.items()}
    return Sweep(
        temperature=grid,
        accuracy=right.value,
        bins=sums.bins,
        n=sums.n,
        conventions={name: replace(found[0].convention, labels=labels) for name, found in measured.items()},
        **columns,
    )
