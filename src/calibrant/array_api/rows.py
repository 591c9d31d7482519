"""Checked scores on their device, walked block by block so that what is computed beside them stays small.

No row is copied to the host, nothing is changed in place, and no shape depends on what the arrays hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from calibrant._typing import Floats, Kind
from calibrant.array_api.host import numbers
from calibrant.array_api.library import Library

SCORES_AT_ONCE = 1 << 19
"""Scores in a block. About nine arrays of this size live at once, 36 MiB of float64."""


@dataclass(frozen=True, eq=False)
class ArrayScores:
    """Scores (n, k) of one kind, in the float type they came in."""

    library: Library
    scores: Any
    kind: Kind

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.scores.shape[0])

    @property
    def k(self) -> int:
        """Number of classes."""
        return int(self.scores.shape[1])

    def spans(self) -> Iterator[tuple[int, int]]:
        """Return the first row and the end of each block."""
        size = max(1, SCORES_AT_ONCE // self.k)
        for start in range(0, self.n, size):
            yield start, min(start + size, self.n)

    def span(self, start: int, stop: int) -> Any:
        """Return rows start..stop-1 in the type of all arithmetic."""
        return self.library.xp.astype(self.scores[start:stop, :], self.library.floats, copy=False)

    def map(self, function: Callable[[Any], Any]) -> Any:
        """Return what `function` makes of each block (b, k), one after the other.

        Results are float64 for float64 scores, else float32.
        """
        xp = self.library.xp
        narrow = self.scores.dtype != xp.float64
        with np.errstate(over="ignore", invalid="ignore"):
            blocks = [function(self.span(*span)) for span in self.spans()]
        return xp.concat([xp.astype(block, xp.float32) if narrow else block for block in blocks], axis=0)


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows: scores (b, k), labels (b,), weight (b,), and whether each class is the label, (b, k)."""

    scores: Any
    labels: Any
    weight: Any
    is_label: Any


@dataclass(frozen=True, eq=False)
class ArrayRows(ArrayScores):
    """Scores with the labels (n,) and the weights (n,) of the rows, if they have any."""

    labels: Any
    weight: Any | None

    def sum(self, sums: Callable[[Block], Any]) -> Floats:
        """Add up the vectors that `sums` returns of all blocks, in block order and in float64.

        The vectors stay on a device that has float64, up to the last; others are added on the host, so that
        no count ever grows beyond what a float32 can hold.
        """
        total: Any = 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for _, block in self.blocks():
                part = sums(block)
                total = total + (part if self.library.is_wide else numbers(part))
        return numbers(total)

    def every(self, step: int) -> ArrayRows:
        """Return every `step`-th row."""
        weight = None if self.weight is None else self.weight[::step]
        return replace(self, scores=self.scores[::step, :], labels=self.labels[::step], weight=weight)

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """Return the first row of each block, and the block."""
        xp, device = self.library.xp, self.library.device
        for start, stop in self.spans():
            labels = self.labels[start:stop]
            classes = xp.arange(self.k, dtype=labels.dtype, device=device)
            if self.weight is None:
                weight = xp.ones(stop - start, dtype=self.library.floats, device=device)
            else:
                weight = self.weight[start:stop]
            is_label = classes[None, :] == labels[:, None]
            yield start, Block(self.span(start, stop), labels, weight, is_label)
