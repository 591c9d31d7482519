"""The class-wise errors that sets of drawn labels show: from the labels in every cell, or from labels alone.

A cell is a bin of a class. How the labels are drawn: `class_draws`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.metrics.bins import BinState

_CELLS = 1 << 26
_CELLS_AT_ONCE = 1 << 20


@dataclass(frozen=True, eq=False, slots=True)
class ClassDraws:
    """Class-wise errors of simulated sets of labels, R of them.

    Attributes
    ----------
    ece : float64 array, (R,)
        Mean over classes of the plug-in ECE.
    squared : float64 array, (R,)
        Mean over classes of Σ (n_b/n)[(acc_b - conf_b)² - acc_b (1 - acc_b)/(n_b - 1)] over the bins of two
        rows and more.
    """

    ece: Floats
    squared: Floats


def are_many_cells(replicates: int, state: BinState) -> bool:
    """Say whether so many sets over all cells would take too long: only those with labels are looked at."""
    return replicates * state.count.size > _CELLS


def draws_of_hits(hits: Iterable[NDArray[Any]], state: BinState, spacing: int = 1) -> ClassDraws:
    """Return the errors of sets of labels from the numbers that fall into each cell, summed over all rows.

    Where the rows are every `spacing`-th of very many, each error is brought to the size that chance has
    among all: it falls with the root of the number of rows.
    """
    count, confidence = state.count.ravel(), state.sums[..., 2].ravel()
    return _of_errors([_errors(each, count, confidence) for each in hits], state, spacing)


def draws_of_labels(sets: Iterable[NDArray[Any]], state: BinState, spacing: int = 1) -> ClassDraws:
    """Return the errors of sets of labels from the cell of each label, where most cells have none.

    As `draws_of_hits`, but for the last bits: the cells without labels are summed once for all sets.
    """
    count, confidence = state.count.reshape(-1), state.sums[..., 2].reshape(-1)
    plain, squared = _errors_of_no_labels(count, confidence)
    errors = []
    for cells in sets:
        found, right = np.unique(cells, return_counts=True)
        of_found = count[found], confidence[found]
        some, none = _errors(right, *of_found), _errors(np.zeros(1), *of_found)
        errors.append((plain + some[0] - none[0], squared + some[1] - none[1]))
    return _of_errors(errors, state, spacing)


def _errors_of_no_labels(count: Floats, confidence: Floats) -> tuple[float, float]:
    """Return the errors of cells without labels, some cells after the others."""
    spans = [slice(at, at + _CELLS_AT_ONCE) for at in range(0, len(count), _CELLS_AT_ONCE)]
    plain, squared = zip(
        *(_errors(np.zeros(1), count[span], confidence[span]) for span in spans), strict=True
    )
    return sum(plain), sum(squared)


def _of_errors(errors: Sequence[tuple[float, float]], state: BinState, spacing: int) -> ClassDraws:
    means = np.array(errors) / (state.n * len(state.sums))
    return ClassDraws(means[:, 0] / np.sqrt(spacing), means[:, 1] / spacing)


def _errors(right: NDArray[Any], count: Floats, confidence: Floats) -> tuple[float, float]:
    """Return Σ|right - confidence|, and the sum over cells of two rows and more of their squared errors."""
    gap, several = right - confidence, count > 1.5
    plain = float(np.abs(gap).sum())
    right = np.broadcast_to(right, gap.shape)
    right, gap, rows = right[several], gap[several], count[several]
    return plain, float(((gap**2 - right * (rows - right) / (rows - 1)) / rows).sum())


def squared_of(state: BinState) -> float:
    """Return the observed value of `ClassDraws.squared`."""
    count, right = state.weight.ravel(), state.sums[..., 3].ravel()
    return _errors(right, count, state.sums[..., 2].ravel())[1] / float(count.sum())
