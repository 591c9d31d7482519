"""Labels drawn for few rows, in NumPy: nothing has to be compiled for them.

They are those that `label_draws` draws from the same probabilities, whatever the number of rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.kernels import label_draws

_NARROW = 16
_ONE = np.uint64(1)


def draw_labels_of_few(
    probs: Floats,
    edges: Floats,
    seed: np.uint64,
    first: int,
    before: int,
    rows: int,
    cells: NDArray[np.int32],
) -> None:
    """Write the cells (sets, n) that `label_draws.draw_labels` writes, given the probabilities (n, k)."""
    n, k = probs.shape
    at, top, bins = np.arange(n), probs.argmax(axis=1), len(edges) - 1
    labels = np.tile(np.arange(k), (n, 1))
    labels[at, top], labels[:, 0] = 0, top
    ordered = np.take_along_axis(probs, labels, axis=1)
    of_label = labels * bins + np.searchsorted(edges[1:-1], ordered, side="left")
    last = k - 1 - (ordered[:, ::-1] > 0.0).argmax(axis=1)
    draw = _set_by_set if k <= _NARROW else _row_by_row
    draw(np.cumsum(ordered, axis=1), of_label, last, seed, (first, before, rows), cells)


def _set_by_set(
    cumulative: Floats,
    of_label: NDArray[np.int64],
    last: NDArray[np.int64],
    seed: np.uint64,
    place: tuple[int, int, int],
    cells: NDArray[np.int32],
) -> None:
    first, before, rows = place
    n, k = cumulative.shape
    columns, flat = cumulative.T.copy(), of_label.ravel()
    starts, positions = k * np.arange(n), np.arange(before, before + n, dtype=np.uint64)
    for number, row in enumerate(cells, start=first):
        drawn = _uniforms(seed, positions + np.uint64(number * rows)) * columns[-1]
        passed = np.zeros(n, np.int8)
        for column in columns:
            passed += drawn >= column
        row[:] = flat[starts + np.minimum(passed, last)]


def _row_by_row(
    cumulative: Floats,
    of_label: NDArray[np.int64],
    last: NDArray[np.int64],
    seed: np.uint64,
    place: tuple[int, int, int],
    cells: NDArray[np.int32],
) -> None:
    first, before, rows = place
    sets = np.arange(first, first + len(cells), dtype=np.uint64) * np.uint64(rows)
    for i, edges in enumerate(cumulative):
        drawn = _uniforms(seed, sets + np.uint64(before + i)) * edges[-1]
        passed = np.searchsorted(edges, drawn, side="right")
        cells[:, i] = of_label[i, np.minimum(passed, last[i])]


def _uniforms(seed: np.uint64, positions: NDArray[np.uint64]) -> Floats:
    """Return what `label_draws.uniform_at` returns at each position."""
    z = seed + (positions + _ONE) * label_draws.STEP
    z = (z ^ (z >> label_draws.SHIFTS[0])) * label_draws.FIRST
    z = (z ^ (z >> label_draws.SHIFTS[1])) * label_draws.SECOND
    z ^= z >> label_draws.SHIFTS[2]
    return (z >> label_draws.SHIFTS[3]).astype(np.float64) * 2.0**-53
