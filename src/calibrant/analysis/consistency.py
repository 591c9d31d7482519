"""Consistency bands: where the points of a reliability diagram would fall if the confidences were right.

They lie around the diagonal. Intervals around the points themselves are in the table that comes with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.calibrated_draws import cells_between, draw_calibrated, view_of
from calibrant.analysis.intervals import LEVEL, quantile
from calibrant.analysis.reliability import ReliabilityTable, reliability
from calibrant.metrics.convention import DEFAULT_BINS, Notion, Scheme
from calibrant.metrics.rows import Measurable, as_rows

REPLICATES = 1000


@dataclass(frozen=True, eq=False)
class ConsistencyBand:
    """A reliability table with, for each bin, the accuracies that calibration would produce.

    Attributes
    ----------
    table : ReliabilityTable
        The bins.
    low, high : float64 array, (m,)
        Ends of the central interval of the bin's accuracy under calibration; NaN in an empty bin.
    level : float
        Probability of that interval, at least: accuracies are discrete.
    replicates, seed : int
        Simulated data sets, and what the generator started from.
    """

    table: ReliabilityTable
    low: Floats
    high: Floats
    level: float
    replicates: int
    seed: int

    @property
    def outside(self) -> int:
        """Bins whose accuracy lies outside; by chance about one in twenty at the level 0.95."""
        with np.errstate(invalid="ignore"):
            apart = (self.table.accuracy < self.low) | (self.table.accuracy > self.high)
        return int(np.count_nonzero(apart))

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values; None where a bin is empty."""
        ends = {
            name: [None if value != value else value for value in getattr(self, name).tolist()]
            for name in ("low", "high")
        }
        return {**ends, "level": self.level, "replicates": self.replicates, "seed": self.seed}


def consistency_band(
    predictions: Measurable,
    *,
    class_index: int | None = None,
    bins: int = DEFAULT_BINS,
    scheme: Scheme = "equal-width",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> ConsistencyBand:
    """Simulate labels that agree with the confidences, and return where each bin's accuracy falls.

    Parameters
    ----------
    predictions : Predictions
        Rows of the diagram. A weight of w counts as w rows.
    class_index : int, optional
        Look at this class's probability; by default at the top label's.
    bins : int
        Number of bins; with equal mass an upper bound.
    scheme : {"equal-width", "equal-mass"}
        How bins are cut.
    level : float
        Probability of each bin's band, bin by bin.
    replicates, seed : int
        Of the simulation.

    Notes
    -----
    Bröcker & Smith, Increasing the reliability of reliability diagrams, Weather and Forecasting 22, 2007,
    with the confidences and the bins held fixed.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.9] * 100, [1] * 70 + [0] * 30)
    >>> band = consistency_band(rows, bins=10)
    >>> bool(band.table.accuracy[8] < band.low[8] < 0.9 < band.high[8]), band.outside
    (True, 1)
    """
    quantile(level)
    rows = as_rows(predictions)
    notion: Notion = "top-label" if class_index is None else "one-class"
    values, correct = view_of(rows, notion, class_index)
    table = reliability(rows, class_index=class_index, bins=bins, scheme=scheme, level=level)
    cells = cells_between(np.append(table.lower, table.upper[-1]), values, correct, rows.weight)
    return band_of_cells(
        table, cells, weighted=rows.weight.size > 0, level=level, replicates=replicates, seed=seed
    )


def band_of_cells(
    table: ReliabilityTable,
    cells: Floats,
    *,
    weighted: bool,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> ConsistencyBand:
    """Return the band of bins whose 64 cells each, (64 m, 4), are summed already."""
    drawn = draw_calibrated(cells, replicates, np.random.default_rng(seed), weighted=weighted)
    accuracy = np.clip(drawn.correct / drawn.weight, 0.0, 1.0)
    low, high = np.full(len(table.n), np.nan), np.full(len(table.n), np.nan)
    low[drawn.index] = np.quantile(accuracy, (1 - level) / 2, axis=0, method="lower")
    high[drawn.index] = np.quantile(accuracy, (1 + level) / 2, axis=0, method="higher")
    return ConsistencyBand(table, low, high, level, replicates, seed)
