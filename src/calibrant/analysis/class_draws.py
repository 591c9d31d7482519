"""Labels drawn from all classes' probabilities, many times: what perfect calibration looks like by chance.

One label a row, so that the errors of the classes depend on each other as they do. The top label or one class
alone needs no labels, only outcomes: `draw_calibrated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.errors import InvalidArgument
from calibrant.kernels.few_labels import draw_labels_of_few
from calibrant.kernels.label_draws import draw_labels
from calibrant.kernels.layout import for_kernels
from calibrant.metrics.bins import BinState, bin_classes, equal_width_edges
from calibrant.metrics.rows import Rows
from calibrant.metrics.soft_labels import refuse_soft_labels

MOST_SETS, FEWEST_SETS = 1000, 50
MOST_ROWS = 1 << 20
_LABELS = 10_000_000
_LABELS_AT_ONCE = 1 << 22


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


def affordable_sets(n: int) -> int:
    """Return how many sets of labels to draw for n rows: 1,000, or as many as ten million labels make."""
    return min(max(_LABELS // n, FEWEST_SETS), MOST_SETS)


def draw_classes(rows: Rows, state: BinState, replicates: int, seed: int) -> ClassDraws:
    """Draw a label for every row from its probabilities, and measure; again and again.

    Parameters
    ----------
    rows : Rows
        Rows with the probabilities of all classes, without weights.
    state : BinState
        Their class-wise equal-width bins, (k, m, 4): confidences do not change, only labels.
    replicates : int
        Sets of labels.
    seed : int
        Of the generator. The result depends on it and on the order of the rows, not on their blocks.

    Raises
    ------
    InvalidArgument
        Fewer than two replicates, or rows with weights.
    IncompatiblePredictions
        The rows have soft labels, which do not vary as drawn labels do.

    Notes
    -----
    Consistency resampling (Bröcker & Smith, Weather and Forecasting 22, 2007; for several classes
    Vaicenavicius et al., AISTATS 2019), with the probabilities held fixed. Of more than 2²⁰ rows only every
    second, third, … gets labels, at most 2²⁰ of them, and the errors are scaled to the number of all rows.
    """
    if replicates < 2:
        raise InvalidArgument(f"replicates must be at least 2; got {replicates}.")
    refuse_soft_labels(rows, "what calibration would show of all classes")
    if rows.weight.size > 0:
        raise InvalidArgument(
            "labels of all classes are drawn one a row, but these rows have weights. Repeat rows instead, "
            "or ask for one class at a time."
        )
    bins, spacing = state.sums.shape[1], spacing_of(rows.n)
    if spacing > 1:
        rows = every(rows, spacing, 0)
        state = bin_classes(rows, equal_width_edges(bins))
    return draws_of_hits(_each_set(rows, bins, replicates, seed, 0, rows.n), state, spacing)


def spacing_of(n: int) -> int:
    """Return which of n rows labels are drawn for: every row, or every second, third, … of very many."""
    return -(-n // MOST_ROWS)


def every(rows: Rows, spacing: int, first: int) -> Rows:
    """Return every so many rows from the first on; at least one."""
    picked = rows.predictions.take(np.arange(first, rows.n, spacing))
    return Rows(picked, rows.engine, rows.temperature)


def draw_hits(rows: Rows, *, bins: int, replicates: int, seed: int, before: int, of: int) -> Floats:
    """Return how many labels fall into each cell, (R, k m), for some rows of many.

    Parameters
    ----------
    rows : Rows
        These rows, without weights.
    bins, replicates, seed : int
        As in `draw_classes`.
    before, of : int
        How many rows come before these, and how many there are in all.
    """
    return np.stack(list(_each_set(rows, bins, replicates, seed, before, of))).astype(np.float64)


def draws_of_hits(hits: Iterable[NDArray[Any]], state: BinState, spacing: int = 1) -> ClassDraws:
    """Return the errors of sets of labels from the numbers that fall into each cell, summed over all rows.

    Where the rows are every `spacing`-th of very many, each error is brought to the size that chance has
    among all: it falls with the root of the number of rows.
    """
    count, confidence = state.count.ravel(), state.sums[..., 2].ravel()
    errors = np.array([_errors(each, count, confidence) for each in hits]) / (state.n * len(state.sums))
    return ClassDraws(errors[:, 0] / np.sqrt(spacing), errors[:, 1] / spacing)


def _errors(right: NDArray[Any], count: Floats, confidence: Floats) -> tuple[float, float]:
    """Return Σ|right - confidence|, and the sum over cells of two rows and more of their squared errors."""
    gap, several = right - confidence, count > 1.5
    plain = float(np.abs(gap).sum())
    right, gap, rows = right[several], gap[several], count[several]
    return plain, float(((gap**2 - right * (rows - right) / (rows - 1)) / rows).sum())


def _each_set(
    rows: Rows, bins: int, replicates: int, seed: int, before: int, of: int
) -> Iterator[NDArray[np.int64]]:
    """Yield how many labels of each set fall into each cell, (k m,)."""
    n, size = rows.n, rows.predictions.k * bins
    edges, key = equal_width_edges(bins), key_of(seed)
    at_once = max(_LABELS_AT_ONCE // n, 1)
    for first in range(0, replicates, at_once):
        cells = np.empty((min(at_once, replicates - first), n), np.int32)
        _draw(rows, edges, key, first, before, of, cells)
        for row in cells:
            yield np.bincount(row, minlength=size)


def key_of(seed: int) -> np.uint64:
    """Return where the sequence of random numbers starts."""
    key: np.uint64 = np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]
    return key


def _draw(
    rows: Rows,
    edges: Floats,
    key: np.uint64,
    first: int,
    before: int,
    of: int,
    cells: NDArray[np.int32],
) -> None:
    predictions = rows.predictions
    if rows.few_probs is not None:
        draw_labels_of_few(rows.few_probs, edges, key, first, before, of, cells)
        return
    arguments = (
        for_kernels(predictions.scores),
        predictions.kind == "logits",
        1 / rows.temperature,
        edges,
        key,
        first,
        before,
        of,
        cells,
    )
    rows.engine.for_rows(
        lambda start, stop: draw_labels(start, stop, *arguments), predictions.n, predictions.k
    )


def squared_of(state: BinState) -> float:
    """Return the observed value of `ClassDraws.squared`."""
    count, right = state.weight.ravel(), state.sums[..., 3].ravel()
    return _errors(right, count, state.sums[..., 2].ravel())[1] / float(count.sum())
