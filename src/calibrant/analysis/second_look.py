"""What an evaluation asks of the rows once it knows their sums: another look at each, whole or in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from calibrant._typing import Floats
from calibrant.analysis.class_draws import ClassDraws, draw_classes, draw_hits, draws_of_hits
from calibrant.analysis.class_squared_error import GapWork
from calibrant.engine import Engine, Part
from calibrant.metrics.bins import BinState
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
        work = partial(_hits, bins=bins, replicates=replicates, seed=seed, of=of)
        hits = np.zeros((replicates, len(state.sums) * bins))
        for of_part in self.table.engine.over_parts(work, tuple(self._placed())):
            hits += of_part
        return draws_of_hits(hits, state)

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


def _hits(
    placed: tuple[Predictions, int], engine: Engine, *, bins: int, replicates: int, seed: int, of: int
) -> Floats:
    rows, before = placed
    return draw_hits(Rows(rows, engine), bins=bins, replicates=replicates, seed=seed, before=before, of=of)


def _worked(rows: Predictions, engine: Engine, *, work: GapWork) -> Floats:
    return work(Rows(rows, engine))
