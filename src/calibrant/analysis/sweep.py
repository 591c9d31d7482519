"""`sweep`: calibration at many temperatures, to be drawn, never to choose one by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from calibrant._typing import Floats
from calibrant.analysis.table import plain_table
from calibrant.engine import DEFAULT_ENGINE, Engine
from calibrant.errors import InvalidArgument
from calibrant.metrics import METRICS, Convention, Rows
from calibrant.predictions import Predictions, SoftLabelPredictions

SCHEMA = "calibrant.sweep/1"
_METRICS = ("ece", "mce", "nll", "brier")


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
        header = ["T", "ECE", "MCE", "log-loss", "Brier"]
        columns = [self.temperature, *(getattr(self, name) for name in _METRICS)]
        rows = [
            [f"{t:g}", *(f"{value:.4f}" for value in values)]
            for t, *values in zip(*(column.tolist() for column in columns), strict=True)
        ]
        return f"{self.n:,} rows, accuracy {self.accuracy:.4f} at every T\n{plain_table(header, rows)}"


def sweep(
    predictions: Predictions | SoftLabelPredictions,
    temperatures: ArrayLike,
    *,
    engine: Engine = DEFAULT_ENGINE,
) -> Sweep:
    """Measure softmax(z / T) at each temperature T > 0, without scaled copies of the logits.

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
        raise InvalidArgument(f"temperatures must be numbers above 0, at least one; got {temperatures!r}.")
    scaled = replace(predictions, scores=predictions.logits(), kind="logits")
    names = ("accuracy", *_METRICS)
    results = [_measure(Rows(scaled, engine, temperature), names) for temperature in grid.tolist()]
    columns = {name: np.array([result[name].value for result in results]) for name in names}
    return Sweep(
        temperature=grid,
        accuracy=float(columns.pop("accuracy")[0]),
        n=predictions.n,
        conventions={name: results[0][name].convention for name in _METRICS},
        **columns,
    )


def _measure(rows: Rows, names: Iterable[str]) -> dict[str, Any]:
    return {name: METRICS[name](rows) for name in names}
