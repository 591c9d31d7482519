"""Labels drawn from all classes' probabilities, many times: what perfect calibration looks like by chance.

One label a row, so that the errors of the classes depend on each other as they do. The top label or one class
alone needs no labels, only outcomes: `draw_calibrated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.analysis.drawn_errors import ClassDraws, are_many_cells, draws_of_hits, draws_of_labels
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
    sets = _each_set(rows, bins, replicates, seed, 0, rows.n)
    if are_many_cells(replicates, state):
        return draws_of_labels(sets, state, spacing)
    return draws_of_hits(_counted(sets, state.sums.shape[0] * bins), state, spacing)


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
    sets = _each_set(rows, bins, replicates, seed, before, of)
    return np.stack(list(_counted(sets, rows.predictions.k * bins))).astype(np.float64)


def draw_cells(
    rows: Rows, *, bins: int, replicates: int, seed: int, before: int, of: int
) -> NDArray[np.int32]:
    """Return the cell of every label, (R, n), for some rows of many; arguments as in `draw_hits`."""
    return np.stack(list(_each_set(rows, bins, replicates, seed, before, of)))


def _counted(sets: Iterable[NDArray[np.int32]], size: int) -> Iterator[NDArray[np.int64]]:
    """Yield how many labels of each set fall into each of `size` cells."""
    for cells in sets:
        yield np.bincount(cells, minlength=size)


def _each_set(
    rows: Rows, bins: int, replicates: int, seed: int, before: int, of: int
) -> Iterator[NDArray[np.int32]]:
    """Yield the cell of every label of each set, (n,)."""
    n = rows.n
    edges, key = equal_width_edges(bins), key_of(seed)
    at_once = max(_LABELS_AT_ONCE // n, 1)
    for first in range(0, replicates, at_once):
        cells = np.empty((min(at_once, replicates - first), n), np.int32)
        _draw(rows, edges, key, first, before, of, cells)
        yield from cells


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
