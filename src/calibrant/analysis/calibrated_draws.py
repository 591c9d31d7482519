"""Labels that agree with the confidences, drawn many times: what perfect calibration looks like by chance.

Rows are drawn 64 cells to a bin, so the cost does not grow with them. What is measured on the draws is up to
the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Booleans, Floats, Integers, Scores
from calibrant.errors import EmptyPredictions, InvalidArgument
from calibrant.metrics.bins import bin_by_edges, bin_values, equal_width_edges
from calibrant.metrics.convention import DEFAULT_BINS, Notion
from calibrant.metrics.one_class import one_class
from calibrant.metrics.rows import Rows
from calibrant.metrics.soft_labels import refuse_soft_labels

CELLS_PER_BIN = 64


@dataclass(frozen=True, eq=False, slots=True)
class CalibratedDraws:
    """Simulated sums of the bins that hold weight, b of them.

    Attributes
    ----------
    index : int64 array, (b,)
        Which of all bins each is.
    weight, confidence : float64 array, (b,)
        Weight, and weighted sum of the confidences: the same in every replicate.
    correct : float64 array, (replicates, b)
        Weight of the rows that came out right.
    """

    index: Integers
    weight: Floats
    confidence: Floats
    correct: Floats


def view_of(rows: Rows, notion: Notion, class_index: int | None) -> tuple[Floats, Booleans]:
    """Return the probability and the outcome of each row for the top label or one class.

    Raises
    ------
    InvalidArgument
        Another notion, or a class where none belongs.
    IncompatiblePredictions
        The rows have soft labels, which do not vary as drawn labels do.
    """
    refuse_soft_labels(rows, "this")
    if notion not in ("top-label", "one-class"):
        raise InvalidArgument(
            f"this is defined for the notions 'top-label' and 'one-class', not {notion!r}: the errors of "
            "several classes in the same rows depend on each other. Ask for one class at a time."
        )
    if (notion == "one-class") != (class_index is not None):
        raise InvalidArgument("class_index belongs to the notion 'one-class', which needs it.")
    if class_index is None:
        values, correct = rows.summary.confidence, rows.summary.correct
    else:
        values, correct = one_class(rows, class_index)
    return values, correct.astype(np.bool_, copy=False)


def equal_width_cells(rows: Rows, values: Floats, correct: Booleans, bins: int = DEFAULT_BINS) -> Floats:
    """Return the sums of 64 cells to each equal-width bin, (64 m, 4), as `BinState.sums` has them."""
    equal_width_edges(bins)
    return np.asarray(bin_values(rows, values, correct, equal_width_edges(bins * CELLS_PER_BIN)).sums[0])


def cells_between(edges: Floats, values: Floats, correct: Booleans, weight: Floats) -> Floats:
    """Return the sums of 64 cells to each bin between any ascending edges, (64 m, 4)."""
    bins = len(edges) - 1
    fine = np.interp(np.arange(bins * CELLS_PER_BIN + 1) / CELLS_PER_BIN, np.arange(bins + 1), edges)
    return np.asarray(bin_by_edges(values, correct, weight, fine).sums[0])


def cells_of_bins(values: Scores, index: Integers, bins: int) -> Floats:
    """Return the sums of 64 cells to each of `bins` bins that rows are in already, (64 bins, 4).

    The cells of a bin lie between its least and its greatest value; nothing is known of the outcomes.
    """
    low, high = np.full(bins, np.inf), np.full(bins, -np.inf)
    np.minimum.at(low, index, values)
    np.maximum.at(high, index, values)
    width = np.where(high > low, high - low, 1.0)
    inside = ((values - low[index]) / width[index] * CELLS_PER_BIN).astype(np.int64)
    cell = index * CELLS_PER_BIN + np.minimum(inside, CELLS_PER_BIN - 1)
    count = np.bincount(cell, minlength=bins * CELLS_PER_BIN).astype(np.float64)
    confidence = np.bincount(cell, values, minlength=bins * CELLS_PER_BIN)
    return np.stack([count, count, confidence, np.zeros_like(count)], axis=1)


def draw_calibrated(
    cells: Floats, replicates: int, generator: np.random.Generator, *, weighted: bool
) -> CalibratedDraws:
    """Draw every row right with probability equal to its confidence, and add up the bins.

    Parameters
    ----------
    cells : float64 array, (64 m, 4)
        Sums of the cells, 64 to a bin.
    replicates : int
        Data sets to simulate.
    generator : numpy.random.Generator
        Where chance comes from.
    weighted : bool
        Whether rows have weights: then each cell is a normal draw of the same variance, not a binomial.

    Notes
    -----
    Consistency resampling: Bröcker & Smith, Increasing the reliability of reliability diagrams, Weather
    and Forecasting 22, 2007, with the confidences held fixed.

    Examples
    --------
    >>> cells = np.zeros((64, 4))
    >>> cells[40] = [50, 50, 32, 30]
    >>> draw_calibrated(cells, 10, np.random.default_rng(0), weighted=False).correct.shape
    (10, 1)
    """
    if replicates < 2:
        raise InvalidArgument(f"replicates must be at least 2; got {replicates}.")
    filled = np.flatnonzero(cells[:, 1] > 0)
    if len(filled) == 0:
        raise EmptyPredictions("all rows weigh 0: there is nothing to simulate.")
    count, weight, confidence = cells[filled, 0], cells[filled, 1], cells[filled, 2]
    p = np.clip(confidence / weight, 0.0, 1.0)
    shape = (replicates, len(filled))
    if weighted:
        drawn = confidence + np.sqrt(weight * p * (1 - p)) * generator.standard_normal(shape)
    else:
        drawn = generator.binomial(count.astype(np.int64), p, shape).astype(np.float64)
    index, first = np.unique(filled // CELLS_PER_BIN, return_index=True)
    return CalibratedDraws(
        index=index,
        weight=np.add.reduceat(weight, first),
        confidence=np.add.reduceat(confidence, first),
        correct=np.add.reduceat(drawn, first, axis=1),
    )
