"""The ECE that a perfectly calibrated classifier with these confidences would show on as many rows.

It is not 0: with few rows the plug-in ECE measures noise. Read every ECE beside it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from calibrant._typing import Booleans, Floats
from calibrant.analysis.intervals import LEVEL, quantile
from calibrant.errors import InvalidArgument
from calibrant.metrics.bins import bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Notion
from calibrant.metrics.one_class import one_class
from calibrant.metrics.rows import Rows, as_rows
from calibrant.predictions import Predictions

REPLICATES = 1000
_CELLS_PER_BIN = 64


@dataclass(frozen=True, slots=True)
class ExpectedIfCalibrated:
    """The distribution of the ECE under perfect calibration.

    Attributes
    ----------
    mean, low, high : float
        Its mean and the ends of its central interval.
    level : float
        Probability of that interval.
    replicates, seed : int
        Simulated data sets, and what the generator started from.
    """

    mean: float
    low: float
    high: float
    level: float
    replicates: int
    seed: int

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)


def expected_ece_if_calibrated(
    predictions: Predictions | Rows,
    *,
    notion: Notion = "top-label",
    class_index: int | None = None,
    bins: int = DEFAULT_BINS,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> ExpectedIfCalibrated:
    """Simulate labels that agree with the confidences, and return what ECE they give.

    Each replicate draws every row right with probability equal to its confidence (consistency
    resampling, Bröcker & Smith 2007) and takes the equal-width ECE. Rows are drawn 64 cells to a bin,
    as binomials at the cell's mean confidence; with sample weights, as normals of the same variance.

    Examples
    --------
    >>> rows = Predictions.from_probs([0.7] * 100, [1] * 70 + [0] * 30)
    >>> 0.02 < expected_ece_if_calibrated(rows).mean < 0.05
    True
    """
    if notion == "class-wise":
        raise InvalidArgument("the expectation is simulated for the notions 'top-label' and 'one-class'.")
    if (notion == "one-class") != (class_index is not None):
        raise InvalidArgument("class_index belongs to the notion 'one-class', which needs it.")
    quantile(level)
    if replicates < 2:
        raise InvalidArgument(f"replicates must be at least 2; got {replicates}.")
    rows = as_rows(predictions)
    values, correct = _view(rows, class_index)
    cells = bin_values(rows, values, correct, equal_width_edges(bins * _CELLS_PER_BIN)).sums[0]
    simulated = _simulate(cells, bins, replicates, np.random.default_rng(seed), rows.weight.size > 0)
    low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2])
    return ExpectedIfCalibrated(float(simulated.mean()), float(low), float(high), level, replicates, seed)


def _view(rows: Rows, class_index: int | None) -> tuple[Floats, Booleans]:
    if class_index is None:
        return rows.summary.confidence, rows.summary.correct
    return one_class(rows, class_index)


def _simulate(
    cells: Floats, bins: int, replicates: int, generator: np.random.Generator, weighted: bool
) -> Floats:
    filled = np.flatnonzero(cells[:, 1] > 0)
    count, weight, confidence = cells[filled, 0], cells[filled, 1], cells[filled, 2]
    p = np.clip(confidence / weight, 0.0, 1.0)
    shape = (replicates, len(filled))
    if weighted:
        drawn = confidence + np.sqrt(weight * p * (1 - p)) * generator.standard_normal(shape)
    else:
        drawn = generator.binomial(count.astype(np.int64), p, shape).astype(np.float64)
    first_of_bin = np.searchsorted(filled, np.arange(bins) * _CELLS_PER_BIN)
    used = np.unique(first_of_bin[first_of_bin < len(filled)])
    gaps = np.abs(np.add.reduceat(drawn - confidence, used, axis=1))
    return np.asarray(gaps.sum(axis=1) / weight.sum())
