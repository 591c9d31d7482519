"""The ECE that a perfectly calibrated classifier with these confidences would show on as many rows.

It is not 0: with few rows the plug-in ECE measures noise. Read every ECE beside it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from calibrant.analysis.calibrated_draws import draw_calibrated, equal_width_cells, view_of
from calibrant.analysis.intervals import LEVEL, quantile
from calibrant.analysis.soft_draws import METHOD, draw_soft_errors
from calibrant.errors import InvalidArgument
from calibrant.metrics.convention import DEFAULT_BINS, Notion
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
    as binomials at the cell's mean confidence; with sample weights, as normals of the same variance. Soft
    labels are not drawn: their bins stray as `draw_soft_errors` says.

    Examples
    --------
    >>> from calibrant.predictions import Predictions
    >>> rows = Predictions.from_probs([0.7] * 100, [1] * 70 + [0] * 30)
    >>> 0.02 < expected_ece_if_calibrated(rows).mean < 0.05
    True
    """
    if notion == "class-wise":
        raise InvalidArgument("the expectation is simulated for the notions 'top-label' and 'one-class'.")
    quantile(level)
    rows = as_rows(predictions)
    generator, method = np.random.default_rng(seed), None
    if has_soft_labels(rows):
        (view,) = views(rows, notion, class_index, name="the expected error")
        simulated, method = draw_soft_errors(view, bins, replicates, generator), METHOD
    else:
        values, correct = view_of(rows, notion, class_index)
        cells = equal_width_cells(rows, values, correct, bins)
        drawn = draw_calibrated(cells, replicates, generator, weighted=rows.weight.size > 0)
        simulated = np.abs(drawn.correct - drawn.confidence).sum(axis=1) / drawn.weight.sum()
    low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2])
    return ExpectedIfCalibrated(
        float(simulated.mean()), float(low), float(high), level, replicates, seed, method
    )
