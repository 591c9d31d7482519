"""`sweep`: calibration at many temperatures, to be drawn, never to choose one by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.array_api.bins import check_bins
from calibrant.array_api.checks import check_rows
from calibrant.array_api.row_scores import row_scores
from calibrant.array_api.rows import ArrayRows, Block
from calibrant.array_api.temper import check_temperature
from calibrant.array_api.top_label_sums import TopLabelValues, top_label_sums, top_label_values
from calibrant.errors import InvalidArgument
from calibrant.metrics.convention import DEFAULT_BINS


@dataclass(frozen=True, eq=False)
class ArraySweep:
    """Metrics of softmax(z / T) at each temperature.

    Attributes
    ----------
    temperature : float64 array, (t,)
        Temperatures, as given.
    ece, mce, rmsce, nll, brier, mean_confidence : float64 array, (t,)
        As in `evaluate`.
    accuracy : float
        The same at every temperature.
    n : int
        Rows.
    """

    temperature: Floats
    ece: Floats
    mce: Floats
    rmsce: Floats
    nll: Floats
    brier: Floats
    mean_confidence: Floats
    accuracy: float
    n: int


def sweep(
    logits: Any,
    labels: Any,
    temperatures: Iterable[float],
    *,
    sample_weight: Any | None = None,
    bins: int = DEFAULT_BINS,
) -> ArraySweep:
    """Measure softmax(z / T) at each temperature T > 0; one walk over the rows for each.

    Parameters and errors as in `evaluate`, and `InvalidArgument` for a temperature that is not finite and
    above 0, or for none.

    Examples
    --------
    >>> logits, labels = np.array([[4.0, 0.0], [4.0, 0.0], [0.0, 4.0]]), np.array([0, 1, 1])
    >>> sweep(logits, labels, [1.0, 2.0]).nll.round(3).tolist()
    [1.351, 0.794]
    """
    grid = [check_temperature(temperature) for temperature in temperatures]
    if not grid:
        raise InvalidArgument("temperatures must be numbers above 0, at least one; got none.")
    bins = check_bins(bins)
    rows = check_rows(logits, labels, kind="logits", sample_weight=sample_weight)
    values = [_measured(rows, temperature, bins) for temperature in grid]
    names = ("ece", "mce", "rmsce", "nll", "brier", "mean_confidence")
    columns = {name: np.array([getattr(value, name) for value in values]) for name in names}
    return ArraySweep(temperature=np.array(grid), accuracy=values[0].accuracy, n=rows.n, **columns)


def _measured(rows: ArrayRows, temperature: float, bins: int) -> TopLabelValues:
    def sums(block: Block) -> Any:
        scored = row_scores(rows.library, block, "logits", 1 / temperature)
        return top_label_sums(rows.library.xp, scored, block.weight, bins)

    return top_label_values(rows.sum(sums), bins)
