"""The ECE that a perfectly calibrated classifier with these confidences would show on as many rows.

It is not 0: with few rows the plug-in ECE measures noise. Read every ECE beside it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.calibrated_draws import cells_of_bins, draw_calibrated, equal_width_cells, view_of
from calibrant.analysis.class_draws import draw_classes
from calibrant.analysis.intervals import LEVEL, quantile
from calibrant.analysis.soft_draws import METHOD, draw_soft_errors
from calibrant.metrics.bins import bin_classes, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Notion
from calibrant.metrics.foreign_table import ForeignTable
from calibrant.metrics.rows import Measurable, as_rows
from calibrant.metrics.soft_labels import has_soft_labels
from calibrant.metrics.views import views

REPLICATES = 1000


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
    method : str, optional
        How, where it was not by drawing labels from the confidences.
    """

    mean: float
    low: float
    high: float
    level: float
    replicates: int
    seed: int
    method: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields that apply as plain values."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def expected_ece_if_calibrated(
    predictions: Measurable,
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
    as binomials at the cell's mean confidence; with sample weights, as normals of the same variance. For
    "class-wise" each replicate draws a label for every row from its probabilities, and refuses weights. Soft
    labels are not drawn: their bins stray as `draw_soft_errors` says.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.7] * 100, [1] * 70 + [0] * 30)
    >>> 0.02 < expected_ece_if_calibrated(rows).mean < 0.05
    True
    """
    quantile(level)
    rows = as_rows(predictions)
    if notion == "class-wise":
        state = bin_classes(rows, equal_width_edges(bins))
        return summarised(draw_classes(rows, state, replicates, seed).ece, level, seed)
    if has_soft_labels(rows):
        (view,) = views(rows, notion, class_index, name="the expected error")
        errors = draw_soft_errors(view, bins, replicates, np.random.default_rng(seed))
        return summarised(errors, level, seed, method=METHOD)
    values, correct = view_of(rows, notion, class_index)
    cells = equal_width_cells(rows, values, correct, bins)
    weighted = rows.weight.size > 0
    return expected_of_cells(cells, weighted=weighted, level=level, replicates=replicates, seed=seed)


def expected_of_cells(
    cells: Floats,
    *,
    weighted: bool,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> ExpectedIfCalibrated:
    """Return what `expected_ece_if_calibrated` does, from the cells (64 m, 4) of one view."""
    drawn = draw_calibrated(cells, replicates, np.random.default_rng(seed), weighted=weighted)
    simulated = np.abs(drawn.correct - drawn.confidence).sum(axis=1) / drawn.weight.sum()
    return summarised(simulated, level, seed)


def expected_as(table: ForeignTable, *, seed: int = 0) -> ExpectedIfCalibrated:
    """Return what a tool would print if the probabilities were right, from as many simulated labels.

    Parameters
    ----------
    table : ForeignTable
        The tool's bins of the rows, which depend on the probabilities alone, and what weighs each bin.
    seed : int
        Of the simulation.
    """
    cells = cells_of_bins(table.values, table.index, len(table.gaps))
    drawn = draw_calibrated(cells, REPLICATES, np.random.default_rng(seed), weighted=False)
    sizes = np.abs(drawn.correct - drawn.confidence) / drawn.weight
    return summarised(sizes @ table.weights[drawn.index] / table.n, LEVEL, seed)


def summarised(
    simulated: Floats, level: float, seed: int, *, method: str | None = None
) -> ExpectedIfCalibrated:
    """Return mean and central interval of simulated values, one a data set."""
    low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2])
    return ExpectedIfCalibrated(
        float(simulated.mean()), float(low), float(high), level, len(simulated), seed, method
    )
