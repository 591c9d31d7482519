"""Bins: their edges, what falls into them, and the table of gaps that every calibration error reads.

Equal-width counts merge; equal-mass edges need all rows, so their counts do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibrant._typing import Floats, Outcomes
from calibrant.errors import InvalidArgument
from calibrant.kernels.bins import PER_BIN, value_bins
from calibrant.kernels.few_rows import are_few
from calibrant.metrics.quantiles import equal_shares
from calibrant.metrics.rows import Rows


@dataclass(frozen=True, eq=False)
class BinState:
    """Sums in bins, one row of bins for a top label or one class, k rows for class-wise.

    Attributes
    ----------
    n : int
        Rows accumulated.
    sums : float64 array, (1 or k, m, 4)
        Rows, weight, weighted confidence and weighted correct of each bin.
    """

    n: int
    sums: Floats

    def merge(self, other: BinState) -> BinState:
        """Return the state of both sets of rows."""
        if self.n == 0 or other.n == 0:
            return other if self.n == 0 else self
        if self.sums.shape != other.sums.shape:
            raise InvalidArgument(
                f"bins of shape {self.sums.shape[:2]} and {other.sums.shape[:2]} cannot be merged."
            )
        return BinState(self.n + other.n, self.sums + other.sums)

    @property
    def count(self) -> Floats:
        """Rows in each bin."""
        return self.sums[..., 0]

    @property
    def weight(self) -> Floats:
        """Weight in each bin."""
        return self.sums[..., 1]

    @property
    def confidence(self) -> Floats:
        """Mean confidence of each bin; NaN in an empty one."""
        return _ratio(self.sums[..., 2], self.weight)

    @property
    def accuracy(self) -> Floats:
        """Accuracy of each bin; NaN in an empty one."""
        return _ratio(self.sums[..., 3], self.weight)


EMPTY_BINS = BinState(0, np.zeros((0, 0, PER_BIN)))


def equal_width_edges(bins: int) -> Floats:
    """Return j/m for j = 0..m, each the float64 nearest to the fraction."""
    if not isinstance(bins, int | np.integer) or isinstance(bins, bool) or bins < 1:
        raise InvalidArgument(f"bins must be a whole number, at least 1; got {bins!r}.")
    return np.arange(bins + 1) / bins


def equal_mass_edges(values: Floats, weight: Floats, bins: int) -> Floats:
    """Return 0 and the order statistics x_(⌈jn/m⌉), equal ones merged, so that ties are never split.

    With weights, the j-th edge is the smallest value whose cumulative weight reaches jW/m.
    """
    equal_width_edges(bins)
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, bins + 1)
    if weight.size == 0:
        picked = -(-ranks * len(values) // bins) - 1
    else:
        cumulative = np.cumsum(weight[order])
        picked = np.searchsorted(cumulative, equal_shares(cumulative[-1], bins), side="left")
    uppers = np.unique(values[order][np.minimum(picked, len(values) - 1)])
    return np.concatenate(([0.0], uppers))


def bin_values(rows: Rows, values: Floats, correct: Outcomes, edges: Floats) -> BinState:
    """Count one value a row into equal-width bins."""
    if are_few(len(values), 1):
        return bin_by_edges(values, correct, rows.weight, edges)
    m = len(edges) - 1
    arguments = (values, correct, rows.weight, edges)
    sums = rows.engine.sum_rows(
        lambda start, stop, out: value_bins(start, stop, *arguments, out), len(values), 1, m * PER_BIN
    )
    return BinState(len(values), sums.reshape(1, m, PER_BIN))


def bin_classes(rows: Rows, edges: Floats) -> BinState:
    """Count every class's probability, one against the rest, into equal-width bins."""
    return BinState(rows.n, rows.class_bins(edges))


def bin_by_edges(values: Floats, correct: Outcomes, weight: Floats, edges: Floats) -> BinState:
    """Count one value a row into bins (lo, hi] with any edges; the first takes all up to its upper one."""
    m = len(edges) - 1
    index = np.searchsorted(edges[1:-1], values, side="left")
    w = np.ones(len(values)) if weight.size == 0 else weight
    columns = [
        np.bincount(index, minlength=m),
        np.bincount(index, w, minlength=m),
        np.bincount(index, w * values, minlength=m),
        np.bincount(index, w * correct, minlength=m),
    ]
    return BinState(len(values), np.stack(columns, axis=1).astype(np.float64)[None])


def _ratio(total: Floats, weight: Floats) -> Floats:
    ratio = np.full(total.shape, np.nan)
    np.divide(total, weight, out=ratio, where=weight > 0)
    return ratio
