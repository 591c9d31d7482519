"""Exact order statistics of rows in parts: passes that count rows in ever finer cells around what is wanted.

No part is sorted and nothing grows with the rows. Which order statistics are wanted is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.engine import Engine
from calibrant.predictions import Derived

Keys = NDArray[np.uint64]

C = TypeVar("C")

Column = Callable[[C, int], tuple[Floats, Floats]]
"""`column(part, index)`: the values of a column of a part, and their weights, the empty array for 1.

A function of a module, or `functools.partial` of one, so that it reaches other processes."""

_CELLS = 2**21
_CELLS_PER_ROW = 4
_FEWEST_CELLS = 2**12
_SIGN = np.uint64(1 << 63)
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False, slots=True)
class ColumnLook:
    """A first look at several columns.

    Attributes
    ----------
    n : int
        Rows of all columns together.
    weight : float64 array, (c,)
        Summed weight of each.
    least, most : uint64 array, (c,)
        Keys of the least and the greatest value that weighs more than 0.
    """

    n: int
    weight: Floats
    least: Keys
    most: Keys

    def merge(self, other: ColumnLook) -> ColumnLook:
        """Return the look at both sets of rows."""
        return ColumnLook(
            self.n + other.n,
            self.weight + other.weight,
            np.minimum(self.least, other.least),
            np.maximum(self.most, other.most),
        )


def look_at(parts: Derived[C], column: Column[C], count: int) -> ColumnLook:
    """Return the weight and the range of each of `count` columns, in one pass."""
    return parts.merged(partial(_look, column=column, count=count))


def equal_shares(weight: float, bins: int) -> Floats:
    """Return the cumulative weights j W / m at which m bins of equal weight end, a rounding lower."""
    return np.arange(1, bins + 1, dtype=np.float64) * (weight / bins) * (1 - _ROUNDING)


def equal_mass_ends(
    parts: Derived[C], column: Column[C], look: ColumnLook, counts: Sequence[int]
) -> list[Floats]:
    """Return, for each column, the upper ends of at most so many bins of equal weight, equal ones merged.

    They are those of `metrics.bins.equal_mass_edges`; a column without weight has none.
    """
    targets = [
        equal_shares(weight, count) if weight > 0 else np.empty(0)
        for weight, count in zip(look.weight.tolist(), counts, strict=True)
    ]
    return [np.unique(values) for values in reached_values(parts, column, look, targets)]


def reached_values(
    parts: Derived[C], column: Column[C], look: ColumnLook, targets: Sequence[Floats]
) -> list[Floats]:
    """Return, for each column, the smallest values whose cumulative weights reach the targets.

    Parameters
    ----------
    parts : Derived
        Where the columns are.
    column : callable
        What a column of a part is.
    look : ColumnLook
        What `look_at` said of them.
    targets : sequence of float64 array
        For each column cumulative weights, above 0, none for a column without weight. One beyond the weight
        of all rows counts as reached by the greatest value.

    Returns
    -------
    list of float64 array
        As many values as targets.

    Notes
    -----
    Values are counted by their bits, which in the right reading are whole numbers in the same order. Every
    pass cuts the cells in which a wanted value lies into as many equal ones as 16 MB of counts allow, or
    fewer where rows are few: about three passes for one column of many rows, six for a thousand.
    """
    searches = [
        _Search(index, wanted, int(low), int(high) - int(low) + 1)
        for index, (wanted, low, high) in enumerate(zip(targets, look.least, look.most, strict=True))
        if len(wanted)
    ]
    most = min(_CELLS, max(_FEWEST_CELLS, _CELLS_PER_ROW * look.n))
    while open_searches := [search for search in searches if search.range > 1]:
        cells = most // sum(len(search.starts) for search in open_searches)
        cuts = [search.cut(max(2, cells)) for search in open_searches]
        counts = parts.total(partial(_counts, column=column, cuts=cuts))
        ends = np.cumsum([cut.size for cut in cuts])[:-1]
        for search, cut, counted in zip(open_searches, cuts, np.split(counts, ends), strict=True):
            search.narrow(cut, counted)
    found: list[Floats] = [np.empty(0)] * len(targets)
    for search in searches:
        found[search.column] = _values(search.places)
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _Cut:
    """Cells of a column, each cut into `pieces` of `width` keys."""

    column: int
    starts: Keys
    range: int
    width: int
    pieces: int

    @property
    def size(self) -> int:
        return len(self.starts) * self.pieces

    def counts(self, values: Floats, weight: Floats) -> Floats:
        """Return the weight in every piece of every cell."""
        keys = _keys(values)
        cell = np.maximum(np.searchsorted(self.starts, keys, side="right") - 1, 0)
        offset = keys - self.starts[cell]
        inside = offset < np.uint64(self.range)
        piece = (offset[inside] // np.uint64(self.width)).astype(np.int64)
        at = cell[inside] * self.pieces + piece
        weights = weight[inside] if weight.size else None
        return np.bincount(at, weights, minlength=self.size).astype(np.float64)


class _Search:
    """What is known of the values of one column that are looked for.

    Attributes
    ----------
    column : int
        Which column.
    places : uint64 array, (t,)
        First key of the cell in which each value lies.
    range : int
        How many keys a cell has.
    """

    def __init__(self, column: int, targets: Floats, least: int, keys: int) -> None:
        self.column, self.range = column, keys
        self.places: Keys = np.full(len(targets), least, np.uint64)
        self._targets, self._below = targets, np.zeros(len(targets))

    @property
    def starts(self) -> Keys:
        """The cells, ascending."""
        return np.unique(self.places)

    def cut(self, pieces: int) -> _Cut:
        width = -(-self.range // pieces)
        return _Cut(self.column, self.starts, self.range, width, -(-self.range // width))

    def narrow(self, cut: _Cut, counts: Floats) -> None:
        """Go into the piece of its cell in which each value lies."""
        cells = np.searchsorted(cut.starts, self.places)
        for cell, weights in enumerate(counts.reshape(len(cut.starts), cut.pieces)):
            inside = np.flatnonzero(cells == cell)
            before = self._below[inside[0]]
            cumulative = before + np.cumsum(weights)
            last = int(np.flatnonzero(weights)[-1])
            piece = np.minimum(np.searchsorted(cumulative, self._targets[inside], side="left"), last)
            self._below[inside] = np.where(piece > 0, cumulative[piece - 1], before)
            self.places[inside] += piece.astype(np.uint64) * np.uint64(cut.width)
        self.range = cut.width


def _look(part: C, engine: Engine, *, column: Column[C], count: int) -> ColumnLook:
    rows, weights = 0, np.zeros(count)
    least, most = np.full(count, ~np.uint64(0)), np.zeros(count, np.uint64)
    for index in range(count):
        values, weight = column(part, index)
        keys = _keys(values[weight > 0] if weight.size else values)
        rows += len(values)
        weights[index] = weight.sum() if weight.size else len(values)
        if len(keys):
            least[index], most[index] = keys.min(), keys.max()
    return ColumnLook(rows, weights, least, most)


def _counts(part: C, engine: Engine, *, column: Column[C], cuts: Sequence[_Cut]) -> Floats:
    return np.concatenate([cut.counts(*column(part, cut.column)) for cut in cuts])


def _keys(values: Floats) -> Keys:
    """Return whole numbers in the order of the values; -0 and 0 have one."""
    bits = np.ascontiguousarray(values + 0.0).view(np.uint64)
    return np.where(bits >= _SIGN, ~bits, bits | _SIGN)


def _values(keys: Keys) -> Floats:
    """Return the values that have these keys."""
    return np.where(keys >= _SIGN, keys ^ _SIGN, ~keys).view(np.float64)
