"""What an evaluation asks of the rows once it knows their sums: another look at each, whole or in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from calibrant._typing import Floats
from calibrant.analysis.class_draws import draw_cells, draw_classes, draw_hits, every, spacing_of
from calibrant.analysis.class_squared_error import GapWork
from calibrant.analysis.drawn_errors import ClassDraws, are_many_cells, draws_of_hits, draws_of_labels
from calibrant.engine import Engine, Part
from calibrant.metrics.bins import EMPTY_BINS, BinState, bin_classes, equal_width_edges
from calibrant.metrics.rows import Rows
from calibrant.predictions import Changed, Predictions, Table


class SecondLook(Protocol):
    """Rows that may be looked at again."""

    def draws(self, state: BinState, replicates: int, seed: int) -> ClassDraws:
        """Draw labels from the probabilities of all classes, whose bins are `state`, and measure them."""
        ...

    def total(self, work: GapWork) -> Floats:
        """Return the sum over rows of what `work` returns."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class AtRows:
    """Rows in memory."""

    rows: Rows

    def draws(self, state: BinState, replicates: int, seed: int) -> ClassDraws:
        """Draw from all at once."""
        return draw_classes(self.rows, state, replicates, seed)

    def total(self, work: GapWork) -> Floats:
        """Work on all at once."""
        return work(self.rows)


@dataclass(frozen=True, eq=False, slots=True)
class AtTable:
    """Rows in parts of known lengths: the same labels are drawn as from the rows in one."""

    table: Table
    lengths: tuple[int, ...]

    def draws(self, state: BinState, replicates: int, seed: int) -> ClassDraws:
        """Draw part by part."""
        of, bins = sum(self.lengths), state.sums.shape[1]
        spacing, many = spacing_of(of), are_many_cells(replicates, state)
        work = partial(
            _drawn, bins=bins, replicates=replicates, seed=seed, of=of, spacing=spacing, counted=not many
        )
        drawn = (part for part in self.table.engine.over_parts(work, tuple(self._placed())) if part)
        if many:
            return _of_labels(drawn, spacing)
        hits, seen = np.zeros((replicates, len(state.sums) * bins)), EMPTY_BINS
        for of_part in drawn:
            hits += of_part.hits
            seen = seen.merge(of_part.bins)
        return draws_of_hits(hits, seen, spacing)

    def total(self, work: GapWork) -> Floats:
        """Work on part after part."""
        return self.table.total(partial(_worked, work=work))

    def _placed(self) -> Iterator[Part[tuple[Predictions, int]]]:
        before = 0
        for part, length in zip(self.table.parts, self.lengths, strict=True):
            yield Changed(part, partial(_placed, before=before))
            before += length


def _placed(rows: Predictions, *, before: int) -> tuple[Predictions, int]:
    """Return the rows of a part, and how many come before it."""
    return rows, before


@dataclass(frozen=True, eq=False, slots=True)
class _Drawn:
    """What labels were drawn for the rows of a part: how many fall into each cell, and the rows' bins.

    Where cells are very many: the cell of each label, (R, n).
    """

    hits: NDArray[Any]
    bins: BinState


def _of_labels(drawn: Iterator[_Drawn], spacing: int) -> ClassDraws:
    cells, seen = [], EMPTY_BINS
    for of_part in drawn:
        cells.append(of_part.hits)
        seen = seen.merge(of_part.bins)
    return draws_of_labels(np.hstack(cells), seen, spacing)


def _drawn(
    placed: tuple[Predictions, int],
    engine: Engine,
    *,
    bins: int,
    replicates: int,
    seed: int,
    of: int,
    spacing: int,
    counted: bool,
) -> _Drawn | None:
    """Draw for those rows of a part that get labels; None where there are none."""
    predictions, before = placed
    first = -before % spacing
    if first >= predictions.n:
        return None
    rows = every(Rows(predictions, engine), spacing, first)
    hits = (draw_hits if counted else draw_cells)(
        rows, bins=bins, replicates=replicates, seed=seed, before=-(-before // spacing), of=-(-of // spacing)
    )
    return _Drawn(hits, bin_classes(rows, equal_width_edges(bins)))


def _worked(rows: Predictions, engine: Engine, *, work: GapWork) -> Floats:
    return work(Rows(rows, engine))
