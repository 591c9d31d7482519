"""How the log-loss bends in each class's slope and bias at a temperature: what scales the richer methods."""

from __future__ import annotations

from calibrant._typing import Floats
from calibrant.calibrators.row_arrays import row_arrays
from calibrant.engine import Engine
from calibrant.kernels.curvature import CURVATURE_VECTORS, curvature_sums
from calibrant.predictions import Predictions


def curvature_at(rows: Predictions, engine: Engine, *, normalised: bool, temperature: float) -> Floats:
    """Return the sums of `curvature_sums` over rows with logits, (5 k,).

    Parameters
    ----------
    rows : Predictions
        n rows, k classes.
    engine : Engine
        What runs the sums.
    normalised : bool
        Whether z is the log-softmax of the logits.
    temperature : float
        Where the loss is looked at.
    """
    logits, labels, weight = row_arrays(rows)
    return engine.sum_rows(
        lambda start, stop, out: curvature_sums(
            start, stop, logits, normalised, labels, weight, 1 / temperature, out
        ),
        rows.n,
        rows.k,
        CURVATURE_VECTORS * rows.k,
    )
